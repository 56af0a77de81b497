package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenExchange;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Journey;
import io.penstock.http.Secret;
import io.penstock.paging.Paging;
import io.penstock.pipeline.Operator;
import io.penstock.polling.JobShape;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.request.ApiRequest;
import io.penstock.spec.ListForm;
import io.penstock.timeout.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** {@link Journey.Capture}, on a scripted wire in virtual time. */
class JourneyCaptureTest {

    private final Lab lab = new Lab();
    private final Journey.Capture capture = Journey.capture();

    private static StubTransport answering(int... statuses) {
        return new StubTransport(n -> Answer.of(statuses[Math.min(n, statuses.length) - 1], "{}"));
    }

    /** Returns the path from a journey's line, the word after the method. */
    private static String path(Journey journey) {
        String line = journey.toString();
        int from = line.indexOf(' ') + 1;
        return line.substring(from, line.indexOf(' ', from));
    }

    private Mono<JsonNode> get(StubTransport wire, String path) {
        return lab.client(wire).build().value(ApiRequest.get(path));
    }

    @Test
    void capturesSuccessBeforeItsValueIsEmitted() {
        List<Journey> atTheValue = new ArrayList<>();

        lab.value(get(answering(503, 200), "a")
                .doOnNext(value -> atTheValue.addAll(capture.journeys()))
                .contextWrite(capture));

        assertThat(atTheValue).singleElement().satisfies(journey -> {
            assertThat(journey.attempts()).extracting(Journey.Attempt::status).containsExactly(503, 200);
            assertThat(journey).isSameAs(capture.last());
        });
        assertThat(capture.count()).isEqualTo(1);
        assertThat(capture).hasToString("Journey.Capture[1 calls, at most 100 kept]");
    }

    @Test
    void capturesCallWithoutValue() {
        lab.client(StubTransport.always(204, ""))
                .build()
                .value(ApiRequest.delete("a"))
                .contextWrite(capture)
                .subscribe();

        assertThat(capture.journeys())
                .singleElement()
                .satisfies(journey -> assertThat(journey.toString()).endsWith("204"));
    }

    @Test
    void capturesSameJourneyAsFailure() {
        ApiException failure = lab.failure(get(answering(404), "a").contextWrite(capture));

        assertThat(capture.journeys()).containsExactly(failure.journey());
    }

    @Test
    void capturesCancelledCall() {
        Disposable call = get(answering(0), "a").contextWrite(capture).subscribe();
        assertThat(capture.journeys()).isEmpty();
        assertThat(capture.last()).isNull();

        call.dispose();

        assertThat(capture.journeys())
                .singleElement()
                .satisfies(journey -> assertThat(journey.toString()).endsWith("cancelled by the caller"));
    }

    @Test
    void capturesCallsOfChainInOrderOfTheirEnds() {
        StubTransport wire = answering(200);
        ApiClient client = lab.client(wire).build();

        lab.value(Mono.zip(client.value(ApiRequest.get("a")), client.value(ApiRequest.get("b")))
                .then(client.value(ApiRequest.get("c")))
                .contextWrite(capture));

        assertThat(capture.journeys()).extracting(JourneyCaptureTest::path).containsExactly("/v1/a", "/v1/b", "/v1/c");
    }

    @Test
    void capturesEverySubscriptionOfRetriedCall() {
        Mono<JsonNode> call = get(answering(404, 404, 200), "a");

        lab.value(call.retry(2).contextWrite(capture));

        assertThat(capture.journeys())
                .extracting(journey -> journey.attempts().get(0).status())
                .containsExactly(404, 404, 200);
    }

    @Test
    void capturesEachPageOfList() {
        StubTransport wire = new StubTransport(
                n -> Answer.of(200, n == 1 ? "{\"rows\":[1,2],\"next\":\"c2\"}" : "{\"rows\":[3],\"next\":null}"));
        Flux<Integer> items = lab.client(
                        Lab.SPEC.withLists(ListForm.of(
                                Payload.page(JsonNode.class, List.of(), List.of("next")), Paging.cursor("after"))),
                        wire)
                .build()
                .pages(ApiRequest.get("numbers"), Integer.class)
                .items();

        assertThat(lab.value(items.collectList().contextWrite(capture))).containsExactly(1, 2, 3);

        assertThat(capture.journeys())
                .extracting(Journey::parent)
                .containsExactly("GET numbers, page 1", "GET numbers, page 2");
    }

