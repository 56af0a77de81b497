package io.penstock.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class TimerBlockHoundIntegrationTest {

    private static final int QUEUED = 50_000;
    private static final int CANCELLED = 500;

    /** Another thread copies a long queue again and again, and has its lock meanwhile. */
    @Test
    void cancelsTimersOnThreadThatMustNotBlock() throws InterruptedException {
        ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
        timers.setRemoveOnCancelPolicy(true);
        Scheduler loop = Schedulers.newParallel("loop", 1, true);
        AtomicBoolean over = new AtomicBoolean();
        Thread copying = new Thread(() -> {
            while (!over.get()) {
                assertThat(timers.getQueue().toArray()).isNotEmpty();
            }
        });
        try {
            for (int i = 0; i < QUEUED; i++) {
                ScheduledFuture<?> waiting = timers.schedule(() -> {}, 1, TimeUnit.HOURS);
                assertThat(waiting.isDone()).isFalse();
            }
            copying.start();

            Integer cancelled = Mono.fromCallable(() -> {
                        int count = 0;
                        for (int i = 0; i < CANCELLED; i++) {
                            count +=
                                    timers.schedule(() -> {}, 1, TimeUnit.HOURS).cancel(false) ? 1 : 0;
                        }
                        return count;
                    })
                    .subscribeOn(loop)
                    .block(Duration.ofSeconds(60));

            assertThat(cancelled).isEqualTo(CANCELLED);
        } finally {
            over.set(true);
            copying.join();
            timers.shutdownNow();
            loop.dispose();
        }
    }
}
