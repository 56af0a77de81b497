package io.penstock.body;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Reads on event loops, which must not wait while another thread builds the reader of a type. */
class JsonCodecThreadsTest {

    private static final CountDownLatch BEGUN = new CountDownLatch(1);
    private static final CountDownLatch GO_ON = new CountDownLatch(1);

    record Scan(String id) {}

    /** A type whose first use lasts until the test releases it. */
    enum Slow {
        ONE;

        static {
            BEGUN.countDown();
            await(GO_ON);
        }
    }

    private final JsonCodec codec = new JsonCodec(1 << 20);

    @Test
    void readsOnEventLoopWhileOtherThreadBuildsReader() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> slow = other.submit(() -> read(Payload.json(Slow.class), "\"ONE\""));
            await(BEGUN);
            List<Object> read = Mono.fromCallable(() -> List.of(
                            read(Payload.tree(), "{\"a\":[1]}"),
                            read(Payload.json(Scan.class), "{\"id\":\"a\"}"),
                            read(Payload.page(Scan.class, List.of(), List.of()), "[{\"id\":\"b\"}]"),
                            errorTree("{\"message\":\"no\"}")))
                    .subscribeOn(Schedulers.parallel())
                    .block(Duration.ofSeconds(30));
            assertThat(read).hasSize(4).contains(new Scan("a"));
            assertThat(slow.isDone()).isFalse();
            GO_ON.countDown();
            assertThat((Object) slow.get(30, TimeUnit.SECONDS)).isEqualTo(Slow.ONE);
        } finally {
            GO_ON.countDown();
            other.shutdownNow();
        }
    }

    private Object read(Payload<?> payload, String json) throws MalformedBody {
        ByteBuf body = Unpooled.copiedBuffer(json, StandardCharsets.UTF_8);
        try {
            return codec.read(payload, body);
        } finally {
            body.release();
        }
    }

    private Object errorTree(String json) {
        ByteBuf body = Unpooled.copiedBuffer(json, StandardCharsets.UTF_8);
        try {
            return codec.tree(body);
        } finally {
            body.release();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
