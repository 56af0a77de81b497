package io.penstock.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class TimerBlockHoundIntegrationTest {

    private static final int THREADS = 4;
    private static final int TIMERS = 20_000;

    @Test
    void cancelsTimersOnThreadsThatMustNotBlock() {
        Scheduler timer = Schedulers.newSingle("timer", true);
        Scheduler loops = Schedulers.newParallel("loops", THREADS, true);
        try {
            Long cancelled = Flux.range(0, THREADS)
                    .flatMap(thread -> Mono.fromCallable(() -> {
                                int count = 0;
                                for (int i = 0; i < TIMERS; i++) {
                                    timer.schedule(() -> {}, 1, TimeUnit.HOURS).dispose();
                                    count++;
                                }
                                return count;
                            })
                            .subscribeOn(loops))
                    .reduce(0L, Long::sum)
                    .block(Duration.ofSeconds(60));

            assertThat(cancelled).isEqualTo((long) THREADS * TIMERS);
        } finally {
            timer.dispose();
            loops.dispose();
        }
    }
}
