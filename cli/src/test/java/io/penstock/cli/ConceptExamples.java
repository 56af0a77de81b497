package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.pipeline.Operator;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The examples of concepts.md, options.md and coming-from-webclient.md: {@code GuidesTest} compares them. */
final class ConceptExamples {

    private ConceptExamples() {}

    record Thing(String id, String name) {}

    static List<Object> options(VendorSpec acme, String key) {
        // example: options
        ApiClient client = ApiClient.builder(acme)
                .secret(Secret.of(key))
                .deadline(Duration.ofSeconds(20))
                .retry(RetryPolicy.standard().withMaxAttempts(3))
                .connections(ConnectionOptions.standard().withConnectTimeout(Duration.ofSeconds(2)))
                .build();

        ApiRequest<JsonNode> patient =
                ApiRequest.get("reports/{id}").path("id", 7).deadline(Duration.ofMinutes(5));
        // end
        return List.of(client, patient);
    }

    static Mono<String> certainty(Mono<Thing> created) {
        // example: certainty
        Mono<String> text = created.map(Thing::id).onErrorResume(ApiException.class, e -> switch (e.certainty()) {
            case NOT_SENT, REJECTED -> Mono.just("it has no effect; it can be ordered again");
            case PROCESSED -> Mono.just("it is done; only the answer is lost");
            case MAYBE_PROCESSED ->
                Mono.just(e.safeToRepeat() ? "subscribe again: it is idempotent or keyed" : "look before ordering again");
        });
        // end
        return text;
    }

    static ApiClient operators(VendorSpec acme, LongAdder calls, Supplier<String> traceparent) {
        // example: operators
        ApiClient client = ApiClient.builder(acme)
                .operator(Operator.Position.PER_CALL, Operator.of("count calls", (call, next) -> {
                    calls.increment();
                    return next.exchange(call);
                }))
                .operator(Operator.Position.PER_ATTEMPT, Operator.of("trace", (attempt, next) -> {
                    attempt.header("traceparent", traceparent.get());
                    return next.exchange(attempt);
                }))
                .build();
        // end
        return client;
    }
}
