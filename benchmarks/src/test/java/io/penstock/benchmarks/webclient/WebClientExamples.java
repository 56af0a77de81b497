package io.penstock.benchmarks.webclient;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.github.resilience4j.reactor.ratelimiter.operator.RateLimiterOperator;
import io.github.resilience4j.reactor.retry.RetryOperator;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.netty.channel.ChannelOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** The WebClient side of docs/coming-from-webclient.md, compiled: {@code GuidesTest} compares the two. */
final class WebClientExamples {

    private WebClientExamples() {}

    record Thing(String id, String name) {}

    record ThingPage(List<Thing> items, @Nullable String nextCursor) {}

    record ErrorBody(String code, String message) {}

    static final class OutOfStock extends RuntimeException {
        private static final long serialVersionUID = 1;

        OutOfStock(String message) {
            super(message);
        }
    }

    static Retry retry() {
        // example: webclient retry
        Retry retry = Retry.of(
                "acme",
                RetryConfig.custom()
                        .maxAttempts(5)
                        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(
                                Duration.ofSeconds(1), 2, 0.25, Duration.ofSeconds(30)))
                        .retryOnException(e -> e instanceof WebClientRequestException
                                || e instanceof TimeoutException
                                || (e instanceof WebClientResponseException answer
                                        && (answer.getStatusCode().is5xxServerError()
                                                || answer.getStatusCode().value() == 429)))
                        .build());
        // end
        return retry;
    }

    static Mono<Thing> get(WebClient web, Retry retry) {
        // example: webclient get
        Mono<Thing> thing = web.get()
                .uri("/things/{id}", "t-1")
                .retrieve()
                .bodyToMono(Thing.class)
                .transformDeferred(RetryOperator.of(retry));
        // end
        return thing;
    }

    static Mono<Thing> post(WebClient web, Retry retry) {
        // example: webclient post
        String key = UUID.nameUUIDFromBytes("order 4711".getBytes(StandardCharsets.UTF_8))
                .toString();
        Mono<Thing> created = web.post()
                .uri("/things")
                .header("Idempotency-Key", key)
                .bodyValue(Map.of("name", "lamp"))
                .retrieve()
                .bodyToMono(Thing.class)
                .transformDeferred(RetryOperator.of(retry));
        // end
        return created;
    }

    static Mono<Thing> limited(Mono<Thing> call) {
        // example: webclient limiter
        RateLimiter limiter = RateLimiter.of(
                "acme",
                RateLimiterConfig.custom()
                        .limitForPeriod(60)
                        .limitRefreshPeriod(Duration.ofMinutes(1))
                        .timeoutDuration(Duration.ofSeconds(60))
                        .build());
        Mono<Thing> limited = call.transformDeferred(RateLimiterOperator.of(limiter));
        // end
        return limited;
    }

    static Mono<Thing> guarded(Mono<Thing> call) {
        // example: webclient breaker
        CircuitBreaker breaker = CircuitBreaker.of(
                "acme",
                CircuitBreakerConfig.custom()
                        .failureRateThreshold(50)
                        .slidingWindowSize(50)
                        .minimumNumberOfCalls(20)
                        .waitDurationInOpenState(Duration.ofSeconds(1))
                        .build());
        Mono<Thing> guarded = call.transformDeferred(CircuitBreakerOperator.of(breaker))
                .onErrorResume(CallNotPermittedException.class, e -> Mono.empty());
        // end
        return guarded;
    }

    static Flux<Thing> pages(WebClient web) {
        // example: webclient pages
        Flux<Thing> things = page(web, "")
                .expand(page -> page.nextCursor() == null ? Mono.empty() : page(web, page.nextCursor()))
                .flatMapIterable(ThingPage::items);
        // end
        return things;
    }

    private static Mono<ThingPage> page(WebClient web, String cursor) {
        return web.get()
                .uri(uri -> uri.path("/things").queryParam("cursor", cursor).build())
                .retrieve()
                .bodyToMono(ThingPage.class);
    }

    static Mono<Thing> timeouts(Retry retry) {
        // example: webclient timeouts
        HttpClient http = HttpClient.create()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 2_000)
                .responseTimeout(Duration.ofSeconds(10));
        WebClient web = WebClient.builder()
                .baseUrl("https://api.example.com/v1")
                .clientConnector(new ReactorClientHttpConnector(http))
                .build();
        Mono<Thing> thing = web.get()
                .uri("/things/t-1")
                .retrieve()
                .bodyToMono(Thing.class)
                .timeout(Duration.ofSeconds(15)) // each attempt
                .transformDeferred(RetryOperator.of(retry))
                .timeout(Duration.ofSeconds(20)); // the whole call
        // end
        return thing;
    }

    static Mono<Thing> errors(WebClient web) {
        // example: webclient errors
        Mono<Thing> created = web.post()
                .uri("/things")
                .bodyValue(Map.of("name", "lamp"))
                .retrieve()
                .bodyToMono(Thing.class)
                .onErrorMap(WebClientResponseException.class, e -> {
                    ErrorBody body = e.getResponseBodyAs(ErrorBody.class);
                    return body != null && body.code().equals("OUT_OF_STOCK") ? new OutOfStock(body.message()) : e;
                })
                .onErrorResume(OutOfStock.class, e -> Mono.empty());
        // end
        return created;
    }

    static WebClient stubbed() {
        // example: webclient test
        WebClient web = WebClient.builder()
                .exchangeFunction(request -> Mono.just(ClientResponse.create(HttpStatus.OK)
                        .header("content-type", "application/json")
                        .body("{\"id\":\"t-1\",\"name\":\"lamp\"}")
                        .build()))
                .build();
        // end
        return web;
    }
}
