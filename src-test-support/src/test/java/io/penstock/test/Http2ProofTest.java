package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import io.penstock.ApiClient;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;

/**
 * The proof of one effect over HTTP/2: a fault at every boundary of frames, and each again in the second attempt. The
 * server keeps to RFC 9113: it says that it has not processed a request only if that is true.
 */
@Tag("proof")
@ExtendWith(NoBufferLeaks.class)
class Http2ProofTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LANES = 6;
    private static final int ATTEMPTS = 3;

    /** How far the server gets with a request and its answer. */
    private enum Point {
        CONNECTED(false),
        HEAD_READ(false),
        REQUEST_READ(false),
        ACTED(true),
        STATUS_SENT(true),
        BODY_BEGUN(true);

        private final boolean acts;

        Point(boolean acts) {
            this.acts = acts;
        }
    }

    /** What happens there. */
    private enum Ending {
        CLOSED,
        CONNECTION_RESET,
        STREAM_CANCELLED,
        STREAM_FAILED,
        STREAM_BLAMED,
        STREAM_REFUSED,
        NOT_PROCESSED,
        GONE_AWAY,
        CALLER_CANCELS;

        boolean isSaidOnlyIfTrue() {
            return this == STREAM_REFUSED || this == NOT_PROCESSED;
        }

        boolean needsStream() {
            return this != CLOSED && this != CONNECTION_RESET && this != CALLER_CANCELS;
        }
    }

    /** What one attempt meets. */
    private sealed interface Step {
        record Fault(Point point, Ending ending) implements Step {}

        record Answer(int status, boolean acts) implements Step {}
    }

    private enum Shape {
        POST_UNKEYED,
        POST_KEYED,
        PUT;

        ApiRequest<JsonNode> request() {
            return switch (this) {
                case POST_UNKEYED -> ApiRequest.post("orders").body(Map.of("item", "pump"));
                case POST_KEYED ->
                    ApiRequest.post("orders").body(Map.of("item", "pump")).idempotencyKey(IdempotencyKey.of("nightly"));
                case PUT -> ApiRequest.put("orders/1").body(Map.of("item", "valve"));
            };
        }
    }

    private record Case(Shape shape, List<Step> steps) {}

    private static final Step SERVED = new Step.Answer(201, true);

    private static List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (Point point : Point.values()) {
            for (Ending ending : Ending.values()) {
                if ((!point.acts || !ending.isSaidOnlyIfTrue())
                        && (point != Point.CONNECTED || !ending.needsStream())) {
                    steps.add(new Step.Fault(point, ending));
                }
            }
        }
        for (int refused : List.of(400, 409, 429)) {
            steps.add(new Step.Answer(refused, false));
        }
        for (int unclear : List.of(500, 503)) {
            steps.add(new Step.Answer(unclear, false));
            steps.add(new Step.Answer(unclear, true));
        }
        steps.add(SERVED);
        return steps;
    }

    private static Stream<Case> cases() {
        List<Step> steps = steps();
        return Stream.of(Shape.values())
                .flatMap(shape -> steps.stream()
                        .flatMap(first -> steps.stream().map(second -> new Case(shape, List.of(first, second)))));
    }

    /** What happened in one case, as the server knows it. */
    private static final class World {
        private final Iterator<Step> remaining;
        private final CountDownLatch cancel = new CountDownLatch(1);
        private final AtomicInteger heads = new AtomicInteger();
        private final AtomicInteger effects = new AtomicInteger();
        private final List<String> keys = new CopyOnWriteArrayList<>();
        private @Nullable Step next;

        World(Case tried) {
            remaining = tried.steps.iterator();
            advance();
        }

        private void advance() {
            next = remaining.hasNext() ? remaining.next() : null;
        }

        synchronized Step take() {
            Step taken = next;
            advance();
            return taken == null ? SERVED : taken;
        }

        /** Takes the next step if it happens before a byte of a request has been read. */
        synchronized @Nullable Ending takeAtConnection() {
            if (next instanceof Step.Fault fault && fault.point == Point.CONNECTED) {
                advance();
                return fault.ending;
            }
            return null;
        }

        synchronized void act(Http2Peer.Request request) {
            CharSequence key = request.headers().get("idempotency-key");
            if (key == null) {
                effects.incrementAndGet();
                return;
            }
            if (keys.isEmpty()) {
                effects.incrementAndGet();
            }
            keys.add(key.toString());
        }
    }

    /** A server and a client for each shape, for one case after the other. */
    private static final class Lane implements AutoCloseable {
        private final AtomicReference<World> world = new AtomicReference<>();
        private final RawServer server;
        private final ApiClient client;

        Lane(@Nullable TestCertificate certificate) {
            RawServer.Script script = Http2Peer.script(this::play);
            ConnectionOptions options = ConnectionOptions.standard();
            if (certificate == null) {
                server = RawServer.start(script);
                options = options.withHttp(HttpVersion.HTTP_2);
            } else {
                server = RawServer.start(Http2Test.offering(certificate, "h2", "http/1.1"), script);
                options = options.withHttp(HttpVersion.NEGOTIATED).withTrusted(List.of(certificate.certificate()));
            }
            URI base = URI.create((certificate == null ? "http://" : "https://") + server.authority());
            client = ApiClient.builder(
                            VendorSpec.generic("proof", base).withKeyPlacement(KeyPlacement.header("idempotency-key")))
                    .withoutGate()
                    .circuit(CircuitPolicy.off())
                    .retry(RetryPolicy.standard()
                            .withMaxAttempts(ATTEMPTS)
                            .withBackoff(new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0))
                            .withBudgetShare(1))
                    .connections(options)
                    .build();
        }

        private void play(Http2Peer peer) throws IOException {
            Ending atOnce = world.get().takeAtConnection();
            if (atOnce != null) {
                end(peer, 0, atOnce);
                return;
            }
            while (true) {
                Http2Peer.Frame head = peer.next(Http2Peer.HEADERS);
                World current = world.get();
                current.heads.incrementAndGet();
                Step step = current.take();
                if (step instanceof Step.Answer answer) {
                    Http2Peer.Request request = peer.rest(head);
                    if (answer.acts) {
                        current.act(request);
                    }
                    peer.headers(
                            head.stream(),
                            false,
                            ":status",
                            Integer.toString(answer.status),
                            "content-type",
                            "application/json");
                    peer.data(head.stream(), true, Http2Peer.OK);
                } else if (step instanceof Step.Fault fault) {
                    reach(peer, head, fault.point, current);
                    if (end(peer, head.stream(), fault.ending)) {
                        return;
                    }
                }
            }
        }

        private static void reach(Http2Peer peer, Http2Peer.Frame head, Point point, World world) throws IOException {
            if (point == Point.CONNECTED || point == Point.HEAD_READ) {
                return;
            }
            Http2Peer.Request request = peer.rest(head);
            if (point.acts) {
                world.act(request);
            }
            if (point == Point.STATUS_SENT || point == Point.BODY_BEGUN) {
                peer.headers(head.stream(), false, ":status", "201", "content-type", "application/json");
            }
            if (point == Point.BODY_BEGUN) {
                peer.data(head.stream(), false, "{\"n\"");
            }
        }

        /** Returns whether the connection has ended. */
        private boolean end(Http2Peer peer, int stream, Ending ending) throws IOException {
            switch (ending) {
                case CLOSED -> peer.raw().fin();
                case CONNECTION_RESET -> peer.raw().rst();
                case STREAM_CANCELLED -> peer.reset(stream, Http2Error.CANCEL);
                case STREAM_FAILED -> peer.reset(stream, Http2Error.INTERNAL_ERROR);
                case STREAM_BLAMED -> peer.reset(stream, Http2Error.PROTOCOL_ERROR);
                case STREAM_REFUSED -> peer.reset(stream, Http2Error.REFUSED_STREAM);
                case NOT_PROCESSED -> {
                    peer.goAway(Math.max(stream - 2, 0), Http2Error.NO_ERROR);
                    peer.raw().fin();
                }
                case GONE_AWAY -> {
                    peer.goAway(stream, Http2Error.INTERNAL_ERROR);
                    peer.raw().fin();
                }
                case CALLER_CANCELS -> world.get().cancel.countDown();
            }
            return !(ending.name().startsWith("STREAM") || ending == Ending.CALLER_CANCELS);
        }

        /** Returns what is wrong with the outcome of a case, or null. */
        @Nullable
        String run(Case tried) throws InterruptedException {
            World current = new World(tried);
            world.set(current);
            AtomicReference<Object> outcome = new AtomicReference<>();
            CountDownLatch ended = new CountDownLatch(1);
            Disposable call = client.execute(tried.shape.request())
                    .doFinally(signal -> ended.countDown())
                    .subscribe(outcome::set, outcome::set);
            while (!ended.await(1, TimeUnit.MILLISECONDS)) {
                if (current.cancel.getCount() == 0) {
                    call.dispose();
                    break;
                }
            }
            Connections.awaitReturn(client);
            return judge(tried, current, outcome.get());
        }

        private static @Nullable String judge(Case tried, World world, @Nullable Object outcome) {
            int effects = world.effects.get();
            if (tried.shape != Shape.PUT && effects > 1) {
                return effects + " effects";
            }
            if (world.keys.stream().distinct().count() > 1) {
                return "keys " + world.keys;
            }
            if (!(outcome instanceof ApiException failure)) {
                return outcome != null && effects == 0 ? "success without an effect" : null;
            }
            Certainty certainty = failure.certainty();
            boolean wrong = switch (certainty) {
                case NOT_SENT -> world.heads.get() > 0;
                case REJECTED -> effects > 0;
                case PROCESSED -> effects == 0;
                case MAYBE_PROCESSED -> false;
            };
            boolean odd = failure.kind() == ErrorKind.OPERATOR_FAILED || failure.kind() == ErrorKind.TIMEOUT;
            return wrong || odd ? failure.kind() + " " + certainty + " with " + effects + " effects: " + failure : null;
        }

        @Override
        public void close() throws IOException {
            client.closeLater().block(PATIENCE);
            server.close();
        }
    }

    @Test
    void hasOneEffectAndTrueCertaintyAtEveryBoundaryOfFrames(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.of(directory, "ip:127.0.0.1");
        Iterator<Case> remaining = cases().iterator();
        List<String> wrong = new CopyOnWriteArrayList<>();
        AtomicInteger run = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(LANES);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                boolean secure = i == 0;
                running.add(threads.submit(() -> {
                    try (Lane lane = new Lane(secure ? certificate : null)) {
                        for (Case next = next(remaining); next != null; next = next(remaining)) {
                            String fault = lane.run(next);
                            run.incrementAndGet();
                            if (fault != null) {
                                wrong.add(next + ": " + fault);
                            }
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> lane : running) {
                lane.get(5, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(wrong).isEmpty();
        assertThat(run).hasValue(3 * steps().size() * steps().size());
    }

    private static @Nullable Case next(Iterator<Case> remaining) {
        synchronized (remaining) {
            return remaining.hasNext() ? remaining.next() : null;
        }
    }
}
