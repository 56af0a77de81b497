package io.penstock.test;

import static java.util.Objects.requireNonNull;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.FieldError;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.ratelimit.Quota;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.InstanceOfAssertFactory;
import org.jspecify.annotations.Nullable;

/**
 * AssertJ assertions for the values of Penstock. A failed assertion shows the whole exception, journey or quota, not only
 * the member that differs.
 *
 * <pre>{@code
 * import static io.penstock.test.PenstockAssertions.API_EXCEPTION;
 * import static io.penstock.test.PenstockAssertions.assertThat;
 *
 * assertThat(response.journey()).hasAttempts(3).hasStatuses(503, 0, 201);
 *
 * assertThatThrownBy(() -> client.value(order).block())
 *         .asInstanceOf(API_EXCEPTION)
 *         .hasKind(ErrorKind.CONFLICT)
 *         .hasCertainty(Certainty.REJECTED);
 * }</pre>
 *
 * <p>The methods can be imported beside those of {@code org.assertj.core.api.Assertions}.
 */
public final class PenstockAssertions {

    /** Narrows an assertion to an {@link ApiException}: {@code assertThatThrownBy(…).asInstanceOf(API_EXCEPTION)}. */
    public static final InstanceOfAssertFactory<ApiException, ApiExceptionAssert> API_EXCEPTION =
            new InstanceOfAssertFactory<>(ApiException.class, ApiExceptionAssert::new);

    private PenstockAssertions() {}

    /** Returns assertions for a failure. */
    public static ApiExceptionAssert assertThat(@Nullable ApiException actual) {
        return new ApiExceptionAssert(actual);
    }

    /** Returns assertions for the history of a call. */
    public static JourneyAssert assertThat(@Nullable Journey actual) {
        return new JourneyAssert(actual);
    }

    /** Returns assertions for a quota. */
    public static QuotaAssert assertThat(@Nullable Quota actual) {
        return new QuotaAssert(actual);
    }

    private static String different(String member, @Nullable Object expected, @Nullable Object seen, String whole) {
        return "expected " + member + ": " + expected + "\nseen: " + seen + "\n" + whole;
    }

    /** Assertions for an {@link ApiException}. Each returns this, so that they can be chained. */
    public static final class ApiExceptionAssert extends AbstractThrowableAssert<ApiExceptionAssert, ApiException> {

        private ApiExceptionAssert(@Nullable ApiException actual) {
            super(actual, ApiExceptionAssert.class);
        }

        private ApiException known() {
            isNotNull();
            return requireNonNull(actual);
        }

        private ApiExceptionAssert equal(String member, @Nullable Object expected, @Nullable Object seen) {
            if (!Objects.equals(expected, seen)) {
                throw failureWithActualExpected(seen, expected, "%s", different(member, expected, seen, told(known())));
            }
            return this;
        }

        private static String told(ApiException failure) {
            String excerpt = failure.bodyExcerpt();
            return failure + (excerpt == null ? "" : "\nanswer: " + excerpt) + "\n"
                    + failure.journey().timeline();
        }

        /** Verifies the kind of the failure. */
        public ApiExceptionAssert hasKind(ErrorKind expected) {
            return equal("kind", expected, known().kind());
        }

        /** Verifies what is known about the effect. */
        public ApiExceptionAssert hasCertainty(Certainty expected) {
            return equal("certainty", expected, known().certainty());
        }

        /** Verifies whether sending the same request again can help. */
        public ApiExceptionAssert hasRetryability(Retryability expected) {
            return equal("retryability", expected, known().retryability());
        }

        /** Verifies the HTTP status; 0 stands for a failure without a response. */
        public ApiExceptionAssert hasStatus(int expected) {
            return equal("status", expected, known().status());
        }

        /** Verifies the code of the API. */
        public ApiExceptionAssert hasCode(@Nullable String expected) {
            return equal("code", expected, known().code());
        }

        /** Verifies the id under which the server knows the request. */
        public ApiExceptionAssert hasRequestId(@Nullable String expected) {
            return equal("request id", expected, known().requestId());
        }

        /** Verifies the wait that the server asks for. */
        public ApiExceptionAssert hasRetryAfter(@Nullable Duration expected) {
            return equal("wait that the server asks for", expected, known().retryAfter());
        }

        /** Verifies that the same request can be sent again without acting twice. */
        public ApiExceptionAssert isSafeToRepeat() {
            return equal("safe to repeat", true, known().safeToRepeat());
        }

        /** Verifies that the same request could act twice if it were sent again. */
        public ApiExceptionAssert isNotSafeToRepeat() {
            return equal("safe to repeat", false, known().safeToRepeat());
        }

        /** Verifies that the advice for a person contains a text. */
        public ApiExceptionAssert hasRemedyContaining(String expected) {
            String remedy = known().remedy();
            if (remedy == null || !remedy.contains(expected)) {
                throw failure("%s", different("remedy containing", expected, remedy, told(known())));
            }
            return this;
        }

