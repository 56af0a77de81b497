package io.penstock.polling;

import io.penstock.error.ApiException;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.RetryClass;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The configuration for polling a long operation, as a value; {@code ApiClient.poll} runs it. It holds no
 * state of the operation except the request for it. So it can be created again from the operation's id, even in another
 * process: see {@link #resumed}.
 *
 * <pre>{@code
 * Polling<JsonNode> polling = Polling.of(
 *                 ApiRequest.get("exports/{id}").path("id", id),
 *                 JobShape.at("/state", StateWords.succeeding("done").failing("error")))
 *         .every(Duration.ofSeconds(30))
 *         .within(Duration.ofHours(2));
 * }</pre>
 *
 * @param request the request of one poll; it must not change anything
 * @param reading reads the status of the operation from a response
 * @param policy how often to poll
 * @param timing when to poll first, and for how long
 * @param absence the sign that the operation does not exist yet, or null if its absence is final
 * @param <T> the type that a response decodes to
 */
public record Polling<T>(
        ApiRequest<T> request,
        Function<? super ApiResponse<T>, PollStatus> reading,
        PollPolicy policy,
        Timing timing,
        @Nullable Absence absence) {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Timing USUAL_TIMING = new Timing(Duration.ofHours(1), Duration.ZERO, null);

    /**
     * The sign that an operation does not exist yet.
     *
     * @param code the vendor's machine code for it; null for any 404
     * @param until how long after subscription the absence is accepted; later it is an error
     */
    public record Absence(@Nullable String code, Duration until) {

        /** Returns whether the failure is this sign. */
        public boolean means(ApiException failure) {
            return code == null ? failure.status() == 404 : code.equals(failure.code());
        }
    }

    /**
     * The time of the first poll, and the limit of all.
     *
     * @param limit how long to poll, from subscription; 1 h by default
     * @param firstAfter the wait before the first poll; none by default
     * @param expectedAt the expected end, as the server announced it at the start; or null
     */
    public record Timing(
            Duration limit, Duration firstAfter, @Nullable Instant expectedAt) {

        /** Validates the values; throws an {@link ApiException} of kind INVALID_REQUEST. */
        public Timing {
            positive("time limit", limit);
            if (firstAfter.isNegative() || firstAfter.compareTo(LONGEST) > 0) {
                throw ApiException.invalidRequest("first poll after " + firstAfter
                        + " (expected: zero or more, at most " + LONGEST.toDays() + " days)");
            }
        }
    }

    /** Validates the values; throws an {@link ApiException} of kind INVALID_REQUEST. */
    public Polling {
        if (request.retryClass() == RetryClass.UNSAFE) {
            throw ApiException.invalidRequest(
                    "polling: " + request + " (expected: a request that changes nothing, such as a GET)");
        }
        if (request.key() != null) {
            throw ApiException.invalidRequest(
                    "polling: " + request + " has an idempotency key (expected: a request that"
                            + " changes nothing; to one with a key a server gives its first answer again)");
        }
        if (absence != null) {
            positive("absence", absence.until());
        }
    }

    /**
     * Returns a polling with a request until its decoded value shows a terminal state; for a tree, pass a
     * {@link JobShape}.
     */
    public static <T> Polling<T> of(ApiRequest<T> request, Function<? super T, PollStatus> reading) {
        return ofAnswers(request, answer -> {
            T value = answer.value();
            return value == null ? PollStatus.of(PollState.RUNNING) : reading.apply(value);
        });
    }

    /** Acts like {@link #of}, but also gives access to the status and headers of the response. */
    public static <T> Polling<T> ofAnswers(
            ApiRequest<T> request, Function<? super ApiResponse<T>, PollStatus> reading) {
        return new Polling<>(request, reading, PollPolicy.standard(), USUAL_TIMING, null);
    }

    /**
     * Returns a polling that continues while the status is 202 (RFC 9110 §15.3.3); any other success is the result. The body
     * of a 202 is emitted only if the request asks for any JSON, and otherwise not decoded.
     */
    public static <T> Polling<T> whileAccepted(ApiRequest<T> request) {
        return whilePending(request, ApiRequest.Pending.onStatus(202));
    }

    /**
     * Returns a polling that continues while a response means "not ready yet", whatever its status; any other success is the
     * result. The body of such a response is emitted only if the request asks for any JSON, and otherwise not decoded.
     */
    public static <T> Polling<T> whilePending(ApiRequest<T> request, ApiRequest.Pending rule) {
        return ofAnswers(
                request.pendingWhile(rule),
                answer -> PollStatus.of(
                        isPending(rule, answer) ? PollState.RUNNING : PollState.SUCCEEDED,
                        Integer.toString(answer.status())));
    }

    private static boolean isPending(ApiRequest.Pending rule, ApiResponse<?> answer) {
        if (!rule.matches(answer.status(), answer.headers())) {
            return false;
        }
        // A body that was decoded as a result has been found not to match.
        Object value = answer.value();
        return value == null || (value instanceof JsonNode tree && rule.matches(tree));
    }

    private Polling<T> with(Timing newTiming) {
        return new Polling<>(request, reading, policy, newTiming, absence);
    }

    private Polling<T> with(Absence newAbsence) {
        return new Polling<>(request, reading, policy, timing, newAbsence);
    }

    /** Returns a copy with another request that decodes to the same type. */
    public Polling<T> withRequest(ApiRequest<T> newRequest) {
        return new Polling<>(newRequest, reading, policy, timing, absence);
    }

    /** Returns a copy with this policy. */
    public Polling<T> withPolicy(PollPolicy newPolicy) {
        return new Polling<>(request, reading, newPolicy, timing, absence);
    }

    /** Returns a copy with {@link PollPolicy#every}. */
    public Polling<T> every(Duration minInterval) {
        return withPolicy(PollPolicy.every(minInterval));
    }

    /** Returns a copy with this time limit. Each poll has the deadline of a call in addition. */
    public Polling<T> within(Duration newTimeLimit) {
        return with(new Timing(newTimeLimit, timing.firstAfter, timing.expectedAt));
    }

    /**
     * Returns a copy that takes a 404 for "not there yet" for this long. Once the operation was seen, a 404 is final.
     */
    public Polling<T> absentFor(Duration until) {
        return with(new Absence(null, until));
    }

    /** Acts like {@link #absentFor(Duration)} for a vendor with a code for it; any other 404 is final. */
    public Polling<T> absentFor(Duration until, String code) {
        return with(new Absence(code, until));
    }

    /** Returns a copy whose first poll comes this long after subscription. */
    public Polling<T> startingAfter(Duration wait) {
        return with(new Timing(timing.limit, wait, timing.expectedAt));
    }

    /**
     * Returns a copy for an operation that may have been polled a moment ago, for example by this program before a
     * restart. The first poll comes after the minimum interval, which thus holds for the operation and not only for
     * this process.
     */
    public Polling<T> resumed() {
        return startingAfter(policy.interval().min());
    }

    /** Returns a copy with the expected end that the server announced at the start. */
    public Polling<T> expecting(@Nullable Instant end) {
        return with(new Timing(timing.limit, timing.firstAfter, end));
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw ApiException.invalidRequest("polling: " + name + " " + value + " (expected: more than zero, at most "
                    + LONGEST.toDays() + " days)");
        }
    }

    /** Returns the request and the policy. */
    @Override
    public String toString() {
        return "Polling[" + request + " " + policy + "]";
    }
}
