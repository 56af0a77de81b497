package io.penstock.benchmarks.storm;

import io.penstock.ApiClient;
import io.penstock.benchmarks.storm.FaultyServer.End;
import io.penstock.benchmarks.storm.FaultyServer.Fault;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * A measurement of calls that have time left, at servers that are away for a while, limit, queue, break connections,
 * fail at random, or are overloaded. The client is one of {@link VendorSpec#generic} with its defaults. The program
 * prints one table.
 *
 * <p>System properties: {@code storm.only}, words separated by commas, to run only scenarios whose name contains one of
 * them; {@code bench.pages}, the directory for the page, which is written only if all scenarios have run.
 */
public final class PatienceStorm implements AutoCloseable {

    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final Duration OVERLOAD = Duration.ofSeconds(8);
    private static final Fault WELL = FaultyServer.serving(Duration.ofMillis(5));
    private static final int CAPACITY = 650;

    private static final String HEAD =
            "| scenario | calls | succeeded | sends per call | first success after return, ms"
                    + " | most at once | served, of what it can | took, s |\n|---|---|---|---|---|---|---|---|\n";

    /** A scenario, in which the client makes its calls at the server. It returns the number of calls. */
    private interface Scenario {

        int run(PatienceStorm storm) throws InterruptedException;
    }

    private final FaultyServer server = FaultyServer.start(WELL);
    private final ApiClient client = ApiClient.builder(VendorSpec.generic("storm", URI.create(server.uri())))
            .build();
    private final AtomicInteger successes = new AtomicInteger();
    private final AtomicLong firstMillis = new AtomicLong(-1);
    private volatile long returned = Long.MAX_VALUE;
    private long began = System.nanoTime();
    private int receivedBefore;
    private String busy = "–";

    private PatienceStorm() {}

    /** Runs the scenarios. Ignores the arguments, which Maven passes for JMH. */
    public static void main(String[] args) throws IOException, InterruptedException {
        String only = System.getProperty("storm.only", "");
        row("warm-up", calls(FaultyServer.serving(Duration.ofMillis(1)), 2_000, Duration.ZERO, MINUTE));
        StringBuilder table = new StringBuilder(HEAD);
        System.out.print(HEAD);
        for (Map.Entry<String, Scenario> each : scenarios().entrySet()) {
            if (Stream.of(only.split(",", -1)).anyMatch(each.getKey()::contains)) {
                String row = row(each.getKey(), each.getValue());
                table.append(row);
                System.out.print(row);
            }
        }
        String pages = System.getProperty("bench.pages", "target/retry-storm");
        if (only.isEmpty()) {
            Path page = Files.createDirectories(Path.of(pages)).resolve("patience.md");
            Files.writeString(page, page(table.toString()));
            System.out.println("Written: " + page);
        }
        System.exit(0); // the shared event loops would keep the process alive for a while
    }

    private static String page(String table) {
        return """
                # Calls that wait

                What becomes of calls that have time left, at servers that fail in well-known ways. Written by the run itself:

                ```sh
                mvn -q -pl benchmarks -am -DskipTests package exec:exec -Dbench.main=io.penstock.benchmarks.storm.PatienceStorm
                ```

                Client and server share one process and two cores. The client is one of `VendorSpec.generic`, nothing changed; where
                nothing else is said its calls are made at once, and have 60 s.

                - **outage**: 400 calls; the server is away for 2 s, from the first call on, or from the second second on where the calls
                  are spread over 4 s. Warm: after 400 calls that succeeded.
                - **limit**: 200 calls with 30 s each at a leaky bucket, as `limit_req` of nginx with `nodelay`; 503 without a hint
                  for what does not fit in.
                - **queue**: 20 calls at a server with two slots; the others are refused at once, or after a while.
                - **chaos**: 300 calls; a part of the requests ends with a reset, another is never answered.
                - **random**: 500 calls with 20 s each; 80 % fail, whatever the rate.
                - **overload**: 13 workers of 20 ms and a queue of as many again, which is 650 calls/s; more is offered for 8 s.

                """ + table;
    }

    private static Map<String, Scenario> scenarios() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        for (String how : new String[] {"503", "refused", "reset"}) {
            all.put("outage: " + how + ", at once", storm -> storm.outage(Duration.ZERO, 0, how));
            all.put("outage: " + how + ", over 4 s", storm -> storm.outage(Duration.ofSeconds(4), 0, how));
        }
        all.put("outage: 503, at once, warm", storm -> storm.outage(Duration.ZERO, 400, "503"));
        for (int rate : new int[] {10, 30, 100}) {
            for (int burst : new int[] {5, 20, 50}) {
                all.put(
                        "limit: " + rate + "/s, burst " + burst,
                        calls(FaultyServer.limited(rate, burst), 200, Duration.ZERO, Duration.ofSeconds(30)));
            }
        }
        all.put("queue: 2 slots of 100 ms", queue(Duration.ofMillis(100), Duration.ZERO));
        all.put("queue: 2 slots of 1 s", queue(Duration.ofSeconds(1), Duration.ZERO));
        all.put("queue: 2 slots of 500 ms, 503 after 300 ms", queue(Duration.ofMillis(500), Duration.ofMillis(300)));
        for (long seed = 1; seed <= 3; seed++) {
            all.put(
                    "chaos: 20 % reset, 2 % stalled, seed " + seed,
                    calls(FaultyServer.chaos(0.2, 0.02, seed), 300, Duration.ZERO, MINUTE));
        }
        for (long seed = 1; seed <= 3; seed++) {
            all.put("random: 80 % fail, seed " + seed, random(seed, Duration.ZERO));
        }
        all.put("random: 80 % fail, over 5 s", random(4, Duration.ofSeconds(5)));
        for (int percent : new int[] {130, 200, 400}) {
            all.put(
                    "overload: " + percent + " % of " + CAPACITY + "/s",
                    storm -> storm.overload(CAPACITY * percent / 100));
        }
        return all;
    }

    private static Scenario queue(Duration service, Duration refusedAfter) {
        return calls(FaultyServer.queueing(2, service, refusedAfter, 100), 20, Duration.ZERO, MINUTE);
    }

    private static Scenario random(long seed, Duration over) {
        return calls(FaultyServer.random(0.8, seed), 500, over, Duration.ofSeconds(20));
    }

    private static Scenario calls(Fault fault, int number, Duration over, Duration deadline) {
        return storm -> {
            storm.server.fault(fault);
            storm.calls(number, over, deadline).block();
            return number;
        };
    }

    /** Runs a scenario with a server and a client of its own, and returns its row of the table. */
    private static String row(String name, Scenario scenario) throws InterruptedException {
        try (PatienceStorm storm = new PatienceStorm()) {
            int number = scenario.run(storm);
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %.2f | %s | %d | %s | %.1f |%n",
                    name,
                    number,
                    storm.successes.get(),
                    (double) (storm.server.received() - storm.receivedBefore) / number,
                    storm.firstMillis.get() < 0 ? "–" : storm.firstMillis,
                    storm.server.mostAtOnce(),
                    storm.busy,
                    millisSince(storm.began) / 1e3);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private Mono<Void> calls(int number, Duration over, Duration deadline) {
        ApiRequest<JsonNode> request = ApiRequest.get("work").deadline(deadline);
        Mono<Void> call = client.execute(request)
                .doOnNext(response -> succeeded())
                .onErrorComplete()
                .then();
        return Flux.range(0, number)
                .map(i -> over.isZero()
                        ? call
                        : Mono.delay(over.multipliedBy(i).dividedBy(number)).then(call))
                .flatMap(each -> each, Integer.MAX_VALUE)
                .then();
    }

    private void succeeded() {
        successes.incrementAndGet();
        long now = System.nanoTime();
        if (now > returned) {
            firstMillis.compareAndSet(-1, (now - returned) / 1_000_000);
        }
    }

    private int outage(Duration over, int warm, String how) throws InterruptedException {
        int number = 400;
        if (warm > 0) {
            calls(warm, Duration.ofSeconds(2), MINUTE).block();
            successes.set(0);
        }
        receivedBefore = server.received();
        began = System.nanoTime();
        if (over.isZero()) {
            fail(how);
        }
        var done = calls(number, over, MINUTE).toFuture();
        if (!over.isZero()) {
            Thread.sleep(over.toMillis() / 4);
            fail(how);
        }
        Thread.sleep(2_000);
        if (how.equals("refused")) {
            server.reappear();
        } else {
            server.fault(WELL);
        }
        returned = System.nanoTime();
        done.join();
        return number;
    }

    private void fail(String how) {
        switch (how) {
            case "503" -> server.fault(FaultyServer.always(End.REFUSED));
            case "reset" -> server.fault(FaultyServer.always(End.RESET));
            default -> server.vanish();
        }
    }

    private int overload(int perSecond) throws InterruptedException {
        server.fault(FaultyServer.queueing(13, Duration.ofMillis(20), MINUTE, 13));
        int number = (int) (perSecond * OVERLOAD.toMillis() / 1000);
        var running = calls(number, OVERLOAD, MINUTE).subscribe();
        Thread.sleep(OVERLOAD.toMillis());
        busy = Math.round(100 * server.served() * 1000.0 / millisSince(began) / CAPACITY) + " %";
        running.dispose();
        return number;
    }
}
