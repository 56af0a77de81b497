package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@Tag("slow")
class NettyBlockHoundIntegrationTest {

    private static final int LANES = 16;

    @Test
    void letsManyThreadsAllocateAtOnce() {
        Scheduler threads = Schedulers.newParallel("allocating", LANES);
        try {
            Flux<Integer> allocating = Flux.range(0, 300).concatMap(round -> {
                AdaptiveByteBufAllocator allocator = new AdaptiveByteBufAllocator(true);
                return Flux.range(0, LANES)
                        .flatMap(lane -> Flux.range(0, 60).publishOn(threads).doOnNext(i -> {
                            ByteBuf buffer = allocator.directBuffer(1_000 * (i % 7 + 1));
                            buffer.release();
                        }));
            });

            assertThatCode(() -> allocating.blockLast(Duration.ofMinutes(1))).doesNotThrowAnyException();
        } finally {
            threads.dispose();
        }
    }
}
