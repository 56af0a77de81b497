package io.penstock.benchmarks.loopback;

import io.penstock.ApiClient;
import io.penstock.benchmarks.ChildProcess;
import io.penstock.http.Secret;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * HTTP/2 beside HTTP/1.1: small GETs over TLS by 1, 64 and 512 callers. The versions take turns in one process, because
 * they share all code but the wire; the server runs in a process of its own. It prints a line for each turn: calls per
 * second, durations, CPU and bytes per call, and connections. System properties: {@code http2.rounds} (5) and
 * {@code http2.millis} (3000).
 */
public final class Http2Board {

    private static final List<String> SERVER_JVM = List.of("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC");
    private static final List<Integer> CALLERS = List.of(1, 64, 512);

    private Http2Board() {}

    /** Runs the comparison. Ignores the arguments. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int rounds = Integer.getInteger("http2.rounds", 5);
        long millis = Long.getLong("http2.millis", 3_000);
        try (ChildProcess server = ChildProcess.start(LeanServer.class, SERVER_JVM, "tls")) {
            String[] address = server.greeting().split(" ", -1);
            for (int callers : CALLERS) {
                Versioned first = new Versioned(HttpVersion.HTTP_1_1, address, callers);
                Versioned second = new Versioned(HttpVersion.HTTP_2, address, callers);
                for (int round = 0; round <= rounds; round++) { // the first one warms up
                    for (Versioned contender : List.of(first, second)) {
                        String name = contender.version.name();
                        Turn turn = new Turn(name, name, Scenario.GET_SMALL, callers, round, millis / 3, millis);
                        Cell cell = Run.of(contender, turn, server.pid());
                        if (round > 0) {
                            System.out.println(line(cell, contender.connections()));
                        }
                    }
                }
                first.client.close();
                second.client.close();
            }
        }
        System.exit(0); // the shared event loops would keep the process alive for a while
    }

    private static String line(Cell cell, int connections) {
        return String.format(
                Locale.ROOT,
                "%-9s %3d callers  #%d  %8.0f/s  p50 %7.0f µs  p99 %7.0f µs  CPU %6.1f µs  %7.0f B  %3d connections%s",
                cell.contender(),
                cell.concurrency(),
                cell.round(),
                cell.throughputPerSecond(),
                cell.p50Micros(),
                cell.p99Micros(),
                cell.clientCpuMicrosPerCall(),
                cell.clientBytesPerCall(),
                connections,
                cell.errors() == 0 ? "" : "  ERRORS: " + cell.errors());
    }

    /** Penstock with its defaults, but one version of HTTP, and a place at the gate for each caller. */
    private static final class Versioned implements Contender {
        private final HttpVersion version;
        private final ApiClient client;
        private final ApiRequest<?> request =
                ApiRequest.get(Scenario.GET_SMALL.path()).as(Scenario.GET_SMALL.type());

        Versioned(HttpVersion version, String[] address, int callers) {
            this.version = version;
            ConnectionOptions standard = ConnectionOptions.standard();
            this.client = ApiClient.builder(VendorSpec.generic("loopback", URI.create(address[0])))
                    .secret(Secret.of(Target.TOKEN))
                    .connections(standard.withTrusted(Path.of(address[1]))
                            .withHttp(version)
                            .withPool(
                                    callers,
                                    standard.pool().maxPending(),
                                    standard.pool().acquireTimeout()))
                    .gate(GatePolicy.standard().withMaxConcurrent(callers))
                    .build();
        }

        int connections() {
            int connections = 0;
            for (ConnectionStats pool : client.inspect().connections()) {
                connections += pool.active() + pool.idle();
            }
            return connections;
        }

        @Override
        public void call(Scenario scenario, Caller caller) {
            client.execute(request).<Object>mapNotNull(ApiResponse::value).subscribe(caller);
        }
    }
}
