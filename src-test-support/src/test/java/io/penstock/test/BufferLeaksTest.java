package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.Test;

class BufferLeaksTest {

    @Test
    void findsDroppedBuffer() {
        BufferLeaks leaks = BufferLeaks.watch();

        for (int i = 0; i < 100; i++) {
            PooledByteBufAllocator.DEFAULT.buffer(64);
        }

        assertThat(leaks.found()).isNotEmpty();
    }

    @Test
    void reportsDroppedBufferToNestedWatches() {
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
    void ignoresReleasedBuffer() {
        BufferLeaks.watch().found(); // drops of other tests
        BufferLeaks leaks = BufferLeaks.watch();

        for (int i = 0; i < 100; i++) {
            PooledByteBufAllocator.DEFAULT.buffer(64).release();
        }

        assertThat(leaks.found()).isEmpty();
    }

    @Test
    void refusesToWatchWithoutLeakDetection() {
        ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        try {
            assertThatThrownBy(BufferLeaks::watch)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("io.netty.leakDetection.level: DISABLED (expected: paranoid");
        } finally {
            ResourceLeakDetector.setLevel(before);
        }
    }
}
