package io.penstock.benchmarks;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.github.resilience4j.reactor.ratelimiter.operator.RateLimiterOperator;
import io.github.resilience4j.reactor.retry.RetryOperator;
import io.github.resilience4j.retry.Retry;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * The same work as many applications do it today: operators of Reactor and Resilience4j, composed for every call around
 * a {@code Mono} of the response.
 */
final class Resilience4j {

    private final byte[] body = StubAnswer.body();
    private final Retry retry = Retry.ofDefaults("calls");
    private final CircuitBreaker breaker = CircuitBreaker.ofDefaults("calls");
    private final RateLimiter limiter = RateLimiter.of(
            "calls",
            RateLimiterConfig.custom()
                    .limitForPeriod(1_000_000_000)
                    .limitRefreshPeriod(Duration.ofSeconds(1))
                    .build());

    /** The stub's answer. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(int status, byte[] body) {}

    private Mono<Answer> stub(Map<String, String> headers) {
        return headers.containsKey("authorization") ? Mono.just(new Answer(200, body)) : Mono.empty();
    }

    /** Returns a call, composed for it alone. */
    Mono<Answer> call() {
        return Mono.defer(() -> stub(Map.of("accept", "application/json", "authorization", "Bearer " + StubAnswer.KEY)))
                .timeout(Duration.ofSeconds(30))
                .transformDeferred(CircuitBreakerOperator.of(breaker))
                .transformDeferred(RateLimiterOperator.of(limiter))
                .transformDeferred(RetryOperator.of(retry));
    }
}
