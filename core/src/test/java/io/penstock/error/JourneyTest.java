package io.penstock.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JourneyTest {

    private static final long STARTED = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();

    private static Journey.Attempt attempt(
            int number,
            long atMillis,
            long millis,
            int status,
            @Nullable Failure failure,
            @Nullable String rule,
            long waitMillis) {
        Sent sent = new Sent(
                number, TimeUnit.MILLISECONDS.toNanos(atMillis), TimeUnit.MILLISECONDS.toNanos(millis), number > 1);
        return Journey.Attempt.of(sent, status, failure == null ? 17 : 0, failure, rule)
                .withDecision(rule, TimeUnit.MILLISECONDS.toNanos(waitMillis));
    }

    private record Sent(int ordinal, long startedAfterNanos, long attemptElapsedNanos, boolean isReusedConnection)
            implements Journey.Send {}

    private static Failure failure(ErrorKind kind, int status, @Nullable String code, @Nullable String requestId) {
        Failure f = Failure.of(
                kind, Certainty.MAYBE_PROCESSED, Retryability.TRANSIENT, "connection reset before the response");
        return Failure.of(kind, f.certainty(), f.retryability(), f.message())
                .withStatus(status)
                .withCode(code)
                .withRequestId(requestId);
    }

    private static final Journey.Attempt FIRST = attempt(
            1,
            0,
            120,
            503,
            failure(ErrorKind.UNAVAILABLE, 503, "engine_unavailable", "req_01H"),
            "keyed; backoff",
            940);
    private static final Journey.Attempt SECOND =
            attempt(2, 1060, 31, 0, failure(ErrorKind.CONNECTION_LOST, 0, null, null), "keyed; backoff", 2110);
    private static final Journey.Attempt THIRD = attempt(3, 3201, 110, 201, null, null, 0);

    private static Journey journey(@Nullable String ending, Journey.Attempt... attempts) {
        return Journey.of(
                new JourneyFacts(
                        "POST",
                        "/v1/scans",
                        "nightly",
                        STARTED,
                        TimeUnit.MILLISECONDS.toNanos(4211),
                        List.of(attempts),
                        List.of("Retry-After ignored: in the past")),
                ending,
                null);
    }

    @Test
    void printsAsOneLineForLogs() {
        assertThat(journey(null, FIRST, SECOND, THIRD))
                .hasToString("POST /v1/scans  key=nightly  3 attempts  4.21 s  → 201");
        assertThat(journey("503 engine_unavailable", FIRST))
                .hasToString("POST /v1/scans  key=nightly  1 attempt  4.21 s  → 503 engine_unavailable (req_01H)"
                        + "  MAYBE_PROCESSED");
        assertThat(journey("503 engine_unavailable", FIRST, SECOND))
                .hasToString("POST /v1/scans  key=nightly  2 attempts  4.21 s  → connection reset before the response"
                        + "  MAYBE_PROCESSED");
        assertThat(journey("an operator failed", THIRD))
                .hasToString("POST /v1/scans  key=nightly  1 attempt  4.21 s  → an operator failed");
        assertThat(journey(null)).hasToString("POST /v1/scans  key=nightly  0 attempts  4.21 s  → nothing was tried");
    }

    @Test
    void printsTimelineLineForEachAttemptAndNote() {
        assertThat(journey(null, FIRST, SECOND, THIRD).timeline().lines())
                .containsExactly(
                        "POST /v1/scans  key=nightly  3 attempts  4.21 s  → 201",
                        "  #1  +0 ms      503 engine_unavailable (req_01H)   120 ms   MAYBE_PROCESSED → wait 940 ms,"
                                + " send again (keyed; backoff)",
                        "  #2  +1.06 s    connection reset before the response   31 ms   reused connection"
                                + "   MAYBE_PROCESSED → wait 2.11 s, send again (keyed; backoff)",
                        "  #3  +3.20 s    201   110 ms   reused connection",
                        "  note: Retry-After ignored: in the past");
    }

    @Test
    void distinguishesImmediateResendFromGivingUp() {
        Journey.Attempt atOnce =
                attempt(1, 0, 120, 503, failure(ErrorKind.UNAVAILABLE, 503, null, null), "idempotent; backoff", 0);

        assertThat(journey(null, atOnce, THIRD).timeline()).contains("→ send again (idempotent; backoff)");
        assertThat(journey("503", atOnce).timeline()).contains("→ give up (idempotent; backoff)");
    }

    @Test
    void writesSameFactsAsJson() {
        JsonNode json =
                new JsonMapper().readTree(journey(null, FIRST, SECOND, THIRD).toJson());

        assertThat(json.at("/method").asString()).isEqualTo("POST");
        assertThat(json.at("/target").asString()).isEqualTo("/v1/scans");
        assertThat(json.at("/key").asString()).isEqualTo("nightly");
        assertThat(json.at("/startedAt").asString()).isEqualTo("2026-11-20T12:00:00Z");
        assertThat(json.at("/elapsedMs").asDouble()).isEqualTo(4211);
        assertThat(json.at("/result").asString()).isEqualTo("201");
        assertThat(json.at("/attempts").size()).isEqualTo(3);
        assertThat(json.at("/attempts/0/code").asString()).isEqualTo("engine_unavailable");
        assertThat(json.at("/attempts/0/waitMs").asDouble()).isEqualTo(940);
        assertThat(json.at("/attempts/1/kind").asString()).isEqualTo("CONNECTION_LOST");
        assertThat(json.at("/attempts/2/status").asInt()).isEqualTo(201);
        assertThat(json.at("/attempts/2/receivedBytes").asInt()).isEqualTo(17);
        assertThat(json.at("/attempts/2/reusedConnection").asBoolean()).isTrue();
        assertThat(json.at("/attempts/2").has("kind")).isFalse();
        assertThat(json.at("/notes/0").asString()).isEqualTo("Retry-After ignored: in the past");
    }

    @Test
    void writesTimedOutPhaseAsJson() {
        Failure slow = Failure.of(ErrorKind.CONNECT, Certainty.NOT_SENT, Retryability.TRANSIENT, "too slow");
        Journey journey =
                journey(null, attempt(1, 0, 5, 0, slow.withPhase(Phase.CONNECT).withStatus(0), "connect", 0), SECOND);

        JsonNode json = new JsonMapper().readTree(journey.toJson());

        assertThat(json.at("/attempts/0/phase").asString()).isEqualTo("CONNECT");
        assertThat(json.at("/attempts/1/phase").isNull()).isTrue();
    }

    @Test
    void escapesSpecialCharactersInJson() {
        Journey odd = Journey.of(
                new JourneyFacts(null, "/\"\\\u2028", "k\"\\", STARTED, 0, List.of(), List.of("a\nb\"", "😀")),
                "\"",
                null);

        JsonNode json = new JsonMapper().readTree(odd.toJson());

        assertThat(json.at("/method").isNull()).isTrue();
        assertThat(json.at("/target").asString()).isEqualTo("/\"\\\u2028");
        assertThat(json.at("/notes/0").asString()).isEqualTo("a\nb\"");
    }

    @Test
    void exposesItsParts() {
        Journey journey = journey(null, FIRST);

        assertThat(journey.elapsed()).isEqualTo(Duration.ofMillis(4211));
        assertThat(journey.startedAt()).isEqualTo(Instant.ofEpochMilli(STARTED));
        assertThat(journey.key()).isEqualTo("nightly");
        assertThat(journey.attempts()).containsExactly(FIRST);
        assertThat(FIRST.withDecision("other", 7))
                .returns(1, Journey.Attempt::number)
                .returns(0L, Journey.Attempt::startedAfterNanos)
                .returns(120_000_000L, Journey.Attempt::elapsedNanos)
                .returns(503, Journey.Attempt::status)
                .returns(0L, Journey.Attempt::receivedBytes)
                .returns(false, Journey.Attempt::reusedConnection)
                .returns(FIRST.failure(), Journey.Attempt::failure)
                .returns("other", Journey.Attempt::decision)
                .returns(7L, Journey.Attempt::waitNanos)
                .isEqualTo(FIRST.withDecision("other", 7))
                .hasSameHashCodeAs(FIRST.withDecision("other", 7))
                .isNotEqualTo(FIRST);
        assertThat(FIRST).hasToString("Attempt[#1 503 engine_unavailable (req_01H)]");
    }
}
