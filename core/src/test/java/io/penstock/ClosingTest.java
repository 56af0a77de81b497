package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.polling.PollState;
import io.penstock.polling.PollStatus;
import io.penstock.polling.Polling;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;

/** What a client that is closed does with the calls in each state. */
class ClosingTest {

    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage");
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Lab lab = new Lab();
    private final List<Object> ends = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();

    private void call(ApiClient client) {
        client.value(USAGE).subscribe(ends::add, ends::add);
    }

    private void closeGracefully(ApiClient client) {
        client.closeGracefully(LIMIT).subscribe(v -> {}, e -> closed.add("error"), () -> closed.add("closed"));
    }

    private void closeLater(ApiClient client) {
        client.closeLater().subscribe(v -> {}, e -> closed.add("error"), () -> closed.add("closed"));
    }

    private void advance(long seconds) {
        lab.time.advanceTimeBy(Duration.ofSeconds(seconds));
    }

    private ApiException onlyError() {
        assertThat(ends).singleElement().isInstanceOf(ApiException.class);
        return (ApiException) ends.get(0);
    }

    private static StubTransport slow() {
        return StubTransport.always(200, "{}").taking(Duration.ofSeconds(4));
    }

    @Test
    void completesOnlyWhenRunningCallHasEnded() {
        ApiClient client = lab.client(slow()).build();
        call(client);

        closeGracefully(client);
        assertThat(closed).isEmpty();
        advance(5);

        assertThat(ends).singleElement().isInstanceOf(JsonNode.class);
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void closeLaterCompletesOnlyWhenSentCallHasEnded() {
        ApiClient client = lab.client(slow()).build();
        call(client);

        closeLater(client);
        assertThat(closed).isEmpty();
        advance(5);

        assertThat(ends).singleElement().isInstanceOf(JsonNode.class);
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void completesAtOnceWhenNothingRuns() {
        closeGracefully(lab.client(slow()).build());

        assertThat(closed).containsExactly("closed");
    }

    @Test
    void refusesNewCallsWhileDraining() {
        StubTransport wire = slow();
        ApiClient client = lab.client(wire).build();
        call(client);
        closeGracefully(client);
        ends.clear();

        call(client);

        assertThatObject(onlyError().kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
        assertThat(onlyError().certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(wire.sent).hasSize(1);
    }

    @Test
    void endsCallWithItsCertaintyAtLimit() {
        ApiClient client = lab.client(StubTransport.always(0, "")).build();
        client.value(ApiRequest.post("orders")).subscribe(ends::add, ends::add);

        closeGracefully(client);
        advance(9);
        assertThat(ends).isEmpty();
        advance(2);

        assertThatObject(onlyError().kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
        assertThat(onlyError().certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void endsBackoffThatOutlastsLimit() {
        StubTransport wire = StubTransport.always(503, "{}");
        ApiClient client = lab.client(wire)
                .retry(Lab.STEADY.withBackoff(new Backoff(Duration.ofSeconds(20), 1, Duration.ofSeconds(20), 0)))
                .build();
        call(client);

        closeGracefully(client);

        assertThatObject(onlyError().kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
        assertThat(onlyError().journey().attempts()).hasSize(1);
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void letsBackoffWithinLimitEnd() {
        StubTransport wire = new StubTransport(n -> Answer.of(n == 1 ? 503 : 200, "{}"));
        ApiClient client = lab.client(wire).build();
        call(client);

        closeGracefully(client);
        advance(2);

        assertThat(ends).singleElement().isInstanceOf(JsonNode.class);
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void startsNoBackoffThatOutlastsLimit() {
        StubTransport wire = StubTransport.always(503, "{}").taking(Duration.ofSeconds(4));
        ApiClient client = lab.client(wire)
                .retry(Lab.STEADY.withBackoff(new Backoff(Duration.ofSeconds(20), 1, Duration.ofSeconds(20), 0)))
                .build();
        call(client);

        closeGracefully(client);
        advance(5);

        assertThatObject(onlyError().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void closeLaterEndsBackoff() {
        ApiClient client = lab.client(StubTransport.always(503, "{}")).build();
        call(client);

        closeLater(client);

        assertThatObject(onlyError().kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void endsWaitForQuotaThatOutlastsLimit() {
        ApiClient client = lab.client(Lab.limited(1, Duration.ofMinutes(1)), StubTransport.always(200, "{}"))
                .build();
        call(client);
        ends.clear();
        call(client);

        closeGracefully(client);

        assertThatObject(onlyError().kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
        assertThat(onlyError().certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void letsCallsInGateEndWithinLimit() {
        StubTransport wire = slow();
        ApiClient client = lab.client(wire)
                .gate(GatePolicy.standard().withMaxConcurrent(1))
                .build();
        for (int i = 0; i < 5; i++) {
            call(client);
        }

        closeGracefully(client);
        advance(11);

        assertThat(ends).hasSize(5);
        assertThat(ends).filteredOn(JsonNode.class::isInstance).hasSize(2);
        assertThat(ends)
                .filteredOn(ApiException.class::isInstance)
                .allSatisfy(e -> assertThatObject(((ApiException) e).kind()).isEqualTo(ErrorKind.CLIENT_CLOSED));
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void letsCallFetchItsTokenWhileDraining() {
        StubTransport wire = StubTransport.always(200, "{}").taking(Duration.ofSeconds(1));
        ApiClient client = lab.client(Lab.WITH_TOKEN, wire)
                .secret(Secret.of("s3cret-of-a-test"))
                .build();
        call(client);

        closeGracefully(client);
        advance(5);

        assertThat(ends).singleElement().isInstanceOf(JsonNode.class);
        assertThat(wire.sent).hasSize(2);
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void endsPollBetweenTwoPolls() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = lab.client(wire).build();
        Polling<JsonNode> polling = Polling.of(ApiRequest.get("jobs/7"), answer -> PollStatus.of(PollState.RUNNING));
        client.poll(polling).result().subscribe(ends::add, ends::add);
        advance(5);
        int before = wire.sent.size();

        closeGracefully(client);

        assertThat(closed).containsExactly("closed");
        assertThatObject(onlyError().kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
        assertThat(wire.sent).hasSize(before);
    }

    @Test
    void goesOnClosingWhenWaitForItIsCancelled() {
        ApiClient client = lab.client(StubTransport.always(0, "")).build();
        call(client);

        Disposable wait = client.closeGracefully(LIMIT).subscribe();
        wait.dispose();
        advance(11);

        assertThatObject(onlyError().kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
        closeLater(client);
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void countsCancelledCallAsEnded() {
        ApiClient client = lab.client(StubTransport.always(0, "")).build();
        Disposable running = client.value(USAGE).subscribe();
        closeLater(client);

        running.dispose();

        assertThat(closed).containsExactly("closed");
    }

    @Test
    void refusesLimitThatMakesNoSense() {
        ApiClient client = lab.client(slow()).build();

        assertThatThrownBy(() -> client.closeGracefully(Duration.ofSeconds(-1)))
                .hasMessageContaining("limit: PT-1S (expected: 0 to 24 hours)");
    }

    @Test
    void reportsHealthWithoutCall() {
        StubTransport wire = new StubTransport(n -> new Answer(n == 1 ? 404 : 200, "{}", Headers.none()));
        ApiClient client = lab.client(wire).build();

        assertThat(client.health().calls().lastSuccessAt()).isNull();
        assertThatObject(client.health().calls().lastFailure()).isNull();
        assertThat(client.health().isReady()).isTrue();

        call(client);
        call(client);

        ApiClient.Health.Calls calls = client.health().calls();
        assertThatObject(calls.lastFailure()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(calls.lastSuccessAt()).isNotNull();
        assertThat(calls.active()).isZero();
        assertThat(client.health().tokenLife()).isNull();
        assertThat(wire.sent).hasSize(2);
        closeLater(client);
        assertThat(client.health().isReady()).isFalse();
    }

    @Test
    void fetchesTokenAndNothingElseInWarmUp() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = lab.client(Lab.WITH_TOKEN, wire)
                .secret(Secret.of("s3cret-of-a-test"))
                .build();
        assertThat(tokenLife(client)).isEqualTo(Duration.ZERO);

        client.warmUp().subscribe();
        client.warmUp().subscribe();

        assertThat(wire.sent)
                .singleElement()
                .satisfies(sent -> assertThat(sent.line()).contains("POST", "token"));
        assertThat(tokenLife(client)).isPositive();
    }

    private static @Nullable Duration tokenLife(ApiClient client) {
        return client.health().tokenLife();
    }
}
