package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.paging.Paging;
import io.penstock.pipeline.Operator;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.ratelimit.RetryAfter;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.ScriptedTransport;
import io.penstock.transport.ConnectionOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/** The examples of concepts.md, options.md, quota-headers.md and coming-from-webclient.md: {@code GuidesTest} compares them. */
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
                Mono.just(e.safeToRepeat() ? "it can be sent again as it is" : "look before ordering again");
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

    static Mono<Thing> keyedOrder(String key) {
        // example: keyed order
        VendorSpec acme = VendorSpec.generic("acme", URI.create("https://api.example.com/v1/"))
                .withKeyPlacement(KeyPlacement.header("Idempotency-Key", "things"));
        ApiClient client = ApiClient.builder(acme).secret(Secret.of(key)).build();

        Mono<Thing> created = client.value(ApiRequest.post("things")
                .body(Map.of("name", "lamp"))
                .idempotencyKey(IdempotencyKey.derivedFrom(Map.of("order", 4711)))
                .as(Thing.class));
        // end
        return created;
    }

    static ApiClient declaredLimit(VendorSpec acme) {
        // example: declared limit
        VendorSpec limited = acme.withQuota(QuotaModel.reported(HeaderFamily.auto())
                .withLimits(DeclaredLimit.perCredential("all", 60, Duration.ofMinutes(1))));
        ApiClient client = ApiClient.builder(limited).build();
        // end
        return client;
    }

    static Mono<Thing> circuit(VendorSpec acme, ApiRequest<Thing> request) {
        // example: fail fast
        ApiClient client = ApiClient.builder(acme)
                .circuit(CircuitPolicy.standard().failFast())
                .build();
        Mono<Thing> guarded = client.value(request).onErrorResume(ErrorKind.CIRCUIT_OPEN::matches, e -> Mono.empty());
        // end
        return guarded;
    }

    static Flux<Thing> pages(ApiClient client) {
        // example: pages
        Payload<Page<Thing>> list = Payload.page(Thing.class, List.of("items"), List.of("nextCursor"));
        Flux<Thing> things = client.pages(ApiRequest.get("things").as(list), Paging.cursor("cursor"))
                .items();
        // end
        return things;
    }

    static ApiClient timeouts(VendorSpec acme) {
        // example: timeouts
        ApiClient client = ApiClient.builder(acme)
                .connections(ConnectionOptions.standard().withConnectTimeout(Duration.ofSeconds(2)))
                .firstByteTimeout(Duration.ofSeconds(10))
                .attemptTimeout(Duration.ofSeconds(15))
                .deadline(Duration.ofSeconds(20))
                .build();
        // end
        return client;
    }

    static Mono<Thing> errors(VendorSpec acme) {
        // example: error table
        VendorSpec spec = acme.withErrors(ErrorModel.byStatusOnly()
                .withShape(ErrorShape.messageOnly().withCode("/code"))
                .withTable(new ErrorTable(Map.of("OUT_OF_STOCK", ErrorRule.permanent(ErrorKind.CONFLICT)))));
        ApiClient client = ApiClient.builder(spec).build();

        Mono<Thing> created = client.value(
                        ApiRequest.post("things").body(Map.of("name", "lamp")).as(Thing.class))
                .onErrorResume(ErrorKind.CONFLICT::matches, e -> Mono.empty());
        // end
        return created;
    }

    static void retriesAfterVirtualSecond(VendorSpec acme) {
        // example: virtual time
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        ScriptedTransport wire = ScriptedTransport.of(
                ScriptedTransport.answer(503, "{}"),
                ScriptedTransport.answer(200, "{\"id\":\"t-1\",\"name\":\"lamp\"}"));
        ApiClient client =
                ApiClient.builder(acme).transport(wire).scheduler(time).build();

        StepVerifier.create(client.value(ApiRequest.get("things/t-1").as(Thing.class)))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(2))) // a backoff of 1 s ± 25 %
                .expectNext(new Thing("t-1", "lamp"))
                .verifyComplete();
        // end
    }

    static ErrorShape placesOfWaits() {
        // example: places of waits
        ErrorShape shape = ErrorShape.nestedError()
                .withRetryAfter(RetryAfter.usual()
                        .withHeader("x-cooldown", TimeUnit.MINUTES)
                        .withMembers(
                                RetryAfter.Place.seconds(
                                        "/error/details/[@type=type.googleapis.com/google.rpc.RetryInfo]/retryDelay"),
                                RetryAfter.Place.millis("/error/wait_ms")));
        // end
        return shape;
    }
}