        /** Verifies that the server reports an error for each of these fields, and for no other. */
        public ApiExceptionAssert hasErrorsForFields(String... expected) {
            List<@Nullable String> seen = known().fieldErrors().stream()
                    .<@Nullable String>map(FieldError::field)
                    .sorted(Comparator.nullsFirst(Comparator.naturalOrder()))
                    .toList();
            return equal("fields with errors", Arrays.stream(expected).sorted().toList(), seen);
        }

        /** Returns assertions for the journey of the failed call. */
        public JourneyAssert journey() {
            return new JourneyAssert(known().journey()).as("journey of %s", known());
        }
    }

    /** Assertions for a {@link Journey}. Each returns this, so that they can be chained. */
    public static final class JourneyAssert extends AbstractAssert<JourneyAssert, Journey> {

        private JourneyAssert(@Nullable Journey actual) {
            super(actual, JourneyAssert.class);
        }

        private Journey known() {
            isNotNull();
            return requireNonNull(actual);
        }

        private JourneyAssert equal(String member, @Nullable Object expected, @Nullable Object seen) {
            if (!Objects.equals(expected, seen)) {
                throw failureWithActualExpected(
                        seen, expected, "%s", different(member, expected, seen, known().timeline()));
            }
            return this;
        }

        /** Verifies the number of attempts. */
        public JourneyAssert hasAttempts(int expected) {
            return equal("attempts", expected, known().attempts().size());
        }

        /** Verifies the status of each attempt, in order; 0 stands for an attempt without a response. */
        public JourneyAssert hasStatuses(Integer... expected) {
            return equal(
                    "statuses",
                    List.of(expected),
                    known().attempts().stream().map(Journey.Attempt::status).toList());
        }

        /** Verifies the idempotency key that every attempt carried; null for none. */
        public JourneyAssert hasKey(@Nullable String expected) {
            return equal("key", expected, known().key());
        }

        /** Verifies that the call waited at least that long, over all its waits before another attempt. */
        public JourneyAssert hasWaitedAtLeast(Duration expected) {
            Duration seen = Duration.ofNanos(known().attempts().stream()
                    .mapToLong(Journey.Attempt::waitNanos)
                    .sum());
            if (seen.compareTo(expected) < 0) {
                throw failure("%s", different("waits of at least", expected, seen, known().timeline()));
            }
            return this;
        }

        /** Verifies that an attempt was followed by a decision whose rule contains a text. */
        public JourneyAssert hasDecisionContaining(String expected) {
            List<@Nullable String> seen = known().attempts().stream()
                    .<@Nullable String>map(Journey.Attempt::decision)
                    .toList();
            if (seen.stream().noneMatch(rule -> rule != null && rule.contains(expected))) {
                throw failure("%s", different("decision containing", expected, seen, known().timeline()));
            }
            return this;
        }

        /** Verifies that a note contains a text. */
        public JourneyAssert hasNoteContaining(String expected) {
            if (known().notes().stream().noneMatch(note -> note.contains(expected))) {
                throw failure("%s", different("note containing", expected, known().notes(), known().timeline()));
            }
            return this;
        }

        /** Verifies that nothing was noted. */
        public JourneyAssert hasNoNotes() {
            return equal("notes", List.of(), known().notes());
        }
    }

    /** Assertions for a {@link Quota}. Each returns this, so that they can be chained. */
    public static final class QuotaAssert extends AbstractAssert<QuotaAssert, Quota> {

        private QuotaAssert(@Nullable Quota actual) {
            super(actual, QuotaAssert.class);
        }

        private Quota known() {
            isNotNull();
            return requireNonNull(actual);
        }

        private QuotaAssert equal(String member, Object expected, Object seen) {
            if (!expected.equals(seen)) {
                throw failureWithActualExpected(
                        seen, expected, "%s", different(member, expected, seen, known().toString()));
            }
            return this;
        }

        /** Verifies the name of the quota. */
        public QuotaAssert hasPartition(String expected) {
            return equal("partition", expected, known().partition());
        }

        /** Verifies the requests of a window; -1 stands for an unknown number. */
        public QuotaAssert hasLimit(long expected) {
            return equal("limit", expected, known().limit());
        }

        /** Verifies the requests that are left; -1 stands for an unknown number. */
        public QuotaAssert hasRemaining(long expected) {
            return equal("remaining", expected, known().remaining());
        }

        /** Verifies that the end of the window is known. */
        public QuotaAssert hasReset() {
            return equal("end of the window known", true, known().resetsAt() != null);
        }

        /** Verifies that the server asked to send nothing for a time. */
        public QuotaAssert isBlocked() {
            return equal("blocked", true, known().blockedUntil() != null);
        }

        /** Verifies that the server did not ask to send nothing for a time. */
        public QuotaAssert isNotBlocked() {
            return equal("blocked", false, known().blockedUntil() != null);
        }
    }
}
