package io.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class StreamedBodyTest {

    private final List<Throwable> dropped = new ArrayList<>();
    private final Attempt call = Call.start(Plans.get(), Schedulers.immediate()).attempt(1);

    /** A reader that opens with the head and emits every part as text. */
    private static final class Texts implements BodyReader {
        @Override
        public boolean opensWithHead() {
            return true;
        }

        @Override
        public void read(ByteBuf part, Consumer<Object> elements) {
            elements.accept(part.toString(StandardCharsets.UTF_8));
        }

        @Override
        public void end(Consumer<Object> elements) {
            // nothing is left to hand on
        }
    }

    @BeforeEach
    void listenToWhatIsDropped() {
        Hooks.onErrorDropped(dropped::add);
    }

    @AfterEach
    void listenNoMore() {
        Hooks.resetOnErrorDropped();
    }

    private static ByteBuf part(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    @Test
    void notifiesEveryListenerThoughOneThrows() {
        Mono<Reply> opening = StreamedBody.of(
                call, new ResponseHead(200, Headers.none()), new Texts(), Flux.just(part("a"), part("b")));
        List<String> told = new ArrayList<>();
        List<Object> elements = new ArrayList<>();

        opening.subscribe(reply -> {
            StreamedBody body = Objects.requireNonNull(reply.streamed(), "body");
            body.whenOver(failure -> {
                throw new IllegalStateException("a listener's own mistake");
            });
            body.whenOver(failure -> told.add("over"));
            body.subscribe(elements::add, e -> told.add(e.toString()), () -> told.add("complete"));
        });

        assertThat(elements).containsExactly("a", "b");
        assertThat(told).containsExactly("over", "complete");
        assertThat(dropped).singleElement().isInstanceOf(IllegalStateException.class);
    }

    /** A subscriber that throws on an error. */
    private static final class Throwing implements CoreSubscriber<Object> {
        @Override
        public void onSubscribe(Subscription s) {
            s.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Object element) {
            // not wanted
        }

        @Override
        public void onError(Throwable error) {
            throw new IllegalStateException("a subscriber's own mistake", error);
        }

        @Override
        public void onComplete() {
            // nothing to do
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closesConnectionThoughSubscriberThrows(boolean atOnce) {
        AtomicInteger closed = new AtomicInteger();
        List<StreamedBody> bodies = new ArrayList<>();
        ApiException late = ApiException.invalidRequest("too late");
        StreamedBody.of(
                        call,
                        new ResponseHead(200, Headers.none()),
                        new Texts(),
                        Flux.<ByteBuf>never().doOnCancel(closed::incrementAndGet))
                .subscribe(reply -> bodies.add(Objects.requireNonNull(reply.streamed(), "body")));
        StreamedBody body = bodies.get(0);
        body.subscribe(new Throwing());

        assertThatThrownBy(() -> {
                    if (atOnce) {
                        body.cutOff(late);
                    } else {
                        body.fail(late);
                    }
                })
                .hasMessage("a subscriber's own mistake");

        assertThat(closed).hasValue(1);
    }

    @Test
    void emitsTypedErrorThoughErrorMapperThrows() {
        List<Throwable> errors = new ArrayList<>();

        Flux.from(StreamedBody.opening(
                        call,
                        new ResponseHead(200, Headers.none()),
                        new Texts(),
                        e -> {
                            throw new IllegalStateException("no name", e);
                        },
                        Runnable::run,
                        Flux.error(new IllegalArgumentException("lost"))))
                .subscribe(
                        reply ->
                                Objects.requireNonNull(reply.streamed(), "body").subscribe(v -> {}, errors::add),
                        errors::add);

        assertThat(errors).singleElement().isInstanceOf(ApiException.class);
    }

    @Test
    void failsSubscriberThatArrivesAfterDiscard() {
        List<StreamedBody> bodies = new ArrayList<>();
        StreamedBody.of(call, new ResponseHead(200, Headers.none()), new Texts(), Flux.<ByteBuf>never())
                .subscribe(reply -> bodies.add(Objects.requireNonNull(reply.streamed(), "body")));
        StreamedBody body = bodies.get(0);
        List<Object> ends = new ArrayList<>();

        body.discard();
        body.subscribe(ends::add, ends::add, () -> ends.add("complete"));

        assertThat(ends)
                .singleElement()
                .isInstanceOfSatisfying(
                        IllegalStateException.class, e -> assertThat(e).hasMessageContaining("discarded"));
    }
}
