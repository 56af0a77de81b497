package io.penstock.benchmarks.storm;

import io.penstock.ApiClient;
import io.penstock.benchmarks.storm.FaultyServer.End;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import reactor.core.Disposable;
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
public final class PatienceStorm {

    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final String HEAD =
            "| scenario | calls | succeeded | sends per call | first success after return, ms"
                    + " | most at once | served, of what it can | took, s |\n|---|---|---|---|---|---|---|---|\n";
    private static final int CAPACITY = 650;

    private PatienceStorm() {}

    /** The observation of a scenario. A negative number means that the scenario has no such figure. */
    private record Seen(
            int calls, int successes, int sends, long firstMillis, int mostAtOnce, double busy, long tookMillis) {
        String row(String name) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %.2f | %s | %d | %s | %.1f |%n",
                    name,
                    calls,
                    successes,
                    (double) sends / calls,
                    firstMillis < 0 ? "–" : String.valueOf(firstMillis),
                    mostAtOnce,
                    busy < 0 ? "–" : Math.round(100 * busy) + " %",
                    tookMillis / 1e3);
        }
    }

    private interface Scenario {
        Seen run() throws InterruptedException;
    }

    /** Runs the scenarios. Ignores the arguments, which Maven passes for JMH. */
    public static void main(String[] args) throws IOException, InterruptedException {
        String only = System.getProperty("storm.only", "");
        calls(FaultyServer.serving(Duration.ofMillis(1)), 2_000, Duration.ZERO, MINUTE); // warm-up
        StringBuilder table = new StringBuilder(HEAD);
        System.out.print(HEAD);
        for (Map.Entry<String, Scenario> each : scenarios().entrySet()) {
            if (Stream.of(only.split(",", -1)).anyMatch(each.getKey()::contains)) {
                String row = each.getValue().run().row(each.getKey());
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
            all.put("outage: " + how + ", at once", () -> outage(Duration.ZERO, 0, how));
            all.put("outage: " + how + ", over 4 s", () -> outage(Duration.ofSeconds(4), 0, how));
        }
        all.put("outage: 503, at once, warm", () -> outage(Duration.ZERO, 400, "503"));
        for (int rate : new int[] {10, 30, 100}) {
            for (int burst : new int[] {5, 20, 50}) {
                all.put(
                        "limit: " + rate + "/s, burst " + burst,
                        () -> calls(FaultyServer.limited(rate, burst), 200, Duration.ZERO, Duration.ofSeconds(30)));
            }
        }
        queue(all, "2 slots of 100 ms", Duration.ofMillis(100), Duration.ZERO);
        queue(all, "2 slots of 1 s", Duration.ofSeconds(1), Duration.ZERO);
        queue(all, "2 slots of 500 ms, 503 after 300 ms", Duration.ofMillis(500), Duration.ofMillis(300));
        for (long seed = 1; seed <= 3; seed++) {
            long dice = seed;
            all.put(
                    "chaos: 20 % reset, 2 % stalled, seed " + seed,
                    () -> calls(FaultyServer.chaos(0.2, 0.02, dice), 300, Duration.ZERO, MINUTE));
        }
        for (long seed = 1; seed <= 3; seed++) {
            long dice = seed;
            all.put(
                    "random: 80 % fail, seed " + seed,
                    () -> calls(FaultyServer.random(0.8, dice), 500, Duration.ZERO, Duration.ofSeconds(20)));
        }
        all.put(
                "random: 80 % fail, over 5 s",
                () -> calls(FaultyServer.random(0.8, 4), 500, Duration.ofSeconds(5), Duration.ofSeconds(20)));
        for (int percent : new int[] {130, 200, 400}) {
            all.put(
                    "overload: " + percent + " % of " + CAPACITY + "/s",
                    () -> overload(CAPACITY * percent / 100, Duration.ofSeconds(8)));
        }
        return all;
    }

    private static void queue(Map<String, Scenario> all, String name, Duration service, Duration refusedAfter) {
        all.put(
                "queue: " + name,
                () -> calls(FaultyServer.queueing(2, service, refusedAfter, 100), 20, Duration.ZERO, MINUTE));
    }

    private static ApiClient client(FaultyServer server) {
        return ApiClient.builder(VendorSpec.generic("storm", URI.create(server.uri())))
                .build();
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    /** The outcomes of calls. */
    private static final class Outcomes {
        final AtomicInteger successes = new AtomicInteger();
        final AtomicLong firstMillis = new AtomicLong(-1);
        volatile long returned = Long.MAX_VALUE;

        Mono<Void> calls(ApiClient client, int number, Duration over, Duration deadline) {
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
    }

    private static Seen calls(FaultyServer.Fault fault, int number, Duration over, Duration deadline) {
        try (FaultyServer server = FaultyServer.start(fault);
                ApiClient client = client(server)) {
            long began = System.nanoTime();
            Outcomes outcomes = new Outcomes();
            outcomes.calls(client, number, over, deadline).block();
            return new Seen(
                    number,
                    outcomes.successes.get(),
                    server.received(),
                    -1,
                    server.mostAtOnce(),
                    -1,
                    millisSince(began));
        }
    }

    private static Seen outage(Duration over, int warm, String how) throws InterruptedException {
        int number = 400;
        FaultyServer.Fault well = FaultyServer.serving(Duration.ofMillis(5));
        try (FaultyServer server = FaultyServer.start(well);
                ApiClient client = client(server)) {
            if (warm > 0) {
                new Outcomes()
                        .calls(client, warm, Duration.ofSeconds(2), MINUTE)
                        .block();
            }
            int before = server.received();
            long began = System.nanoTime();
            if (over.isZero()) {
                fail(server, how);
            }
            Outcomes outcomes = new Outcomes();
            CompletableFuture<Void> done =
                    outcomes.calls(client, number, over, MINUTE).toFuture();
            if (!over.isZero()) {
                Thread.sleep(over.toMillis() / 4);
                fail(server, how);
            }
            Thread.sleep(2_000);
            if (how.equals("refused")) {
                server.reappear();
            } else {
                server.fault(well);
            }
            outcomes.returned = System.nanoTime();
            done.join();
            return new Seen(
                    number,
                    outcomes.successes.get(),
                    server.received() - before,
                    outcomes.firstMillis.get(),
                    server.mostAtOnce(),
                    -1,
                    millisSince(began));
        }
    }

    private static void fail(FaultyServer server, String how) {
        switch (how) {
            case "503" -> server.fault(FaultyServer.always(End.REFUSED));
            case "reset" -> server.fault(FaultyServer.always(End.RESET));
            default -> server.vanish();
        }
    }

    private static Seen overload(int perSecond, Duration time) throws InterruptedException {
        FaultyServer.Fault fault = FaultyServer.queueing(13, Duration.ofMillis(20), MINUTE, 13);
        int number = (int) (perSecond * time.toMillis() / 1000);
        try (FaultyServer server = FaultyServer.start(fault);
                ApiClient client = client(server)) {
            Outcomes outcomes = new Outcomes();
            long began = System.nanoTime();
            Disposable running = outcomes.calls(client, number, time, MINUTE).subscribe();
            Thread.sleep(time.toMillis());
            long took = millisSince(began);
            double busy = server.served() * 1000.0 / took / CAPACITY;
            running.dispose();
            return new Seen(number, outcomes.successes.get(), server.received(), -1, server.mostAtOnce(), busy, took);
        }
    }
}