    @Test
    void capturesEachPollOfLongOperation() {
        StubTransport wire = new StubTransport(n -> n == 2
                ? Answer.of(503, "")
                : Answer.of(200, "{\"status\":\"" + (n == 3 ? "succeeded" : "running") + "\"}"));
        Polling<JsonNode> polling = Polling.of(
                        ApiRequest.get("jobs/1"), JobShape.at("/status", StateWords.succeeding("succeeded")))
                .withPolicy(PollPolicy.every(Duration.ofSeconds(30)).withJitter(0));

        lab.value(lab.client(wire).build().poll(polling).result().contextWrite(capture));

        assertThat(capture.journeys())
                .extracting(journey -> journey.attempts().get(0).status())
                .containsExactly(200, 503, 200);
        assertThat(capture.journeys())
                .extracting(Journey::parent)
                .containsExactly("poll GET /v1/jobs/1 #1", "poll GET /v1/jobs/1 #2", "poll GET /v1/jobs/1 #3");
    }

    @Test
    void omitsExchangeOfSharedToken() {
        TokenExchange exchange = new TokenExchange(
                "POST token",
                secret -> ApiRequest.post("token").body(Map.of("secret", secret.reveal())),
                (answer, now) -> new AccessToken(Secret.of("0123456789abcdef"), now.plusSeconds(3_600)),
                Duration.ofMinutes(1));
        StubTransport wire = answering(200);
        Mono<JsonNode> call = lab.client(
                        Lab.SPEC.withCredential(CredentialScheme.bearer().exchangedBy(exchange)), wire)
                .secret(Secret.of("fedcba9876543210"))
                .build()
                .value(ApiRequest.get("a"));

        lab.value(call.contextWrite(capture));

        assertThat(wire.sent).hasSize(2);
        assertThat(capture.journeys())
                .singleElement()
                .satisfies(journey -> assertThat(journey.toString()).startsWith("GET /v1/a"));
    }

    @Test
    void separatesSubscribersOfOneMono() {
        StubTransport wire = answering(503, 200, 200).taking(Duration.ofMillis(100));
        Mono<List<Journey>> journeys = get(wire, "a").as(Journey::zip).map(both -> both.getT2());
        List<List<Journey>> seen = new ArrayList<>();

        journeys.subscribe(seen::add);
        journeys.subscribe(seen::add);
        lab.time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(seen)
                .extracting(own -> own.size() + " with " + own.get(0).attempts().size())
                .containsExactly("1 with 1", "1 with 2");
    }

    @Test
    void passesEmptyAndErrorsThroughZip() {
        assertThat(Journey.zip(Mono.empty()).blockOptional()).isEmpty();
        assertThat(lab.failure(get(answering(404), "a").as(Journey::zip)).status())
                .isEqualTo(404);
    }

    @Test
    void addsEnclosedCallsOnceToOuterCapture() {
        Journey.Capture outer = Journey.capture();
        ApiClient client = lab.client(answering(200)).build();

        lab.value(client.value(ApiRequest.get("a"))
                .contextWrite(capture)
                .then(client.value(ApiRequest.get("b")))
                .contextWrite(outer)
                .contextWrite(outer));

        assertThat(capture.journeys()).hasSize(1);
        assertThat(outer.journeys()).hasSize(2);
    }

    @Test
    void capturesCallUnderDeadline() {
        lab.value(get(answering(200), "a")
                .contextWrite(capture)
                .contextWrite(Deadline.in(Duration.ofSeconds(5), lab.time)));

        assertThat(capture.count()).isEqualTo(1);
    }

    @Test
    void capturesCallsMadeByOperators() {
        ApiClient other = lab.client(answering(200)).build();
        Operator asking = Operator.of(
                "ask first",
                (call, next) -> other.value(ApiRequest.get("ask")).then(Mono.defer(() -> next.exchange(call))));

        lab.value(lab.client(answering(200))
                .operator(Operator.Position.PER_CALL, asking)
                .build()
                .value(ApiRequest.get("a"))
                .contextWrite(capture));

        assertThat(capture.journeys()).extracting(JourneyCaptureTest::path).containsExactly("/v1/ask", "/v1/a");
    }

    @Test
    void keepsLastJourneysAndCountsAll() {
        Journey.Capture few = Journey.capture(2);
        ApiClient client = lab.client(answering(200)).build();

        lab.value(Flux.range(1, 5)
                .concatMap(n -> client.value(ApiRequest.get("{n}").path("n", n)))
                .collectList()
                .contextWrite(few));

        assertThat(few.journeys()).extracting(JourneyCaptureTest::path).containsExactly("/v1/4", "/v1/5");
        assertThat(few.count()).isEqualTo(5);
        assertThatThrownBy(() -> Journey.capture(0))
                .isInstanceOf(ApiException.class)
                .hasMessage("journeys to keep: 0 (expected: >= 1)");
    }
}
