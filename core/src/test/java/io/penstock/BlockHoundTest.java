package io.penstock;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;

/** Checks that BlockHound is installed. If it is not, no other test detects a blocking call. */
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
