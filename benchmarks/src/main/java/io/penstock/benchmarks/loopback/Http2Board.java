package io.penstock.benchmarks.loopback;

import io.penstock.ApiClient;
import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.Surroundings;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * HTTP/2 beside HTTP/1.1: small GETs over TLS by 1, 64 and 512 callers. The versions take turns in one process, because
 * they share all code but the wire; the server runs in a process of its own. It writes a page, and prints a line for each
 * turn. Of the rounds, the half counts in which other processes used the least CPU time.
 *
 * <p>System properties: {@code bench.pages}, the directory for the page; {@code http2.rounds} (10) and
 * {@code http2.millis} (2000).
 */
public final class Http2Board {

    private static final List<String> SERVER_JVM = List.of("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC");
    private static final List<Integer> CALLERS = List.of(1, 64, 512);
    private static final int WARM_UPS = 5;

    /** The figures of one turn. */
    private record Round(Cell cell, int connections) {}

    private Http2Board() {}

    /** Runs the comparison. Ignores the arguments. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int rounds = Integer.getInteger("http2.rounds", 10);
        long millis = Long.getLong("http2.millis", 2_000);
        List<Round> all = new ArrayList<>();
        try (ChildProcess server = ChildProcess.start(LeanServer.class, SERVER_JVM, "tls")) {
            String[] address = server.greeting().split(" ", -1);
            for (int callers : CALLERS) {
                Versioned first = new Versioned(HttpVersion.HTTP_1_1, address, callers);
                Versioned second = new Versioned(HttpVersion.HTTP_2, address, callers);
                for (int round = 1 - WARM_UPS; round <= rounds; round++) {
                    for (Versioned contender : List.of(first, second)) {
                        String name = contender.version.name();
                        Turn turn = new Turn(name, name, Scenario.GET_SMALL, callers, round, millis / 3, millis);
                        Round done = new Round(Run.of(contender, turn, server.pid()), contender.connections());
                        if (round > 0) {
                            all.add(done);
                            System.out.println(line(done));
                        }
                    }
                }
                first.client.close();
                second.client.close();
            }
        }
        Path pages = Files.createDirectories(Path.of(System.getProperty("bench.pages", "target/http2")));
        Files.writeString(pages.resolve("http2.md"), page(all, rounds));
        System.exit(0); // the shared event loops would keep the process alive for a while
    }

    private static String line(Round round) {
        Cell cell = round.cell;
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
                round.connections,
                cell.errors() == 0 ? "" : "  ERRORS: " + cell.errors());
    }

    private static String page(List<Round> all, int rounds) {
        StringBuilder rows = new StringBuilder();
        for (int callers : CALLERS) {
            for (HttpVersion version : List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
                rows.append(row(all.stream()
                        .filter(round -> round.cell.concurrency() == callers
                                && round.cell.contender().equals(version.name()))
                        .toList()));
            }
        }
        return """
                # HTTP/2 beside HTTP/1.1

                Small GETs over TLS, by the same client but for the version: medians over the quieter half of %d rounds in which the two take
                turns, of %s on %s. CPU and heap bytes are those of the client, per call. This page is written by

                ```sh
                mvn -q -pl benchmarks -am -DskipTests package exec:exec -Dbench.main=io.penstock.benchmarks.loopback.Http2Board
                ```

                | callers | version | CPU | bytes | calls/s | p50 | p99 | connections |
                |---|---|---|---|---|---|---|---|
                %s
                [Decision 12](../decisions/0012-http2.md) draws the conclusion.
                """.formatted(rounds, LocalDate.now(ZoneOffset.UTC), Surroundings.of(), rows);
    }

    private static String row(List<Round> rounds) {
        Cell first = rounds.get(0).cell;
        List<Cell> cells = rounds.stream()
                .map(Round::cell)
                .sorted(Comparator.comparingDouble(Cell::foreignCores))
                .limit((rounds.size() + 1) / 2)
                .toList();
        long errors = rounds.stream().mapToLong(round -> round.cell.errors()).sum();
        return String.format(
                Locale.ROOT,
                "| %d | %s | %.1f µs | %.0f B | %.0f | %.0f µs | %.0f µs | %d |%s%n",
                first.concurrency(),
                first.contender().equals(HttpVersion.HTTP_2.name()) ? "HTTP/2" : "HTTP/1.1",
                median(cells, Cell::clientCpuMicrosPerCall),
                median(cells, Cell::clientBytesPerCall),
                median(cells, Cell::throughputPerSecond),
                median(cells, Cell::p50Micros),
                median(cells, Cell::p99Micros),
                rounds.stream().mapToInt(Round::connections).max().orElse(0),
                errors == 0 ? "" : " " + errors + " errors: the figures do not count");
    }

    private static double median(List<Cell> cells, ToDoubleFunction<Cell> figure) {
        double[] sorted = cells.stream().mapToDouble(figure).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
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
