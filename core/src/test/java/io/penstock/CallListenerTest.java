package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.penstock.StubTransport.Answer;
import io.penstock.body.Payload;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.paging.Paging;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.CallListener;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Reply;
import io.penstock.polling.JobShape;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.request.ApiRequest;
import io.penstock.spec.ListForm;
import io.penstock.spec.VendorSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import reactor.util.context.ContextView;
import tools.jackson.databind.JsonNode;

/** What listeners learn of calls, attempts and operations, in virtual time. */
class CallListenerTest {

    private static final String KEY = "enclosing";
    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage");

    private final Lab lab = new Lab();
    private final List<String> events = new ArrayList<>();
    private final Recorder recorder = new Recorder(events::add);

    /** Records the begin and the end of activities; each names what encloses it. */
    private record Recorder(Consumer<String> events) implements CallListener {

        private static Object kindOf(Throwable error) {
            return error instanceof ApiException failed
                    ? failed.kind()
                    : error.getClass().getSimpleName();
        }

        private Activity activity(String name, ContextView context) {
            String enclosing = context.getOrDefault(KEY, "");
            events.accept("> " + name + (enclosing.isEmpty() ? "" : " in " + enclosing));
            return new Activity() {
                @Override
                public Context inside(Context outer) {
                    return outer.put(KEY, name);
                }

                @Override
                public void succeeded() {
                    events.accept("< " + name);
                }

                @Override
                public void failed(Throwable error) {
                    events.accept("< " + name + " " + kindOf(error));
                }

                @Override
                public void cancelled() {
                    events.accept("< " + name + " cancelled");
                }
            };
        }

        @Override
        public Activity operation(Operation operation, ContextView context) {
            return activity(operation.kind().name(), context);
        }

        @Override
        public Activity call(Call call, ContextView context) {
            return activity(call.plan().operation(), context);
        }

        @Override
        public Activity attempt(Attempt attempt, ContextView context) {
            attempt.header("traceparent", "attempt-" + attempt.number());
            return activity("#" + attempt.number(), context);
        }
    }

    private ApiClientBuilder client(StubTransport wire) {
        return lab.client(wire).listener(recorder);
    }

    @Test
    void reportsCallAndEachAttemptInsideIt() {
        StubTransport wire = new StubTransport(n -> Answer.of(n == 1 ? 503 : 200, "{}"));

        Mono<JsonNode> usage = client(wire).build().value(USAGE).doOnNext(v -> events.add("value"));
        lab.value(usage);

        assertThat(events)
                .containsExactly(
                        "> GET usage",
                        "> #1 in GET usage",
                        "< #1 UNAVAILABLE",
                        "> #2 in GET usage",
                        "< #2",
                        "< GET usage",
                        "value");
        assertThat(wire.sent).extracting(sent -> sent.header("traceparent")).containsExactly("attempt-1", "attempt-2");
    }

    @Test
    void reportsEachSubscription() {
        Mono<JsonNode> usage = client(StubTransport.always(200, "{}")).build().value(USAGE);

        lab.value(usage);
        lab.value(usage);

        assertThat(events).filteredOn("> GET usage"::equals).hasSize(2);
    }

    @Test
    void reportsErrorThatCallerReceives() {
        lab.failure(client(StubTransport.always(404, "{}")).build().value(USAGE));

        assertThat(events)
                .containsExactly("> GET usage", "> #1 in GET usage", "< #1 NOT_FOUND", "< GET usage NOT_FOUND");
    }

    @Test
    void reportsCancelFromInsideOut() {
        client(StubTransport.always(0, "")).build().value(USAGE).subscribe().dispose();

        assertThat(events)
                .containsExactly("> GET usage", "> #1 in GET usage", "< #1 cancelled", "< GET usage cancelled");
    }

    @Test
    void reportsCancelDuringWait() {
        var call = client(StubTransport.always(503, "{}")).build().value(USAGE).subscribe();

        call.dispose();

        assertThat(events)
                .containsExactly("> GET usage", "> #1 in GET usage", "< #1 UNAVAILABLE", "< GET usage cancelled");
    }

    @Test
    void reportsTimeoutOfAttemptAsItsFailure() {
        lab.failure(client(StubTransport.always(0, ""))
                .attemptTimeout(Duration.ofSeconds(5))
                .retry(Lab.STEADY.withMaxAttempts(1))
                .build()
                .value(USAGE));

        assertThat(events).contains("< #1 TIMEOUT", "< GET usage TIMEOUT");
    }

    @Test
    void reportsNoAttemptForCallThatIsNotSent() {
        ApiClient client = client(StubTransport.always(200, "{}")).build();
        client.close();

        lab.failure(client.value(USAGE));

        assertThat(events).containsExactly("> GET usage", "< GET usage CLIENT_CLOSED");
    }

