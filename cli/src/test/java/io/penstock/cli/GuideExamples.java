package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.download.Download;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.pentify.Pentify;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.pentify.PentifySimulator;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The examples of the guides, compiled: {@code GuidesTest} compares them with the pages. */
final class GuideExamples {

    private static final Logger log = LoggerFactory.getLogger(GuideExamples.class);

    private GuideExamples() {}

    // example: record
    record Thing(String id, String name) {}
    // end

    static ApiClient client(String key) {
        // example: client
        VendorSpec acme = VendorSpec.generic("acme", URI.create("https://api.example.com/v1/"));
        ApiClient client = ApiClient.builder(acme).secret(Secret.of(key)).build();
        // end
        return client;
    }

    static Mono<Thing> firstCall(ApiClient client) {
        // example: first call
        Mono<Thing> thing =
                client.value(ApiRequest.get("things/{id}").path("id", "t-1").as(Thing.class));
        // end
        return thing;
    }

    static Mono<Thing> firstError(ApiClient client) {
        // example: first error
        Mono<Thing> thing = client.value(
                        ApiRequest.get("things/{id}").path("id", "t-1").as(Thing.class))
                .onErrorResume(ErrorKind.NOT_FOUND::matches, e -> Mono.empty())
                .doOnError(
                        ApiException.class,
                        e -> log.warn("{}\n{}", e.getMessage(), e.journey().timeline()));
        // end
        return thing;
    }

    static Mono<Thing> firstPost(String key) {
        // example: first POST
        VendorSpec acme = VendorSpec.generic("acme", URI.create("https://api.example.com/v1/"))
                .withKeyPlacement(KeyPlacement.header("Idempotency-Key", "things"));
        ApiClient client = ApiClient.builder(acme).secret(Secret.of(key)).build();

        ApiRequest<Thing> order = ApiRequest.post("things")
                .body(Map.of("name", "lamp"))
                .idempotencyKey(IdempotencyKey.derivedFrom(Map.of("order", 4711)))
                .as(Thing.class);
        Mono<Thing> created = client.value(order)
                .onErrorResume(
                        ApiException.class,
                        e -> e.certainty() == Certainty.MAYBE_PROCESSED
                                ? client.value(order) // the same key: one thing, whatever has happened
                                : Mono.error(e));
        // end
        return created;
    }

    static Mono<Download> options(ApiClient client) {
        // example: deadline
        Mono<Download> report = client.download(
                ApiRequest.get("reports/{id}").path("id", 7).deadline(Duration.ofMinutes(5)), Path.of("report.pdf"));
        // end
        return report;
    }

    static String explain(ApiClient client) {
        // example: inspect
        String plan = client.inspect().explain(ApiRequest.get("things"));
        client.inspect().quotas().forEach(quota -> log.info("{}", quota));
        client.inspect().circuits().forEach(circuit -> log.info("{}", circuit));
        // end
        return plan;
    }

    static void simulator() {
        // example: simulator
        try (PentifySimulator simulator = PentifySimulator.start()) {
            Pentify pentify = Pentify.over(Pentify.configure()
                    .baseUri(simulator.baseUri())
                    .secret(Secret.of(simulator.secret()))
                    .build());
            simulator.faults().on("GET", "/v1/usage", Fault.resetAfterEffect());

            JsonNode usage = pentify.client().value(ApiRequest.get("usage")).block(); // the second attempt is answered
            log.info("{}", usage);
        }
        // end
    }
}
