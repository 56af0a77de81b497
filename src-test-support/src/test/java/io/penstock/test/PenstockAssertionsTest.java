package io.penstock.test;

import static io.penstock.test.PenstockAssertions.API_EXCEPTION;
import static io.penstock.test.PenstockAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.ratelimit.Quota;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Assertions that pass for the value that has the member, and show all of it otherwise. */
class PenstockAssertionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final VendorSpec ACME = VendorSpec.generic("acme", URI.create("https://api.example.com/v1/"));
    private static final String REFUSAL =
            "{\"error\":{\"code\":\"taken\",\"message\":\"The berth is taken.\"},\"request_id\":\"r-1\"}";

    private static final Quota QUOTA = new Quota("search", 30, 4, Instant.EPOCH, null);

    private static ApiException refusal() {
        ScriptedTransport wire = ScriptedTransport.of(
                ScriptedTransport.answer(503, Headers.of("retry-after", "0"), ""),
                ScriptedTransport.answer(409, REFUSAL));
        try (ApiClient client = ApiClient.builder(ACME)
                .transport(wire)
                .retry(RetryPolicy.standard()
                        .withBackoff(new Backoff(Duration.ofMillis(2), 1, Duration.ofMillis(2), 0)))
                .build()) {
            return catchThrowableOfType(
                    ApiException.class,
                    () -> client.execute(ApiRequest.post("berths").body(Map.of("name", "b7")))
                            .block(PATIENCE));
        }
    }

    @SuppressWarnings("StaticAssignmentOfThrowable") // read by each test, thrown by none
    private static final ApiException FAILURE = refusal();

    private static final Journey JOURNEY = FAILURE.journey();

    @Test
    void passesForMembersOfValue() {
        assertThat(FAILURE)
                .hasKind(ErrorKind.CONFLICT)
                .hasCertainty(Certainty.REJECTED)
                .hasRetryability(FAILURE.retryability())
                .hasStatus(409)
                .hasCode(FAILURE.code())
                .hasRequestId(FAILURE.requestId())
                .hasRetryAfter(null)
                .hasErrorsForFields()
                .isSafeToRepeat()
                .hasMessageContaining("409");
        assertThat(FAILURE).journey().hasStatuses(503, 409);
        assertThat(JOURNEY)
                .hasAttempts(2)
                .hasStatuses(503, 409)
                .hasKey(null)
                .hasDecisionContaining(JOURNEY.attempts().get(0).decision())
                .hasNoNotes();
        assertThat(QUOTA)
                .hasPartition("search")
                .hasLimit(30)
                .hasRemaining(4)
                .hasReset()
                .isNotBlocked();
    }

    @Test
    void takesKindWithoutAmbiguity() {
        assertThat(FAILURE.kind()).isEqualTo(ErrorKind.CONFLICT).isNotNull();
        assertThat(FAILURE.kind()).isIn(ErrorKind.CONFLICT, ErrorKind.GONE);
    }

    @Test
    void narrowsAnyThrowable() {
        assertThatThrownBy(() -> {
                    throw FAILURE;
                })
                .asInstanceOf(API_EXCEPTION)
                .hasKind(ErrorKind.CONFLICT);
        assertThatThrownBy(() -> assertThatThrownBy(() -> {
                            throw new IllegalStateException("no");
                        })
                        .asInstanceOf(API_EXCEPTION))
                .isInstanceOf(AssertionError.class);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                failure("kind", f -> assertThat(f).hasKind(ErrorKind.GONE)),
                failure("certainty", f -> assertThat(f).hasCertainty(Certainty.PROCESSED)),
                failure("retryability", f -> assertThat(f).hasRetryability(Retryability.TRANSIENT)),
                failure("status", f -> assertThat(f).hasStatus(500)),
                failure("code", f -> assertThat(f).hasCode("free")),
                failure("request id", f -> assertThat(f).hasRequestId("r-2")),
                failure("wait that the server asks for", f -> assertThat(f).hasRetryAfter(Duration.ofSeconds(1))),
                failure("safe to repeat", f -> assertThat(f).isNotSafeToRepeat()),
                failure("remedy containing", f -> assertThat(f).hasRemedyContaining("book another")),
                failure("fields with errors", f -> assertThat(f).hasErrorsForFields("name")),
                failure("attempts", f -> assertThat(f).journey().hasAttempts(1)),
                journey("attempts", j -> assertThat(j).hasAttempts(3)),
                journey("statuses", j -> assertThat(j).hasStatuses(409, 503)),
                journey("key", j -> assertThat(j).hasKey("k")),
                journey("waits of at least", j -> assertThat(j).hasWaitedAtLeast(Duration.ofHours(1))),
                journey("decision containing", j -> assertThat(j).hasDecisionContaining("no such rule")),
                journey("note containing", j -> assertThat(j).hasNoteContaining("redirect")));
    }

    private static Arguments failure(String member, Consumer<ApiException> wrong) {
        return Arguments.of("failure: " + member, member, (ThrowingCallable) () -> wrong.accept(FAILURE));
    }

    private static Arguments journey(String member, Consumer<Journey> wrong) {
        return Arguments.of("journey: " + member, member, (ThrowingCallable) () -> wrong.accept(JOURNEY));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void showsExpectedSeenAndTimeline(String name, String member, ThrowingCallable wrong) {
        assertThatThrownBy(wrong)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected " + member + ": ")
                .hasMessageContaining("seen: ")
                .hasMessageContaining("POST /v1/berths")
                .hasMessageContaining("#1")
                .hasMessageContaining("#2");
    }

    @Test
    void showsAnswerOfFailure() {
        assertThatThrownBy(() -> assertThat(FAILURE).hasStatus(404)).hasMessageContaining("answer: " + REFUSAL);
    }

    @Test
    void showsWholeQuota() {
        for (ThrowingCallable wrong : java.util.List.<ThrowingCallable>of(
                () -> assertThat(QUOTA).hasPartition("core"),
                () -> assertThat(QUOTA).hasLimit(31),
                () -> assertThat(QUOTA).hasRemaining(5),
                () -> assertThat(QUOTA).isBlocked())) {
            assertThat(catchThrowable(wrong))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected ")
                    .hasMessageContaining(QUOTA.toString());
        }
    }

    @Test
    void failsForNull() {
        assertThatThrownBy(() -> assertThat((Journey) null).hasAttempts(1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThat((ApiException) null).hasStatus(1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThat((Quota) null).hasLimit(1)).isInstanceOf(AssertionError.class);
    }
}