    @Test
    void endsListWithItsLastPage() {
        VendorSpec spec = Lab.SPEC.withLists(ListForm.of(
                Payload.page(JsonNode.class, List.of(), List.of("next")).notBeside("pageInfo"),
                Paging.cursor("after")));
        StubTransport wire =
                new StubTransport(n -> Answer.of(200, n == 1 ? "{\"rows\":[1,2],\"next\":\"c2\"}" : "{\"rows\":[3]}"));

        ApiClient client = lab.client(spec, wire).listener(recorder).build();
        lab.value(client.pages(ApiRequest.get("numbers"), Integer.class)
                .items()
                .doOnNext(n -> events.add(n.toString()))
                .collectList());

        assertThat(events)
                .containsExactly(
                        "> LIST",
                        "> GET numbers in LIST",
                        "> #1 in GET numbers",
                        "< #1",
                        "< GET numbers",
                        "1",
                        "2",
                        "> GET numbers in LIST",
                        "> #1 in GET numbers",
                        "< #1",
                        "< GET numbers",
                        "< LIST",
                        "3");
    }

    @Test
    void endsPollWithTerminalStateThoughItsResultCancels() {
        StubTransport wire = new StubTransport(n -> Answer.of(200, n == 1 ? "{\"s\":\"busy\"}" : "{\"s\":\"done\"}"));
        Polling<JsonNode> polling = Polling.of(
                        ApiRequest.get("jobs/7"),
                        JobShape.at("/s", StateWords.succeeding("done").failing("bad")))
                .every(Duration.ofSeconds(30));

        lab.value(client(wire).build().poll(polling).result());

        assertThat(events).startsWith("> POLL", "> GET jobs/7 in POLL").endsWith("< GET jobs/7", "< POLL");
        assertThat(events).filteredOn("< GET jobs/7"::equals).hasSize(2);
    }

    @Test
    void reportsStreamFromFirstDemandToItsEnd() {
        Sinks.Many<String> body = Sinks.many().unicast().onBackpressureBuffer();
        ApiClient client = lab.client(Lab.SPEC, StubTransport.always(200, ""))
                .transport(new DrippingTransport(Headers.of("content-type", "application/json"), n -> body.asFlux()))
                .listener(recorder)
                .build();
        BaseSubscriber<JsonNode> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                events.add("subscribed");
            }

