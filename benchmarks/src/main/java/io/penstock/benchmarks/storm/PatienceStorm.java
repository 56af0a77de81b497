package io.penstock.benchmarks.storm;

import io.penstock.ApiClient;
import io.penstock.ApiException;
import io.penstock.ApiRequest;
import io.penstock.benchmarks.storm.FaultyServer.End;
import io.penstock.vendor.VendorSpec;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * What becomes of calls that have time left, at servers that are away for a while, limit, queue, break connections, fail at
 * random or are overloaded; a client as it comes. Prints one table.
 *
 * <p>System property {@code storm.only}: words, of which a scenario's name has to contain one; all run without.
 */
public final class PatienceStorm {

    private static final ApiRequest<JsonNode> REQUEST = ApiRequest.get("work");
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private PatienceStorm() {}

    /** What was seen. */
    private record Seen(
            int calls, int served, int sends, long firstAfterReturnMillis, int mostAtOnce, long tookMillis) {
        double sendsPerCall() {
            return (double) sends / calls;
        }
    }

    private interface Scenario {
        Seen run() throws Exception;
    }

    /** Takes no arguments. */
    public static void main(String[] args) throws Exception {
        String[] only = System.getProperty("storm.only", "").split(",", -1);
        calls(FaultyServer.serving(Duration.ofMillis(1)), 2_000, MINUTE); // code is cold
        System.out.println("| scenario | calls | succeeded | sends per call | first success after return, ms"
                + " | most at once | took, s |\n|---|---|---|---|---|---|---|");
        for (Map.Entry<String, Scenario> each : scenarios().entrySet()) {
            boolean wanted = false;
            for (String word : only) {
                wanted |= each.getKey().contains(word);
            }
            if (wanted) {
                Seen seen = each.getValue().run();
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %d | %d | %.2f | %s | %d | %.1f |%n",
                        each.getKey(),
                        seen.calls(),
                        seen.served(),
                        seen.sendsPerCall(),
                        seen.firstAfterReturnMillis() < 0 ? "–" : seen.firstAfterReturnMillis(),
                        seen.mostAtOnce(),
                        seen.tookMillis() / 1e3);
            }
        }
        System.exit(0); // event loops that a client shares with others would keep the process for a while
    }

    private static Map<String, Scenario> scenarios() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("outage: 503, at once", () -> outage(400, Duration.ZERO, 0, "503"));
        all.put("outage: refused, at once", () -> outage(400, Duration.ZERO, 0, "refused"));
        all.put("outage: reset, at once", () -> outage(400, Duration.ZERO, 0, "reset"));
        all.put("outage: 503, over 4 s", () -> outage(400, Duration.ofSeconds(4), 0, "503"));
        all.put("outage: refused, over 4 s", () -> outage(400, Duration.ofSeconds(4), 0, "refused"));
        all.put("outage: reset, over 4 s", () -> outage(400, Duration.ofSeconds(4), 0, "reset"));
        all.put("outage: 503, at once, warm", () -> outage(400, Duration.ZERO, 400, "503"));
        for (int rate : new int[] {10, 30, 100}) {
            for (int burst : new int[] {5, 20, 50}) {
                all.put(
                        "limit: " + rate + "/s, burst " + burst,
                        () -> calls(FaultyServer.limited(rate, burst), 200, Duration.ofSeconds(rate == 10 ? 30 : 30)));
            }
        }
        all.put(
                "queue: 2 slots of 100 ms",
                () -> calls(FaultyServer.queueing(2, Duration.ofMillis(100), Duration.ZERO, 0), 20, MINUTE));
        all.put(
                "queue: 2 slots of 1 s",
                () -> calls(FaultyServer.queueing(2, Duration.ofSeconds(1), Duration.ZERO, 0), 20, MINUTE));
        all.put(
                "queue: 2 slots of 500 ms, 503 after 300 ms",
                () -> calls(FaultyServer.queueing(2, Duration.ofMillis(500), Duration.ofMillis(300), 100), 20, MINUTE));
        for (long seed = 1; seed <= 3; seed++) {
            long dice = seed;
            all.put(
                    "chaos: 20 % reset, 2 % stalled, seed " + seed,
                    () -> calls(FaultyServer.chaos(0.2, 0.02, dice), 300, MINUTE));
        }
        all.put("chaos: 40 % reset", () -> calls(FaultyServer.chaos(0.4, 0, 4), 300, MINUTE));
        for (long seed = 1; seed <= 3; seed++) {
            long dice = seed;
            all.put(
                    "random: 80 % fail, seed " + seed,
                    () -> calls(FaultyServer.random(0.8, dice), 500, Duration.ofSeconds(20)));
        }
        all.put(
                "random: 80 % fail, over 5 s",
                () -> calls(FaultyServer.random(0.8, 7), 500, Duration.ofSeconds(20), Duration.ofSeconds(5)));
        for (int more : new int[] {130, 200, 400}) {
            all.put("overload: " + more + " % of 650/s", () -> overload(650 * more / 100, Duration.ofSeconds(8)));
        }
        return all;
    }

    private static ApiClient client(FaultyServer server) {
        return ApiClient.builder(VendorSpec.generic("storm", URI.create(server.uri())))
                .build();
    }

    private static Seen calls(FaultyServer.Fault fault, int number, Duration deadline) {
        return calls(fault, number, deadline, Duration.ZERO);
    }

    private static Seen calls(FaultyServer.Fault fault, int number, Duration deadline, Duration over) {
        try (FaultyServer server = FaultyServer.start(fault);
                ApiClient client = client(server)) {
            long began = System.nanoTime();
            Outcomes outcomes = new Outcomes();
            outcomes.calls(client, number, over, deadline).block();
            outcomes.print();
            return new Seen(
                    number,
                    outcomes.successes.get(),
                    server.received(),
                    -1,
                    server.mostAtOnce(),
                    (System.nanoTime() - began) / 1_000_000);
        }
    }

    /** Ends of calls. */
    private static final class Outcomes {
        final AtomicInteger successes = new AtomicInteger();
        final AtomicLong firstAfter = new AtomicLong(-1);
        volatile long returned = Long.MAX_VALUE;
        final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();

        Mono<Void> calls(ApiClient client, int number, Duration over, Duration deadline) {
            ApiRequest<JsonNode> request = REQUEST.deadline(deadline);
            Flux<Mono<Void>> calls = Flux.range(0, number).map(i -> {
                Mono<Void> call = client.execute(request)
                        .doOnNext(r -> succeeded())
                        .onErrorResume(this::failed)
                        .then();
                return over.isZero()
                        ? call
                        : Mono.delay(over.multipliedBy(i).dividedBy(number)).then(call);
            });
            return calls.flatMap(call -> call, Integer.MAX_VALUE).then();
        }

        void succeeded() {
            successes.incrementAndGet();
            long now = System.nanoTime();
            if (now > returned) {
                firstAfter.compareAndSet(-1, (now - returned) / 1_000_000);
            }
        }

        private <T> Mono<T> failed(Throwable e) {
            String text = e instanceof ApiException known
                    ? known.kind() + " " + known.getMessage() + " | "
                            + known.journey().notes()
                    : e.toString();
            failures.computeIfAbsent(text.replaceAll("[0-9]+", "n"), t -> new AtomicInteger())
                    .incrementAndGet();
            return Mono.empty();
        }

        void print() {
            if (!failures.isEmpty() && Boolean.getBoolean("storm.failures")) {
                System.out.println(failures.entrySet().stream()
                        .map(each -> "    " + each.getValue() + " × " + each.getKey())
                        .collect(Collectors.joining("\n")));
            }
        }
    }

    private static Seen outage(int number, Duration over, int warm, String how) throws InterruptedException {
        FaultyServer.Fault well = FaultyServer.serving(Duration.ofMillis(5));
        try (FaultyServer server = FaultyServer.start(well);
                ApiClient client = client(server)) {
            if (warm > 0) {
                new Outcomes()
                        .calls(client, warm, Duration.ofSeconds(2), MINUTE)
                        .block();
            }
            int before = server.received();
            Outcomes outcomes = new Outcomes();
            long began = System.nanoTime();
            List<Mono<Void>> parts = new ArrayList<>();
            if (over.isZero()) {
                fail(server, how);
            }
            var done = outcomes.calls(client, number, over, MINUTE).toFuture();
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
            Objects.requireNonNull(parts);
            done.join();
            outcomes.print();
            return new Seen(
                    number,
                    outcomes.successes.get(),
                    server.received() - before,
                    outcomes.firstAfter.get(),
                    server.mostAtOnce(),
                    (System.nanoTime() - began) / 1_000_000);
        }
    }

    private static void fail(FaultyServer server, String how) {
        switch (how) {
            case "503" -> server.fault(FaultyServer.always(End.REFUSED));
            case "reset" -> server.fault(FaultyServer.always(End.RESET));
            default -> server.vanish();
        }
    }

    /** 13 workers of 20 ms; a queue of as many again; 503 at once beyond that. */
    private static Seen overload(int perSecond, Duration time) {
        FaultyServer.Fault fault = FaultyServer.queueing(13, Duration.ofMillis(20), MINUTE, 13);
        int number = (int) (perSecond * time.toMillis() / 1000);
        try (FaultyServer server = FaultyServer.start(fault);
                ApiClient client = client(server)) {
            Outcomes outcomes = new Outcomes();
            long began = System.nanoTime();
            var running = outcomes.calls(client, number, time, MINUTE).subscribe();
            int[] perTick = new int[(int) (time.toMillis() / 1000)];
            int before = 0;
            for (int i = 0; i < perTick.length; i++) {
                try {
                    Thread.sleep(1000);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                int now = server.served();
                perTick[i] = now - before;
                before = now;
            }
            int served = server.served();
            long took = (System.nanoTime() - began) / 1_000_000;
            System.out.println("    per second " + java.util.Arrays.toString(perTick) + "; share of C: "
                    + served * 1000.0 / took / 650 + "; in the last half "
                    + java.util.Arrays.stream(perTick)
                                    .skip(perTick.length / 2)
                                    .average()
                                    .orElse(0)
                            / 650);
            running.dispose();
            outcomes.print();
            return new Seen(number, outcomes.successes.get(), server.received(), -1, server.mostAtOnce(), took);
        }
    }
}
