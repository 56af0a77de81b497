package io.penstock.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {

    private static final Set<ErrorKind> SEEN = EnumSet.noneOf(ErrorKind.class);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CONNECT               | NOT_SENT        | TRANSIENT     | 0   | FAILURE
            TLS                   | NOT_SENT        | TRANSIENT     | 0   | FAILURE
            TLS                   | NOT_SENT        | PERMANENT     | 0   | NEUTRAL
            CONNECTION_LOST       | MAYBE_PROCESSED | TRANSIENT     | 0   | FAILURE
            CONNECTION_LOST       | PROCESSED       | TRANSIENT     | 200 | FAILURE
            CONNECTION_LOST       | NOT_SENT        | TRANSIENT     | 0   | FAILURE
            PROTOCOL_VIOLATION    | MAYBE_PROCESSED | TRANSIENT     | 0   | FAILURE
            TIMEOUT               | MAYBE_PROCESSED | TRANSIENT     | 0   | FAILURE
            TIMEOUT               | NOT_SENT        | TRANSIENT     | 0   | FAILURE
            TIMEOUT               | PROCESSED       | TRANSIENT     | 200 | FAILURE
            TIMEOUT               | MAYBE_PROCESSED | TRANSIENT     | 408 | ANSWERED
            DEADLINE_EXCEEDED     | NOT_SENT        | PERMANENT     | 0   | NEUTRAL
            DEADLINE_EXCEEDED     | MAYBE_PROCESSED | PERMANENT     | 0   | FAILURE
            SERVER_ERROR          | MAYBE_PROCESSED | TRANSIENT     | 500 | FAILURE
            SERVER_ERROR          | MAYBE_PROCESSED | TRANSIENT     | 504 | FAILURE
            SERVER_ERROR          | REJECTED        | PERMANENT     | 501 | ANSWERED
            SERVER_ERROR          | MAYBE_PROCESSED | AFTER_ACTION  | 504 | ANSWERED
            UNAVAILABLE           | MAYBE_PROCESSED | TRANSIENT     | 503 | FAILURE
            UNAVAILABLE           | REJECTED        | TRANSIENT     | 503 | FAILURE
            UNAVAILABLE           | REJECTED        | TRANSIENT     | 425 | ANSWERED
            UNAVAILABLE           | REJECTED        | TRANSIENT     | 200 | ANSWERED
            RATE_LIMITED          | REJECTED        | TRANSIENT     | 429 | ANSWERED
            RATE_LIMITED          | REJECTED        | TRANSIENT     | 503 | ANSWERED
            RATE_LIMITED          | REJECTED        | TRANSIENT     | 403 | ANSWERED
            RATE_LIMITED          | REJECTED        | TRANSIENT     | 200 | ANSWERED
            RATE_LIMITED          | NOT_SENT        | TRANSIENT     | 0   | NEUTRAL
            VALIDATION            | REJECTED        | PERMANENT     | 422 | ANSWERED
            VALIDATION            | MAYBE_PROCESSED | PERMANENT     | 200 | ANSWERED
            AUTHENTICATION        | REJECTED        | AFTER_RENEWAL | 401 | ANSWERED
            PAYMENT_REQUIRED      | REJECTED        | AFTER_ACTION  | 402 | ANSWERED
            PERMISSION            | REJECTED        | PERMANENT     | 403 | ANSWERED
            NOT_FOUND             | REJECTED        | PERMANENT     | 404 | ANSWERED
            CONFLICT              | REJECTED        | PERMANENT     | 409 | ANSWERED
            GONE                  | REJECTED        | PERMANENT     | 410 | ANSWERED
            KEY_IN_PROGRESS       | MAYBE_PROCESSED | TRANSIENT     | 409 | ANSWERED
            KEY_REUSED            | REJECTED        | PERMANENT     | 422 | ANSWERED
            UNEXPECTED_STATUS     | MAYBE_PROCESSED | PERMANENT     | 302 | ANSWERED
            UNDECODABLE           | PROCESSED       | PERMANENT     | 200 | SUCCESS
            UNDECODABLE           | MAYBE_PROCESSED | PERMANENT     | 404 | ANSWERED
            RESPONSE_TOO_LARGE    | PROCESSED       | PERMANENT     | 200 | SUCCESS
            POOL_EXHAUSTED        | NOT_SENT        | TRANSIENT     | 0   | NEUTRAL
            CLIENT_CLOSED         | NOT_SENT        | PERMANENT     | 0   | NEUTRAL
            OPERATOR_FAILED       | NOT_SENT        | PERMANENT     | 0   | NEUTRAL
            INVALID_REQUEST       | NOT_SENT        | PERMANENT     | 0   | NEUTRAL
            INVALID_CONFIGURATION | NOT_SENT        | PERMANENT     | 0   | NEUTRAL
            INVALID_CONFIGURATION | REJECTED        | PERMANENT     | 400 | ANSWERED
            CIRCUIT_OPEN          | NOT_SENT        | TRANSIENT     | 0   | NEUTRAL
            BODY_UNREADABLE       | MAYBE_PROCESSED | PERMANENT     | 0   | NEUTRAL
            LOCAL_IO              | MAYBE_PROCESSED | PERMANENT     | 0   | NEUTRAL
            JOB_FAILED            | PROCESSED       | PERMANENT     | 0   | NEUTRAL
            JOB_CANCELLED         | PROCESSED       | PERMANENT     | 0   | NEUTRAL
            """)
    void judgesServerByEndOfAttempt(
            ErrorKind kind, Certainty certainty, Retryability retryability, int status, Verdict verdict) {
        SEEN.add(kind);

        assertThat(Verdict.on(Failure.of(kind, certainty, retryability, "…").withStatus(status)))
                .isEqualTo(verdict);
    }

    @Test
    void treatsTimeoutInPoolQueueAsNeutral() {
        Failure waited = Failure.of(ErrorKind.TIMEOUT, Certainty.NOT_SENT, Retryability.TRANSIENT, "…");

        assertThat(Verdict.on(waited.withPhase(Phase.QUEUE))).isEqualTo(Verdict.NEUTRAL);
        assertThat(Verdict.on(waited.withPhase(Phase.CONNECT))).isEqualTo(Verdict.FAILURE);
        assertThat(Verdict.on(waited.withPhase(Phase.ATTEMPT))).isEqualTo(Verdict.FAILURE);
    }

    @AfterAll
    static void everyKindWasThere() {
        assertThat(EnumSet.complementOf(EnumSet.copyOf(SEEN))).isEmpty();
    }
}
