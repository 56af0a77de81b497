package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;

class BlockHoundTest {

    @Test
    void watchesTestsOfThisModule() {
        Mono<Long> sleeping = Mono.delay(Duration.ofMillis(1)).doOnNext(tick -> sleep());

        assertThatThrownBy(sleeping::block).hasRootCauseInstanceOf(BlockingOperationError.class);
    }

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
