package io.penstock.benchmarks.storm;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.github.resilience4j.reactor.retry.RetryOperator;
import io.penstock.ApiClient;
import io.penstock.benchmarks.Client;
import io.penstock.benchmarks.Contender;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.retry.Retry;

/** The contenders and their settings. */
final class Contenders {

    private static final Duration OPEN = Duration.ofSeconds(2);

    private Contenders() {}

    static List<Contender<String>> all() {
        return List.of(
                new Contender<>(
                        "retry(4)",
                        "Reactor Netty with `retry(4)`: at most 5 sends, no wait between them",
                        uri -> reactorNetty(uri, call -> call.retry(4))),
                new Contender<>(
                        "backoff(4, 100 ms)",
                        "Reactor Netty with `Retry.backoff(4, Duration.ofMillis(100))`: at most 5 sends, waits of 100, 200, 400,"
                                + " 800 ms ± 50 %",
                        uri -> reactorNetty(uri, call -> call.retryWhen(Retry.backoff(4, Duration.ofMillis(100))))),
                new Contender<>(
                        "Resilience4j, defaults",
                        "Reactor Netty with `RetryOperator` around `CircuitBreakerOperator`, both `ofDefaults`: at most 3 sends,"
                                + " 500 ms apart; the breaker opens at 50 % failures of at least 100 of the last 100 calls,"
                                + " stays open for 60 s, then lets 10 calls try",
                        uri -> resilience4j(uri, CircuitBreakerConfig.ofDefaults())),
                new Contender<>(
                        "Resilience4j, open 2 s",
                        "the same, but the breaker stays open for 2 s, a common setting",
                        uri -> resilience4j(
                                uri,
                                CircuitBreakerConfig.custom()
                                        .waitDurationInOpenState(OPEN)
                                        .build())),
                new Contender<>(
                        Contender.PENSTOCK,
                        "a client of `VendorSpec.generic`, nothing changed: " + RetryPolicy.standard() + "; circuit: "
                                + CircuitPolicy.standard(),
                        uri -> penstock(uri, RetryPolicy.standard(), CircuitPolicy.standard())),
                new Contender<>(
                        "Penstock, no circuit",
                        "the same with `CircuitPolicy.off()`, to show what the retry budget does alone",
                        uri -> penstock(uri, RetryPolicy.standard(), CircuitPolicy.off())),
                new Contender<>(
                        "Penstock, neither",
                        "the same with `CircuitPolicy.off()` and `withBudgetShare(1)`: only attempts and waits",
                        uri -> penstock(uri, RetryPolicy.standard().withBudgetShare(1), CircuitPolicy.off())));
    }

    private static Client penstock(String uri, RetryPolicy policy, CircuitPolicy circuit) {
        return Client.of(ApiClient.builder(VendorSpec.generic("storm", URI.create(uri)))
                .retry(policy)
                .circuit(circuit)
                .build());
    }

    private static Client reactorNetty(String uri, UnaryOperator<Mono<Void>> resilience) {
        ConnectionProvider pool = Client.pool();
        Mono<Void> call = Client.reactorNetty(pool, uri).responseSingle((response, body) -> {
            int status = response.status().code();
            return status == 200
                    ? body.then()
                    : body.then(Mono.error(() -> new IOException("status: " + status + " (expected: 200)")));
        });
        return new Client(resilience.apply(call), pool::dispose);
    }

    /** Returns Reactor Netty with retry around the circuit breaker, in the order of Resilience4j's documentation. */
    private static Client resilience4j(String uri, CircuitBreakerConfig config) {
        CircuitBreaker breaker = CircuitBreaker.of("storm", config);
        io.github.resilience4j.retry.Retry retry = io.github.resilience4j.retry.Retry.ofDefaults("storm");
        // Deferred, because the retry operator counts attempts from its application, which must be once per call.
        return reactorNetty(
                uri,
                call -> call.transformDeferred(CircuitBreakerOperator.of(breaker))
                        .transformDeferred(RetryOperator.of(retry)));
    }
}
