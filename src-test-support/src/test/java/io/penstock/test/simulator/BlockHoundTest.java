package io.penstock.test.simulator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;

/** Check that BlockHound is active; without it the other tests prove nothing about blocking. */
class BlockHoundTest {

    @Test
    void failsSleepOnTimerThread() {
        Mono<String> blocking = Mono.delay(Duration.ofMillis(1)).map(tick -> {
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "slept";
        });
        assertThatThrownBy(blocking::block).hasCauseInstanceOf(BlockingOperationError.class);
    }
}
