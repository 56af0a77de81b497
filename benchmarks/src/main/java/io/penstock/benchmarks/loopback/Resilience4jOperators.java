package io.penstock.benchmarks.loopback;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.github.resilience4j.reactor.ratelimiter.operator.RateLimiterOperator;
import io.github.resilience4j.reactor.retry.RetryOperator;
import io.github.resilience4j.reactor.timelimiter.TimeLimiterOperator;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import java.time.Duration;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/**
 * The operators that an application puts around a call, in the order of Resilience4j's documentation: retry, circuit
 * breaker, rate limiter, time limiter.
 */
final class Resilience4jOperators implements UnaryOperator<Mono<Object>> {

    private final Retry retry = Retry.ofDefaults("loopback");
    private final CircuitBreaker breaker = CircuitBreaker.ofDefaults("loopback");
    /** A limiter with more permits than any run needs, so that no call waits. */
    private final RateLimiter limiter = RateLimiter.of(
            "loopback",
            RateLimiterConfig.custom()
                    .limitForPeriod(100_000_000)
                    .limitRefreshPeriod(Duration.ofSeconds(1))
                    .build());

    private final TimeLimiter time = TimeLimiter.of(
            "loopback",
            TimeLimiterConfig.custom().timeoutDuration(Duration.ofSeconds(30)).build());

    @Override
    public Mono<Object> apply(Mono<Object> call) {
        return call.transformDeferred(TimeLimiterOperator.of(time))
                .transformDeferred(RateLimiterOperator.of(limiter))
                .transformDeferred(CircuitBreakerOperator.of(breaker))
                .transformDeferred(RetryOperator.of(retry));
    }
}
