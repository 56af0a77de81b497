package io.penstock.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.json.JsonMapper;

class JacksonBlockHoundIntegrationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final CountDownLatch MAKING = new CountDownLatch(1);
    private static final CountDownLatch MADE = new CountDownLatch(1);

    @JsonDeserialize(using = SlowlyMade.class)
    private record Slow() {}

    private record Quick(String name) {}

    /** A deserializer whose creation lasts until the test has seen another thread wait for it. */
    static final class SlowlyMade extends ValueDeserializer<Slow> {

        SlowlyMade() throws InterruptedException {
            MAKING.countDown();
            if (!MADE.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("nothing has waited");
            }
        }

        @Override
        public Slow deserialize(JsonParser parser, DeserializationContext context) {
            parser.skipChildren();
            return new Slow();
        }
    }

    private static boolean isWaiting(@Nullable Thread thread) {
        return thread != null && thread.getState() == Thread.State.WAITING;
    }

    @Test
    void letsEventLoopWaitWhileAnotherPreparesItsType() throws InterruptedException {
        JsonMapper mapper = JsonMapper.builder().build();
        Thread first = new Thread(() -> mapper.readValue("{}", Slow.class), "first");
        first.start();
        assertThat(MAKING.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        AtomicReference<Thread> loop = new AtomicReference<>();

        Mono<Quick> second = Mono.fromCallable(() -> {
                    loop.set(Thread.currentThread());
                    return mapper.readValue("{\"name\":\"x\"}", Quick.class);
                })
                .subscribeOn(Schedulers.parallel());
        var result = second.toFuture();
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (!result.isDone() && !isWaiting(loop.get())) {
            assertThat(System.nanoTime()).as("limit").isLessThan(limit);
            Thread.onSpinWait();
        }
        MADE.countDown();
        first.join(PATIENCE.toMillis());

        assertThat(result).succeedsWithin(PATIENCE).isEqualTo(new Quick("x"));
    }
}
