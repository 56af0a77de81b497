package io.penstock.benchmarks.scale;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.WithoutConnections;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.pipeline.Transport;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;

/** Many calls that do not end, and a measurement of their memory. */
final class WaitingCalls {

    private static final Duration LONG = Duration.ofHours(1);
    private static final long CONNECT_MILLIS = 60_000;

    private final ApiClient client;
    private final ApiRequest<JsonNode> request = ApiRequest.get("items/1");
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> why = new AtomicReference<>();

    private WaitingCalls(ApiClient client) {
        this.client = client;
    }

    static Measurements.Memory inFlight(int calls) throws InterruptedException {
        return measured(WithoutConnections.silent(), new GatePolicy(calls + 1, 0, false), calls);
    }

    static Measurements.Memory atTheGate(int calls) throws InterruptedException {
        return measured(WithoutConnections.silent(), new GatePolicy(1, calls, false), calls);
    }

    private static Measurements.Memory measured(Transport transport, GatePolicy gate, int calls)
            throws InterruptedException {
        try (ApiClient client = builder("http://api.example.com/")
                .transport(transport)
                .gate(gate)
                .build()) {
            WaitingCalls waiting = new WaitingCalls(client);
            return waiting.measure(calls, () -> {});
        }
    }

    /** Measures calls over sockets, to a server in another process that reads requests and never responds. */
    static Measurements.Memory onConnections(int connections) throws IOException, InterruptedException {
        try (ChildProcess server = ChildProcess.start(SilentServer.class);
                ApiClient client = builder("http://127.0.0.1:" + server.greeting() + "/")
                        .gate(new GatePolicy(connections + 1, 0, false))
                        .connections(ConnectionOptions.standard()
                                .withPool(connections + 1, connections, LONG)
                                .withConnectTimeout(Duration.ofMinutes(1)))
                        .build()) {
            return new WaitingCalls(client).measure(connections, () -> await(server, connections + 1));
        }
    }

    private static void await(ChildProcess server, int connections) {
        long end = System.nanoTime() + CONNECT_MILLIS * 1_000_000;
        while (Integer.parseInt(server.ask("count")) < connections) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(server.ask("count") + " requests came (expected: " + connections + ")");
            }
            Thread.onSpinWait();
        }
    }

    private static ApiClientBuilder builder(String uri) {
        // With an API that reports its quota, the gate sends only a few calls before the first report. With a circuit,
        // a
        // server that stays silent while a busy machine starts all calls gets only a few of them.
        return ApiClient.builder(VendorSpec.generic("scale", URI.create(uri)).withQuota(QuotaModel.unknown()))
                .deadline(LONG)
                .attemptTimeout(LONG)
                .circuit(CircuitPolicy.off());
    }

    /** Measures calls after one extra call, which creates everything that exists once. */
    private Measurements.Memory measure(int calls, Runnable begun) throws InterruptedException {
        Disposable[] all = new Disposable[calls + 1];
        all[0] = begin();
        try {
            Heap before = Heap.afterCollection();
            for (int i = 1; i <= calls; i++) {
                all[i] = begin();
            }
            begun.run();
            Heap after = Heap.afterCollection();
            if (ended.get() > 0) {
                throw new IllegalStateException(ended + " of " + calls + " calls have ended: " + why.get());
            }
            return after.since(before, calls);
        } finally {
            Reference.reachabilityFence(all);
        }
    }

    private Disposable begin() {
        return client.execute(request).subscribe(reply -> ended.incrementAndGet(), error -> {
            why.set(error);
            ended.incrementAndGet();
        });
    }
}
