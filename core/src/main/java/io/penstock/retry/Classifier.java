package io.penstock.retry;

import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Retryability;
import java.time.Duration;

/**
 * Decides what follows a failed attempt. A pure function: the clock, the dice and the budget are arguments.
 *
 * <pre>
 *              NOT_SENT   REJECTED, transient    MAYBE_PROCESSED / PROCESSED, transient   not transient
 *  IDEMPOTENT  resend     wait, resend           backoff, resend                          give up
 *  KEYED       resend     wait, resend           backoff, resend, same key                give up
 *  UNSAFE      resend     wait, resend           give up                                  give up
 * </pre>
 */
final class Classifier {

    /** What a clock of nanoseconds can count: 292 years. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private Classifier() {}

    /**
     * The decision.
     *
     * @param attempt the attempt that failed, from 1
     * @param remainingNanos what is left of the call's total time
     * @param backoffNanos the client's own wait, jitter included
     * @param budget whether the client can pay for a retry
     */
    static Decision decide(
            RetryClass retryClass,
            Failure failure,
            int attempt,
            RetryPolicy policy,
            long remainingNanos,
            long backoffNanos,
            boolean budget) {
        if (failure.kind() == ErrorKind.DEADLINE_EXCEEDED) {
            return new Decision.GiveUp("the deadline is over", -1);
        }
        if (failure.retryability() != Retryability.TRANSIENT) {
            return new Decision.GiveUp(
                    failure.retryability() == Retryability.AFTER_ACTION
                            ? "somebody has to act first"
                            : "sending it again cannot help",
                    -1);
        }
        if (retryClass == RetryClass.UNSAFE && failure.certainty().mayHaveActed()) {
            return new Decision.GiveUp("no idempotency key: sending it again could act twice", -1);
        }
        Duration hint = failure.retryAfter();
        long hintNanos = hint == null ? 0 : hint.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : hint.toNanos();
        long waitNanos = Math.max(hintNanos, backoffNanos);
        int most = failure.maxAttempts() > 0
                ? Math.min(failure.maxAttempts(), policy.maxAttempts())
                : policy.maxAttempts();
        if (attempt >= most) {
            return new Decision.GiveUp("attempt " + attempt + " of " + most, hint == null ? -1 : hintNanos);
        }
        if (hint != null && hint.compareTo(policy.maxHint()) > 0) {
            return new Decision.GiveUp(
                    "the server asks for " + hint.toSeconds() + " s, more than the "
                            + policy.maxHint().toSeconds() + " s this client waits",
                    hintNanos);
        }
        if (waitNanos >= remainingNanos) {
            return new Decision.GiveUp("the wait would overrun the deadline", waitNanos);
        }
        if (!budget) {
            return new Decision.GiveUp("retry budget used up", waitNanos);
        }
        return new Decision.Resend(waitNanos, rule(retryClass, failure.certainty(), hintNanos > backoffNanos));
    }

    private static String rule(RetryClass retryClass, Certainty certainty, boolean hinted) {
        String why = !certainty.mayHaveActed()
                ? "the server did not act"
                : retryClass == RetryClass.KEYED ? "keyed: the server acts once" : "idempotent";
        return hinted ? why + "; server's hint" : why + "; backoff";
    }
}
