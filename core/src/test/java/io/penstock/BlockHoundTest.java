package io.penstock;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;

/** The other tests say nothing about blocking if this one fails. */
class BlockHoundTest {

    @Test
    void detectsSleepOnTimerThread() {
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
