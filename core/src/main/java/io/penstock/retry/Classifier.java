package io.penstock.retry;

import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Method;
import io.penstock.request.RetryClass;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The decision about what follows a failed attempt, as a pure function: clock, jitter and budget are arguments.
 *
 * <pre>
 *              NOT_SENT or REJECTED, transient   MAYBE_PROCESSED or PROCESSED, transient   not transient
 *  IDEMPOTENT  wait, resend                      wait, resend                              give up
 *  KEYED       wait, resend                      wait, resend with the same key            give up
 *  UNSAFE      wait, resend                      give up                                   give up
 * </pre>
 *
 * The certainty is that of all attempts together: a refusal of the second attempt does not undo what the first may have
 * done. A vendor's {@link RetryRestriction}s, the deadline, the lifetime of the key and the budget can only forbid a
 * resend, never allow one.
 */
final class Classifier {

    /** The longest span that a nanosecond clock can count: 292 years. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private Classifier() {}

    /**
     * The state of the call when an attempt fails.
     *
     * @param sent what was sent
     * @param remainingNanos the time left until the call's deadline
     * @param backoffNanos the client's own backoff, including jitter
     * @param keyHoldsNanos how long the idempotency key still protects
     * @param budget whether the budget covers a retry
     */
    record Situation(Sent sent, long remainingNanos, long backoffNanos, long keyHoldsNanos, boolean budget) {}

    /**
     * The request that was sent.
     *
     * @param retryClass whether the request can be repeated safely
     * @param method the request method; GET for a POST that is marked as idempotent
     * @param certainty the combined certainty of all attempts
     * @param attempt the number of the failed attempt, from 1
     * @param once whether an enclosing operation already repeats this call
     */
    record Sent(RetryClass retryClass, Method method, Certainty certainty, int attempt, boolean once) {}

    /** Returns the decision for a failed attempt. */
    static Decision decide(Failure failure, Situation now, RetryPolicy policy) {
        Duration nextTrial = refusedHere(failure) ? failure.retryAfter() : null;
        if (nextTrial != null) {
            return new Decision.GiveUp(
                    failure.kind() == ErrorKind.CIRCUIT_OPEN
                            ? "the circuit is open"
                            : "the quota is used up for longer than the deadline leaves",
                    nanos(nextTrial));
        }
        String hopeless = hopeless(failure, now);
        if (hopeless != null) {
            return new Decision.GiveUp(hopeless, -1);
        }
        Duration hint = failure.retryAfter();
        long hintNanos = hint == null ? 0 : nanos(hint);
        long waitNanos = Math.max(hintNanos, now.backoffNanos);
        long knownWaitNanos = hint == null ? -1 : hintNanos;
        if (now.sent.once) {
            return new Decision.GiveUp("sent once: what encloses this call repeats it", knownWaitNanos);
        }
        for (RetryRestriction restriction : policy.restrictions()) {
            if (!answeredAnother(failure)
                    && restriction.forbids(
                            now.sent.retryClass, now.sent.method, failure.status(), now.sent.attempt, hint != null)) {
                return new Decision.GiveUp("the vendor's restriction: " + restriction, knownWaitNanos);
            }
        }
        int most = failure.maxAttempts() > 0
                ? Math.min(failure.maxAttempts(), policy.maxAttempts())
                : policy.maxAttempts();
        if (now.sent.attempt >= most) {
            return new Decision.GiveUp("attempt " + now.sent.attempt + " of " + most, knownWaitNanos);
        }
        String tooLate = tooLate(hintNanos, waitNanos, now, policy);
        if (tooLate != null) {
            return new Decision.GiveUp(tooLate, waitNanos);
        }
        return new Decision.Resend(waitNanos, rule(now, hintNanos > now.backoffNanos));
    }

    /**
     * Returns whether this client's circuit breaker or admission gate refused the attempt, so that nothing was sent.
     */
    static boolean refusedHere(Failure failure) {
        return failure.kind() == ErrorKind.CIRCUIT_OPEN
                || (failure.kind() == ErrorKind.RATE_LIMITED
                        && failure.certainty() == Certainty.NOT_SENT
                        && failure.status() == 0);
    }

    /** Returns whether the status answers a preliminary request, such as a token exchange, rather than this request. */
    private static boolean answeredAnother(Failure failure) {
        return failure.certainty() == Certainty.NOT_SENT && failure.status() != 0;
    }

    /** Returns why no wait can help, or null. */
    private static @Nullable String hopeless(Failure failure, Situation now) {
        if (failure.kind() == ErrorKind.DEADLINE_EXCEEDED) {
            return "the deadline is over";
        }
        if (failure.retryability() != Retryability.TRANSIENT) {
            return failure.retryability() == Retryability.AFTER_ACTION
                    ? "somebody has to act first"
                    : "sending it again cannot help";
        }
        return now.sent.retryClass == RetryClass.UNSAFE && now.sent.certainty.mayHaveActed()
                ? "no idempotency key: sending it again could act twice"
                : null;
    }

    /** Returns why the wait must not start, or null. */
    private static @Nullable String tooLate(long hintNanos, long waitNanos, Situation now, RetryPolicy policy) {
        if (hintNanos > nanos(policy.maxHint())) {
            return "the server asks for " + TimeUnit.NANOSECONDS.toSeconds(hintNanos) + " s, more than the "
                    + policy.maxHint().toSeconds() + " s this client waits";
        }
        if (waitNanos >= now.remainingNanos) {
            return "the wait would overrun the deadline";
        }
        if (now.sent.retryClass == RetryClass.KEYED
                && now.sent.certainty.mayHaveActed()
                && waitNanos >= now.keyHoldsNanos) {
            return "the server forgets the idempotency key before the wait is over: sending it again could act twice";
        }
        return now.budget ? null : "retry budget used up";
    }

    /** Converts to nanoseconds, limited to 0 to {@link Long#MAX_VALUE}. */
    private static long nanos(Duration d) {
        if (d.isNegative()) {
            return 0;
        }
        return d.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : d.toNanos();
    }

    private static String rule(Situation now, boolean hinted) {
        String why = !now.sent.certainty.mayHaveActed()
                ? "the server did not act"
                : now.sent.retryClass == RetryClass.KEYED ? "keyed: the server acts once" : "idempotent";
        return hinted ? why + "; server's hint" : why + "; backoff";
    }
}
