package io.penstock.benchmarks.storm;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.github.resilience4j.reactor.retry.RetryOperator;
import io.github.resilience4j.retry.Retry;
import reactor.core.publisher.Mono;

/**
 * Reactor Netty with the operators of Resilience4j: retry around the circuit breaker, in the order of its
 * documentation.
 */
final class ResilientReactorNetty implements Contender {

    private final ReactorNettyClient client;

    ResilientReactorNetty(String uri, CircuitBreakerConfig config) {
        CircuitBreaker breaker = CircuitBreaker.of("storm", config);
        Retry retry = Retry.ofDefaults("storm");
        // Deferred, because the retry operator counts attempts from its application, which must be once per call.
        this.client = new ReactorNettyClient(
                uri,
                call -> call.transformDeferred(CircuitBreakerOperator.of(breaker))
                        .transformDeferred(RetryOperator.of(retry)));
    }

    @Override
    public Mono<Void> call() {
        return client.call();
    }

    @Override
    public void close() {
        client.close();
    }
}
