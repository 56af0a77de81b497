package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class BufferLeaksTest {

    @Test
    void aDroppedBufferIsFound() {
        BufferLeaks leaks = BufferLeaks.watch();

        for (int i = 0; i < 100; i++) {
            PooledByteBufAllocator.DEFAULT.buffer(64);
        }

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(leaks.found()).isNotEmpty());
    }

    @Test
    void aReleasedBufferIsNone() {
        BufferLeaks.watch().found(); // what other tests dropped
        BufferLeaks leaks = BufferLeaks.watch();

        for (int i = 0; i < 100; i++) {
            PooledByteBufAllocator.DEFAULT.buffer(64).release();
        }

        assertThat(leaks.found()).isEmpty();
    }
}
