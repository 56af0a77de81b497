package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Journey;
import io.penstock.request.ApiRequest;
import io.penstock.test.simulator.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuple2;
import tools.jackson.databind.JsonNode;

/** Journeys of calls that emit bare values, over real sockets. */
class JourneyCaptureOverSocketsTest extends ClientOverSockets {

    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage");
    private static final ApiRequest<JsonNode> PROFILE = ApiRequest.get("profile");

    private static List<Integer> statuses(Journey journey) {
        return journey.attempts().stream().map(Journey.Attempt::status).toList();
    }

    @Test
    void separatesInterleavedSubscribers() {
        simulator.faults().on("GET", "/v1/usage", Fault.delay(Duration.ofMillis(30)), Fault.status(503));
        simulator.faults().on("GET", "/v1/profile", Fault.status(503), Fault.delay(Duration.ofMillis(30)));
        Journey.Capture usage = Journey.capture();
        Journey.Capture profile = Journey.capture();

        Mono.zip(
                        client().value(USAGE).then(client().value(USAGE)).contextWrite(usage),
                        client().value(PROFILE).contextWrite(profile))
                .block(PATIENCE);

        assertThat(usage.journeys())
                .extracting(JourneyCaptureOverSocketsTest::statuses)
                .containsExactly(List.of(200), List.of(503, 200));
        assertThat(usage.journeys())
                .allSatisfy(journey -> assertThat(journey.toString()).startsWith("GET /v1/usage"));
        assertThat(profile.journeys()).singleElement().satisfies(journey -> {
            assertThat(journey.toString()).startsWith("GET /v1/profile");
            assertThat(statuses(journey)).containsExactly(503, 200);
        });
    }

    @Test
    void zipsEachOfManyConcurrentSubscribersWithItsOwnJourney() {
        Mono<Tuple2<JsonNode, List<Journey>>> call = client().value(USAGE).as(Journey::zip);

        List<List<Journey>> all = Objects.requireNonNull(Flux.range(0, 16)
                .flatMap(n -> call)
                .map(Tuple2::getT2)
                .collectList()
                .block(PATIENCE));

        assertThat(all).hasSize(16).allSatisfy(own -> assertThat(own).hasSize(1));
        assertThat(all.stream().map(own -> own.get(0))).doesNotHaveDuplicates();
    }

    @Test
    void capturesJourneyOfFailure() {
        simulator.faults().on("GET", "/v1/usage", Fault.status(404));
        Journey.Capture capture = Journey.capture();

        ApiException failure = failureOf(client().value(USAGE).contextWrite(capture));

        assertThat(capture.journeys()).containsExactly(failure.journey());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404})
    void capturesJourneyOfSucceedingOrFailingStream(int status) {
        simulator.faults().on("GET", "/v1/usage", Fault.status(status, Map.of(), "application/json", "[{\"a\":1}]"));
        Journey.Capture capture = Journey.capture();

        client().stream(ApiRequest.get("usage").elements(JsonNode.class))
                .onErrorComplete()
                .contextWrite(capture)
                .blockLast(PATIENCE);

        assertThat(capture.journeys())
                .extracting(JourneyCaptureOverSocketsTest::statuses)
                .containsExactly(List.of(status));
    }

    @Test
    void capturesEachCallOfDownload(@TempDir Path directory) {
        simulator.faults().on("GET", "/v1/usage", Fault.resetInsideBody(5));
        Journey.Capture capture = Journey.capture();

        client().download(ApiRequest.get("usage").as(Payload.bytes()), directory.resolve("usage.json"))
                .contextWrite(capture)
                .block(PATIENCE);

        assertThat(capture.journeys()).hasSize(2);
    }

    @Test
    void capturesEachCallOfResumedEventStream() {
        simulator
                .faults()
                .on(
                        "GET",
                        "/v1/events",
                        Fault.status(200, Map.of(), "text/event-stream", "id: 7\ndata: a\n\n"),
                        Fault.status(204, Map.of(), "text/event-stream", ""));
        Journey.Capture capture = Journey.capture();

        client().events(ApiRequest.get("events")).contextWrite(capture).blockLast(PATIENCE);

        assertThat(capture.journeys())
                .extracting(JourneyCaptureOverSocketsTest::statuses)
                .containsExactly(List.of(200), List.of(204));
    }

    @Test
    void capturesJourneyOfCancelledStream() {
        simulator.faults().on("GET", "/v1/usage", Fault.largeBody(200, 1_000_000));
        Journey.Capture capture = Journey.capture();
        ApiClient client = client();

        Disposable stream = client.stream(ApiRequest.get("usage").as(Payload.parts()))
                .contextWrite(capture)
                .subscribe();
        stream.dispose();

        assertThat(capture.journeys())
                .singleElement()
                .satisfies(journey -> assertThat(journey.toString()).contains("GET /v1/usage"));
    }
}
