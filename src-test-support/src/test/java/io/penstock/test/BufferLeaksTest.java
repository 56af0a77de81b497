package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class BufferLeaksTest {

    @Test
    void aDroppedBufferIsFound() {
        BufferLeaks leaks = BufferLeaks.watch();

        for (int i = 0; i < 100; i++) {
            PooledByteBufAllocator.DEFAULT.buffer(64);
        }

        assertThat(leaks.found()).isNotEmpty();
    }

    @Test
    void aWatchWithinAWatchHidesNothingFromIt() {
        BufferLeaks outer = BufferLeaks.watch();
        BufferLeaks inner = BufferLeaks.watch();

        for (int i = 0; i < 100; i++) {
            PooledByteBufAllocator.DEFAULT.buffer(64);
        }

        assertThat(inner.found()).isNotEmpty();
        assertThat(outer.found()).isNotEmpty();
        assertThat(BufferLeaks.watch().found()).isEmpty();
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
