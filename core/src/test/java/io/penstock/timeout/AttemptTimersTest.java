package io.penstock.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ForwardingScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

class AttemptTimersTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AttemptTimers timers = new AttemptTimers(time);

    private class Watched implements AttemptTimers.Timed {
        private final long expiresAtNanos;
        private final List<Long> expiredAtMillis = new ArrayList<>();
        private AttemptTimers watchedBy = timers;
        private int slot = -1;

        Watched(Duration in) {
            this.expiresAtNanos = time.now(TimeUnit.NANOSECONDS) + in.toNanos();
        }

        Watched begin() {
            return begin(timers);
        }

        Watched begin(AttemptTimers by) {
            watchedBy = by;
            slot = by.add(this);
            return this;
        }

        void end() {
            watchedBy.remove(slot, this);
        }

        @Override
        public void tick(long nowNanos, AttemptTimers.Watch watch) {
            if (expiresAtNanos - nowNanos <= 0) {
                expire();
            }
        }

        void expire() {
            expiredAtMillis.add(time.now(TimeUnit.MILLISECONDS));
            end();
        }
    }

    @Test
    void ticksAgainAfterSchedulerRefusedTick() {
        boolean[] full = new boolean[1];
        Scheduler sometimesFull = new ForwardingScheduler(time) {
            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                if (full[0]) {
                    throw new RejectedExecutionException("full");
                }
                return super.schedule(task, delay, unit);
            }
        };
        AttemptTimers watching = new AttemptTimers(sometimesFull);
        Watched first = new Watched(Duration.ofMillis(50)).begin(watching);

        full[0] = true;
        time.advanceTimeBy(Duration.ofMillis(20));
        full[0] = false;
        int slot = watching.add((now, watch) -> {});
        time.advanceTimeBy(Duration.ofMillis(60));

        assertThat(first.expiredAtMillis).hasSize(1);
        assertThat(slot).isNotNegative();
    }

    @Test
    void watchesNextOperationInSlotFromItsOwnFirstTick() {
        List<Long> pauses = new ArrayList<>();
        AttemptTimers.Timed first = (now, watch) -> watch.sees(7, now);
        AttemptTimers.Timed second = (now, watch) -> pauses.add(watch.sees(7, now) ? -1 : watch.pauseNanos(now));
        int slot = timers.add(first);
        time.advanceTimeBy(Duration.ofMillis(50));
        timers.remove(slot, first);
        int again = timers.add(second);
        while (again != slot) { // no tick comes between: the slot's watch still belongs to the first
            timers.remove(again, second);
            again = timers.add(second);
        }

        time.advanceTimeBy(Duration.ofMillis(2 * AttemptTimers.TICK_MILLIS));

        assertThat(pauses)
                .containsExactly(
                        -1L, Duration.ofMillis(AttemptTimers.TICK_MILLIS).toNanos());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 9, 10, 11, 25, 999, 5_000, 61_234})
    void expiresAtMostOneTickLateAndNeverEarly(long millis) {
        Watched watched = new Watched(Duration.ofMillis(millis)).begin();

        time.advanceTimeBy(Duration.ofMillis(millis).minusNanos(1));
        assertThat(watched.expiredAtMillis).isEmpty();
        time.advanceTimeBy(Duration.ofMillis(AttemptTimers.TICK_MILLIS));

        assertThat(watched.expiredAtMillis)
                .singleElement()
                .satisfies(at -> assertThat(at).isBetween(millis, millis + AttemptTimers.TICK_MILLIS));
    }

    @Test
    void expiresNothingThatWasRemoved() {
        Watched watched = new Watched(Duration.ofMillis(50)).begin();
        watched.end();

        time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(watched.expiredAtMillis).isEmpty();
    }

    @Test
    void stopsTickingAfterIdleSecondAndStartsAgain() {
        new Watched(Duration.ofMillis(5)).begin();
        time.advanceTimeBy(Duration.ofMillis(900));
        assertThat(time.getScheduledTaskCount()).isGreaterThan(0);
        time.advanceTimeBy(Duration.ofMillis(200));

        long before = time.getScheduledTaskCount();
        time.advanceTimeBy(Duration.ofHours(1));
        assertThat(time.getScheduledTaskCount()).as("tasks left").isEqualTo(before);

        Watched second = new Watched(Duration.ofMillis(5)).begin();
        time.advanceTimeBy(Duration.ofMillis(20));
        assertThat(second.expiredAtMillis).hasSize(1);
    }

    @Test
    void expiresMoreAttemptsThanThereAreSlots() {
        List<Watched> all = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            all.add(new Watched(Duration.ofMillis(100)).begin());
        }

        time.advanceTimeBy(Duration.ofMillis(110));

        assertThat(all).allSatisfy(w -> assertThat(w.expiredAtMillis).hasSize(1));
    }

    @Test
    void expiresAttemptAfterManyHaveEnded() {
        for (int round = 0; round < 20; round++) {
            List<Watched> all = new ArrayList<>();
            for (int i = 0; i < 900; i++) {
                all.add(new Watched(Duration.ofSeconds(1)).begin());
            }
            all.forEach(Watched::end);
        }
        Watched last = new Watched(Duration.ofMillis(10)).begin();
        time.advanceTimeBy(Duration.ofMillis(20));

        assertThat(last.expiredAtMillis).hasSize(1);
    }

    @Test
    void keepsTickingWhenOneThrowsOnExpiry() {
        Watched broken = new Watched(Duration.ofMillis(10)) {
            @Override
            void expire() {
                super.expire();
                throw new IllegalStateException("a subscriber that breaks the rules");
            }
        }.begin();
        Watched other = new Watched(Duration.ofMillis(200)).begin();

        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            time.advanceTimeBy(Duration.ofMillis(300));
        } finally {
            Hooks.resetOnErrorDropped();
        }

        assertThat(dropped).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(broken.expiredAtMillis).hasSize(1);
        assertThat(other.expiredAtMillis).hasSize(1);
    }
}