            @Override
            protected void hookOnNext(JsonNode element) {
                events.add("element");
            }
        };

        client.stream(USAGE.elements(JsonNode.class)).subscribe(subscriber);
        subscriber.requestUnbounded();
        body.tryEmitNext("[{},");
        body.tryEmitNext("{}]");
        body.tryEmitComplete();

        assertThat(events)
                .containsExactly(
                        "subscribed", "> GET usage", "> #1 in GET usage", "element", "element", "< #1", "< GET usage");
    }

    @Test
    void reportsStreamThatIsCancelledHalfway() {
        ApiClient client = lab.client(Lab.SPEC, StubTransport.always(200, ""))
                .transport(new DrippingTransport(
                        Headers.of("content-type", "application/json"),
                        n -> Flux.just("[{},").concatWith(Flux.never())))
                .listener(recorder)
                .build();

        client.stream(USAGE.elements(JsonNode.class)).take(1).subscribe();

        assertThat(events).hasSize(4).last().isEqualTo("< GET usage cancelled");
    }

    @Test
    void reportsStreamThatIsNeverRequestedNotAtAll() {
        BaseSubscriber<JsonNode> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                // no demand
            }
        };

        client(StubTransport.always(200, "")).build().stream(USAGE.elements(JsonNode.class))
                .subscribe(subscriber);
        subscriber.cancel();

        assertThat(events).isEmpty();
    }

    @Test
    void reportsResumedEventsAsOneOperation() {
        ApiClient client = lab.client(Lab.SPEC, StubTransport.always(200, ""))
                .transport(new DrippingTransport(
                        Headers.of("content-type", "text/event-stream"),
                        n -> n <= 2 ? Flux.just("id: " + n + "\ndata: x\n\n") : Flux.empty()))
                .listener(recorder)
                .build();

        lab.value(client.events(USAGE).collectList());

        assertThat(events).startsWith("> EVENTS", "> GET usage in EVENTS").endsWith("< GET usage", "< EVENTS");
        assertThat(events).filteredOn("< GET usage"::equals).hasSize(3);
    }

    @Test
    void reportsFailedDownload(@TempDir Path directory) {
        ApiClient client = client(StubTransport.always(404, "{}")).build();

        Mono<?> download = client.download(USAGE, directory.resolve("file"));
        try {
            download.block(Duration.ofSeconds(30));
        } catch (ApiException expected) {
            events.add("error " + expected.kind());
        }

        assertThat(events)
                .startsWith("> DOWNLOAD", "> GET usage in DOWNLOAD")
                .endsWith("< DOWNLOAD NOT_FOUND", "error NOT_FOUND");
    }

    @Test
    void givesContextToOperatorsOfUser() {
        List<String> seen = new ArrayList<>();
        Operator watching = Operator.of(
                "watching",
                (call, next) -> Mono.deferContextual(context -> {
                    seen.add(context.get(KEY));
                    return next.exchange(call);
                }));

        lab.value(client(StubTransport.always(200, "{}"))
                .operator(Operator.Position.PER_CALL, watching)
                .operator(Operator.Position.PER_ATTEMPT, watching)
                .build()
                .value(USAGE));

        assertThat(seen).containsExactly("GET usage", "GET usage");
    }

    @Test
    void endsCallWhoseOperatorThrowsWhileItIsSubscribedTo() {
        Operator bad = Operator.of("bad", (call, next) -> new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Reply> actual) {
                throw new IllegalStateException("breaks the rules");
            }
        });
        Mono<?> call = client(StubTransport.always(200, "{}"))
                .operator(Operator.Position.PER_CALL, bad)
                .build()
                .execute(USAGE);

        call.subscribe(value -> {}, error -> {});

        assertThat(events)
                .hasSize(2)
                .startsWith("> GET usage")
                .last()
                .asString()
                .startsWith("< GET usage ");
    }

    @Test
    void asksEachListenerInOrderOfInsertion() {
        List<String> second = new ArrayList<>();

        lab.value(client(StubTransport.always(200, "{}"))
                .listener(new Recorder(e -> second.add(e)))
                .build()
                .value(USAGE));

        assertThat(events).startsWith("> GET usage", "> #1 in GET usage");
        assertThat(second).startsWith("> GET usage in GET usage", "> #1 in #1").endsWith("< #1", "< GET usage");
    }

    @Test
    void leavesOutListenerThatVendorDoesNotNeed() {
        ApiClient client = lab.client(StubTransport.always(200, "{}"))
                .listener(new CallListener() {
                    @Override
                    public @Nullable CallListener forVendor(String vendor) {
                        events.add(vendor);
                        return null;
                    }
                })
                .build();

        lab.value(client.value(USAGE));

        assertThat(events).containsExactly("acme");
        assertThat(client.inspect().explain(USAGE)).containsPattern("listeners +–");
    }

    @Test
    void leavesOutListenerThatThrowsWhenClientIsBuilt() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.penstock.listener");
        log.start();
        logger.setAdditive(false);
        logger.addAppender(log);
        try {
            ApiClient client = lab.client(StubTransport.always(200, "{}"))
                    .listener(new CallListener() {
                        @Override
                        public @Nullable CallListener forVendor(String vendor) {
                            throw new IllegalStateException("of " + vendor);
                        }
                    })
                    .build();

            assertThat(lab.value(client.value(USAGE))).isNotNull();
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("a listener is left out, because it cannot listen to clients of acme");
        } finally {
            logger.detachAppender(log);
            logger.setAdditive(true);
        }
    }

    /** The moments at which a listener may throw. */
    enum Moment {
        BEGIN,
        CONTEXT,
        END,
        NEVER
    }

    private record Thrower(Moment moment) implements CallListener {

        private void at(Moment now) {
            if (now == moment) {
                throw new IllegalStateException("bad listener");
            }
        }

        private Activity activity() {
            at(Moment.BEGIN);
            return new Activity() {
                @Override
                public Context inside(Context context) {
                    at(Moment.CONTEXT);
                    return context;
                }

                @Override
                public void succeeded() {
                    at(Moment.END);
                }

                @Override
                public void failed(Throwable error) {
                    at(Moment.END);
                }

                @Override
                public void cancelled() {
                    at(Moment.END);
                }
            };
        }

        @Override
        public @Nullable Activity operation(Operation operation, ContextView context) {
            return activity();
        }

        @Override
        public Activity call(Call call, ContextView context) {
            return activity();
        }

        @Override
        public Activity attempt(Attempt attempt, ContextView context) {
            return activity();
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void survivesListenerThatThrowsAndLogsItOnce(Moment moment) {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.penstock.listener");
        log.start();
        logger.setAdditive(false);
        logger.addAppender(log);
        try {
            StubTransport wire = new StubTransport(n -> Answer.of(n % 2 == 1 ? 503 : 200, "{\"n\":1}"));
            ApiClient client = lab.client(wire)
                    .circuit(CircuitPolicy.off())
                    .listener(new Thrower(moment))
                    .listener(recorder)
                    .build();

            for (int i = 0; i < 3; i++) {
                assertThat(lab.value(client.value(USAGE)).get("n").intValue()).isOne();
            }

            assertThat(events).filteredOn("< GET usage"::equals).hasSize(3);
            assertThat(log.list).hasSize(moment == Moment.NEVER ? 0 : 1);
        } finally {
            logger.detachAppender(log);
            logger.setAdditive(true);
        }
    }

    @Test
    void explainsListenersAmongTheStages() {
        assertThat(client(StubTransport.always(200, "{}")).build().inspect().explain(USAGE))
                .containsPattern("listeners +one listener");
    }
}
