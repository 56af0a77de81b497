package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.micrometer.context.ContextRegistry;
import io.penstock.ApiClient;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.logging.LogPolicy;
import io.penstock.pipeline.Operator;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.netty.Transports;
import io.penstock.upload.Upload;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;

/** Many calls over few permits and fewer connections, each with its own trace in the log context. */
class ContextsOverSocketsTest {

    private static final String KEY = "trace";
    private static final Pattern OWNER = Pattern.compile("caller-\\d+");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CALLS = 60;

    private final Queue<String> strangers = new ConcurrentLinkedQueue<>();
    private final ConcurrentMap<String, AtomicInteger> seen = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, AtomicInteger> sends = new ConcurrentHashMap<>();
    private final DisposableServer server =
            HttpServer.create().host("127.0.0.1").port(0).handle(this::answer).bindNow();
    private final Log wire = new Log("io.penstock.wire.api");
    private final Log calls = new Log("io.penstock.call.api");
    private final ApiClient client = ApiClient.builder(
                    VendorSpec.generic("api", URI.create("http://127.0.0.1:" + server.port())))
            .circuit(CircuitPolicy.off()) // half of all answers are refusals, on purpose
            .gate(GatePolicy.standard().withMaxConcurrent(4))
            // A client with such a pool of its own is refused; here some calls have to wait for a connection.
            .transport(Transports.create(ConnectionOptions.standard().withPool(2, 100, PATIENCE)))
            .retry(RetryPolicy.standard()
                    .withBackoff(new Backoff(Duration.ofMillis(1), 2, Duration.ofMillis(5), 0.25))
                    .withBudgetShare(1))
            .logs(LogPolicy.standard().withBodies(100).withHeaders("x-caller"))
            .operator(Operator.Position.PER_ATTEMPT, Operator.of("watching", (call, next) -> {
                see("operator", call.plan().target());
                return next.exchange(call)
                        .doOnNext(reply -> see("reply", call.plan().target()));
            }))
            .build();

    /** Checks the trace with which each entry is written. */
    private final class Log extends AppenderBase<ILoggingEvent> {
        private final Logger logger;

        Log(String name) {
            logger = (Logger) LoggerFactory.getLogger(name);
            setContext((LoggerContext) LoggerFactory.getILoggerFactory());
            setName(name);
        }

        void attach() {
            start();
            logger.setAdditive(false);
            logger.setLevel(Level.DEBUG);
            logger.addAppender(this);
        }

        void detach() {
            logger.detachAppender(this);
            logger.setLevel(null);
            logger.setAdditive(true);
            stop();
        }

        @Override
        protected void append(ILoggingEvent entry) {
            see(getName(), entry.getFormattedMessage());
        }
    }

    @BeforeEach
    void propagate() {
        ContextRegistry.getInstance()
                .registerThreadLocalAccessor(
                        KEY, () -> MDC.get(KEY), trace -> MDC.put(KEY, trace), () -> MDC.remove(KEY));
        Hooks.enableAutomaticContextPropagation();
        wire.attach();
        calls.attach();
    }

    @AfterEach
    void stop() {
        client.closeLater().block(PATIENCE);
        server.disposeNow();
        calls.detach();
        wire.detach();
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
    }

    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        String owner = ownerIn(request.uri());
        boolean first =
                sends.computeIfAbsent(request.uri(), uri -> new AtomicInteger()).getAndIncrement() == 0;
        return request.receive()
                .then(Mono.defer(() -> response.status(first ? 503 : 200)
                        .header("content-type", "application/json")
                        .header("x-caller", String.valueOf(owner))
                        .sendByteArray(Mono.just(("[\"" + owner + "\"]").getBytes(StandardCharsets.UTF_8)))
                        .then()));
    }

    private static @Nullable String ownerIn(String text) {
        Matcher owner = OWNER.matcher(text);
        return owner.find() ? owner.group() : null;
    }

    private void see(String where, String text) {
        String owner = ownerIn(text);
        String trace = MDC.get(KEY);
        seen.computeIfAbsent(where, any -> new AtomicInteger()).incrementAndGet();
        if (owner == null || !owner.equals(trace)) {
            strangers.add(where + " of " + owner + " ran with trace " + trace + ": " + text);
        }
    }

    private Flux<?> call(int number) {
        String owner = "caller-" + number;
        return switch (number % 3) {
            case 0 -> client.execute(ApiRequest.get(owner)).flux();
            case 1 ->
                client.execute(ApiRequest.put(owner)
                                .body(Upload.stream(
                                        Flux.defer(() -> {
                                            see("body", owner);
                                            return Flux.just(
                                                    ByteBuffer.wrap(owner.getBytes(StandardCharsets.US_ASCII)));
                                        }),
                                        "text/plain"))
                                .onUpload(progress -> see("progress", owner)))
                        .onErrorResume(error -> Mono.empty()) // a body that is read once is not sent again
                        .flux();
            default -> client.stream(ApiRequest.get(owner).elements(JsonNode.class));
        };
    }

    @Test
    void runsEverythingWithTheTraceOfItsCall() {
        List<Flux<?>> all = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            String owner = "caller-" + i;
            all.add(call(i).doOnNext(value -> see("value", owner))
                    .contextWrite(context -> context.putAllMap(Map.of(KEY, owner))));
        }

        Flux.merge(Flux.fromIterable(all), CALLS).blockLast(PATIENCE);

        assertThat(strangers).isEmpty();
        assertThat(seen)
                .containsKeys(
                        "operator",
                        "reply",
                        "value",
                        "body",
                        "progress",
                        "io.penstock.wire.api",
                        "io.penstock.call.api");
    }
}
