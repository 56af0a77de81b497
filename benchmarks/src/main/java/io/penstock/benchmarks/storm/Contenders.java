package io.penstock.benchmarks.storm;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.retry.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import reactor.util.retry.Retry;

/** The contenders and their settings. */
final class Contenders {

    /**
     * A contender.
     *
     * @param name the name in tables and charts
     * @param settings a description for the page
     * @param client the factory, which takes the server's URI
     */
    record Entry(String name, String settings, Function<String, Contender> client) {}

    /** The contender that the goals apply to. */
    static final String PENSTOCK = "Penstock";

    private static final Duration OPEN = Duration.ofSeconds(2);

    private Contenders() {}

    static List<Entry> all() {
        return List.of(
                new Entry(
                        "retry(4)",
                        "Reactor Netty with `retry(4)`: at most 5 sends, no wait between them",
                        uri -> new ReactorNettyClient(uri, call -> call.retry(4))),
                new Entry(
                        "backoff(4, 100 ms)",
                        "Reactor Netty with `Retry.backoff(4, Duration.ofMillis(100))`: at most 5 sends, waits of 100, 200, 400,"
                                + " 800 ms ± 50 %",
                        uri -> new ReactorNettyClient(
                                uri, call -> call.retryWhen(Retry.backoff(4, Duration.ofMillis(100))))),
                new Entry(
                        "Resilience4j, defaults",
                        "Reactor Netty with `RetryOperator` around `CircuitBreakerOperator`, both `ofDefaults`: at most 3 sends,"
                                + " 500 ms apart; the breaker opens at 50 % failures of at least 100 of the last 100 calls,"
                                + " stays open for 60 s, then lets 10 calls try",
                        uri -> new ResilientReactorNetty(uri, CircuitBreakerConfig.ofDefaults())),
                new Entry(
                        "Resilience4j, open 2 s",
                        "the same, but the breaker stays open for 2 s, a common setting",
                        uri -> new ResilientReactorNetty(
                                uri,
                                CircuitBreakerConfig.custom()
                                        .waitDurationInOpenState(OPEN)
                                        .build())),
                new Entry(
                        PENSTOCK,
                        "a client of `VendorSpec.generic`, nothing changed: " + RetryPolicy.standard() + "; circuit: "
                                + CircuitPolicy.standard(),
                        uri -> new PenstockClient(uri, RetryPolicy.standard(), CircuitPolicy.standard())),
                new Entry(
                        "Penstock, no circuit",
                        "the same with `CircuitPolicy.off()`, to show what the retry budget does alone",
                        uri -> new PenstockClient(uri, RetryPolicy.standard(), CircuitPolicy.off())),
                new Entry(
                        "Penstock, neither",
                        "the same with `CircuitPolicy.off()` and `withBudgetShare(1)`: only attempts and waits",
                        uri -> new PenstockClient(
                                uri, RetryPolicy.standard().withBudgetShare(1), CircuitPolicy.off())));
    }
}
