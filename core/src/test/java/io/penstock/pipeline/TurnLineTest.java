package io.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.request.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

class TurnLineTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<String> ends = new ArrayList<>();
    private final Meter meter = new Meter();
    private final TurnLine line = new TurnLine(meter, 50);

    /** A meter that grants one turn per unit; units return only when the test brings them. */
    private static final class Meter implements TurnLine.Meter {
        int units;
        long nextIn = Long.MAX_VALUE;

        @Override
        public long take(TurnLine.Turn turn, long now) {
            if (units == 0) {
                return nextIn;
            }
            units--;
            return 0;
        }

        @Override
        public void unused(TurnLine.Turn turn) {
            units++;
        }
    }

    private class Turn extends TurnLine.Turn {
        final String name;

        Turn(String name, Call call) {
            super(call);
            this.name = name;
        }

        @Override
        protected void go() {
            ends.add(name);
        }

        @Override
        protected void expire() {
            ends.add(name + " late");
        }

        @Override
        protected void turnAway(Failure why) {
            ends.add(name + " " + why.kind());
        }
    }

    private Turn turn(String name) {
        return turn(name, Duration.ofMinutes(1));
    }

    private Turn turn(String name, Duration deadline) {
        return new Turn(name, Call.start(Plans.within(deadline), time));
    }

    private Turn nested(String name) {
        Plan plan = Plans.get();
        return new Turn(name, Call.start(plan, time, plan.timeoutNanos(), false, true));
    }

    private void bring(int units) {
        meter.units += units;
        line.drainIfOccupied();
    }

    @Test
    void servesTurnsInOrderOfArrival() {
        for (String name : List.of("a", "b", "c")) {
            assertThat(line.enter(turn(name))).isTrue();
        }
        bring(2);
        assertThat(ends).containsExactly("a", "b");
        bring(1);

        assertThat(ends).containsExactly("a", "b", "c");
        assertThat(line.waiting()).isZero();
    }

    @Test
    void servesNestedTurnsFirst() {
        line.enter(turn("a"));
        line.enter(nested("nested"));
        bring(2);

        assertThat(ends).containsExactly("nested", "a");
    }

    @Test
    void asksMeterAgainWhenAnnounced() {
        meter.nextIn = Duration.ofMillis(300).toNanos();
        line.enter(turn("a"));
        meter.units = 1;
        time.advanceTimeBy(Duration.ofMillis(299));
        assertThat(ends).isEmpty();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(ends).containsExactly("a");
    }

    @Test
    void expiresEachTurnAtItsDeadline() {
        line.enter(turn("long", Duration.ofSeconds(10)));
        line.enter(turn("short", Duration.ofSeconds(1)));
        time.advanceTimeBy(Duration.ofSeconds(1).minusNanos(1));
        assertThat(ends).isEmpty();
        time.advanceTimeBy(Duration.ofNanos(1));
        assertThat(ends).containsExactly("short late");
        time.advanceTimeBy(Duration.ofSeconds(9));

        assertThat(ends).containsExactly("short late", "long late");
        assertThat(line.isOccupied()).isFalse();
    }

    @Test
    void keepsOneTimerForAllTurnsAndNoneAfterwards() {
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            turns.add(turn("t" + i, Duration.ofSeconds(1 + i)));
            line.enter(turns.get(i));
        }
        assertThat(time.getScheduledTaskCount()).isLessThanOrEqualTo(2);
        turns.forEach(line::leave);
        time.advanceTimeBy(Duration.ofMillis(1));
        long after = time.getScheduledTaskCount();
        time.advanceTimeBy(Duration.ofMinutes(2));

        assertThat(after).isEqualTo(time.getScheduledTaskCount());
        assertThat(ends).isEmpty();
    }

    @Test
    void refusesTurnBeyondCapacityUnlessNested() {
        for (int i = 0; i < 50; i++) {
            assertThat(line.enter(turn("t" + i))).isTrue();
        }
        assertThat(line.enter(turn("one more"))).isFalse();
        assertThat(line.enter(nested("nested"))).isTrue();
        assertThat(line.waiting()).isEqualTo(51);
    }

    @Test
    void freesPlaceOfLeavingTurn() {
        Turn first = turn("a");
        line.enter(first);
        line.enter(turn("b"));
        assertThat(line.leave(first)).isTrue();
        assertThat(line.leave(first)).isFalse();
        assertThat(line.waiting()).isEqualTo(1);
        bring(1);

        assertThat(ends).containsExactly("b");
        assertThat(meter.units).isZero();
    }

    @Test
    void failsCurrentAndFutureTurnsWhenClosed() {
        line.enter(turn("a"));
        line.close(Turns.closed());
        line.enter(turn("b"));

        assertThat(ends).containsExactly("a CLIENT_CLOSED", "b CLIENT_CLOSED");
        assertThat(line.waiting()).isZero();
        assertThatObject(Turns.closed().kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
    }

    /** In any order of events, each turn ends once, turns go in order, and every counter returns to its start. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void endsEachTurnOnceUnderAnyOrderOfEvents(long offset) {
        long seed = Long.getLong("penstock.seed", System.nanoTime()) + offset;
        Random random = new Random(seed);
        List<Turn> waiting = new ArrayList<>();
        int entered = 0;
        int left = 0;
        int brought = 0;
        meter.nextIn = Duration.ofMillis(20).toNanos();
        for (int step = 0; step < 5_000; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    Turn turn = turn(String.valueOf(entered), Duration.ofMillis(1 + random.nextInt(300)));
                    if (line.enter(turn)) {
                        entered++;
                        waiting.add(turn);
                    }
                }
                case 2 -> {
                    if (!waiting.isEmpty() && line.leave(waiting.remove(random.nextInt(waiting.size())))) {
                        left++;
                    }
                }
                case 3 -> {
                    bring(1);
                    brought++;
                }
                default -> time.advanceTimeBy(Duration.ofMillis(random.nextInt(50)));
            }
        }
        time.advanceTimeBy(Duration.ofSeconds(1));

        List<Integer> gone = ends.stream()
                .filter(e -> !e.endsWith("late"))
                .map(Integer::valueOf)
                .toList();
        assertThat(ends).as("seed %d", seed).doesNotHaveDuplicates().hasSize(entered - left);
        assertThat(gone).as("seed %d", seed).isSorted();
        assertThat(gone.size() + meter.units).as("seed %d", seed).isEqualTo(brought);
        assertThat(line.waiting()).as("seed %d", seed).isZero();
    }

    @Test
    void resumesOnSchedulerWithoutEventLoop() {
        List<String> ran = new ArrayList<>();
        assertThat(Turns.resume(null, time, () -> ran.add("ran"))).isNull();
        assertThat(ran).containsExactly("ran");

        Disposable closed = time;
        closed.dispose();
        assertThat(Turns.resume(null, time, () -> {})).isNotNull();
    }

    @Test
    void keepsCountWhenRefusedTurnIsCancelled() {
        for (int i = 0; i < 50; i++) {
            line.enter(turn("t" + i));
        }
        Turn refused = turn("refused");
        assertThat(line.enter(refused)).isFalse();
        assertThat(line.leave(refused)).isFalse();
        assertThat(line.waiting()).isEqualTo(50);

        line.enter(nested("nested"));
        Turn gone = turn("gone before it came");
        line.leave(gone);
        assertThat(line.enter(gone)).isFalse();
        assertThat(line.waiting()).isEqualTo(51);
    }

    @Test
    void servesOthersAfterFatalErrorOfSubscriber() {
        Turn broken = new Turn("broken", Call.start(Plans.get(), time)) {
            @Override
            protected void go() {
                throw new NoClassDefFoundError("a class of the caller's");
            }
        };
        line.enter(broken);
        line.enter(turn("a"));
        assertThatThrownBy(() -> bring(1)).isInstanceOf(NoClassDefFoundError.class);
        bring(1);

        assertThat(ends).containsExactly("a");
        assertThat(line.waiting()).isZero();
    }
}
