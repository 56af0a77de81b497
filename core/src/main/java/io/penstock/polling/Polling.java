package io.penstock.polling;

import io.penstock.error.ApiException;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.RetryClass;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a long operation is watched, as a value; {@link io.penstock.ApiClient#poll} does it. It holds no state of the
 * operation but the request that asks for it, so that whoever knows the operation's id can make it again, in another
 * process, too: see {@link #resumed}.
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
 * @param reading what an answer says of the operation
 * @param policy how often to ask
 * @param timeLimit how long to ask, from subscribing: 1 h unless given
 * @param absence what says that there is no such operation yet, or null where its absence is final
 * @param firstAfter how long to wait before the first poll: not at all unless given
 * @param expectedAt when the server said, on starting it, that it would end; or null
 * @param <T> what an answer decodes to
 */
public record Polling<T>(
        ApiRequest<T> request,
        Function<? super ApiResponse<T>, PollStatus> reading,
        PollPolicy policy,
        Duration timeLimit,
        @Nullable Absence absence,
        Duration firstAfter,
        @Nullable Instant expectedAt) {

    private static final Duration USUAL_TIME_LIMIT = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int ACCEPTED = 202;

    /**
     * What says that there is no such operation yet.
     *
     * @param code the vendor's machine code that stands for it; null for any 404
     * @param until how long after subscribing that is believed; then it is an error
     */
    public record Absence(@Nullable String code, Duration until) {

        /** Whether that failure is it. */
        public boolean means(ApiException failure) {
            return code == null ? failure.status() == 404 : code.equals(failure.code());
        }
    }

    /** Checks what can be told now; {@link ApiException} of kind INVALID_REQUEST. */
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
        positive("time limit", timeLimit);
        if (absence != null) {
            positive("absence", absence.until());
        }
        if (firstAfter.isNegative() || firstAfter.compareTo(LONGEST) > 0) {
            throw ApiException.invalidRequest("first poll after " + firstAfter + " (expected: zero or more, at most "
                    + LONGEST.toDays() + " days)");
        }
    }

    /** Asks with that request, until the value it decodes to says that it is over: of a tree by a {@link JobShape}. */
    public static <T> Polling<T> of(ApiRequest<T> request, Function<? super T, PollStatus> reading) {
        return ofAnswers(request, answer -> {
            T value = answer.value();
            return value == null ? PollStatus.of(PollState.RUNNING) : reading.apply(value);
        });
    }

    /** As {@link #of}, where the status or a header of the answer tells, too. */
    public static <T> Polling<T> ofAnswers(
            ApiRequest<T> request, Function<? super ApiResponse<T>, PollStatus> reading) {
        return new Polling<>(request, reading, PollPolicy.standard(), USUAL_TIME_LIMIT, null, Duration.ZERO, null);
    }

    /** Asks as long as the answer is 202 (RFC 9110 §15.3.3); any other success is the result. */
    public static <T> Polling<T> whileAccepted(ApiRequest<T> request) {
        return ofAnswers(
                request,
                answer -> PollStatus.of(
                        answer.status() == ACCEPTED ? PollState.RUNNING : PollState.SUCCEEDED,
                        Integer.toString(answer.status())));
    }

    /** The same, asking with that request, which decodes to the same. */
    public Polling<T> withRequest(ApiRequest<T> newRequest) {
        return new Polling<>(newRequest, reading, policy, timeLimit, absence, firstAfter, expectedAt);
    }

    /** The same, asking as often as that. */
    public Polling<T> withPolicy(PollPolicy newPolicy) {
        return new Polling<>(request, reading, newPolicy, timeLimit, absence, firstAfter, expectedAt);
    }

    /** The same with {@link PollPolicy#every}. */
    public Polling<T> every(Duration minInterval) {
        return withPolicy(PollPolicy.every(minInterval));
    }

    /** The same, for that long at most. Each poll has the deadline of a call besides. */
    public Polling<T> within(Duration newTimeLimit) {
        return new Polling<>(request, reading, policy, newTimeLimit, absence, firstAfter, expectedAt);
    }

    /** The same, where a 404 means for so long that it is not there yet. One that was there and is not any more is gone. */
    public Polling<T> absentFor(Duration until) {
        return new Polling<>(request, reading, policy, timeLimit, new Absence(null, until), firstAfter, expectedAt);
    }

    /** As {@link #absentFor(Duration)}, where the vendor has a code for it: then any other 404 is final. */
    public Polling<T> absentFor(Duration until, String code) {
        return new Polling<>(request, reading, policy, timeLimit, new Absence(code, until), firstAfter, expectedAt);
    }

    /** The same, where the first poll comes so long after subscribing. */
    public Polling<T> startingAfter(Duration wait) {
        return new Polling<>(request, reading, policy, timeLimit, absence, wait, expectedAt);
    }

    /**
     * The same, for an operation that somebody may have polled a moment ago, such as this program before it was started
     * again: the first poll comes after the minimum interval, which thus holds for the operation and not only for this process.
     */
    public Polling<T> resumed() {
        return startingAfter(policy.minInterval());
    }

    /** The same, where the server said on starting it when it would end. */
    public Polling<T> expecting(@Nullable Instant end) {
        return new Polling<>(request, reading, policy, timeLimit, absence, firstAfter, end);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw ApiException.invalidRequest("polling: " + name + " " + value + " (expected: more than zero, at most "
                    + LONGEST.toDays() + " days)");
        }
    }

    /** Request and policy. */
    @Override
    public String toString() {
        return "Polling[" + request + " " + policy + "]";
    }
}
