package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

@Tag("slow")
class VirtualTimeIntegrationTest {

    @Test
    void letsTimerThreadsScheduleWhileTheTestMovesTheClock() throws InterruptedException {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        AtomicBoolean done = new AtomicBoolean();
        Thread mover = new Thread(() -> {
            while (!done.get()) {
                clock.advanceTimeBy(Duration.ofMillis(1));
            }
        });
        mover.start();
        try {
            Flux<Integer> scheduling = Flux.range(0, 4)
                    .flatMap(lane -> Flux.range(0, 50_000)
                            .publishOn(Schedulers.parallel())
                            .doOnNext(i -> clock.schedule(() -> {}, 1, TimeUnit.MICROSECONDS)));

            assertThatCode(scheduling::blockLast).doesNotThrowAnyException();
        } finally {
            done.set(true);
            mover.join();
        }
    }
}
