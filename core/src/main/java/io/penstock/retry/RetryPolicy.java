package io.penstock.retry;

import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import io.penstock.http.Method;
import io.penstock.request.ApiRequest;
import io.penstock.request.RetryClass;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How often, how patiently and how much in all a client sends again.
 *
 * @param maxAttempts sends per call, the first one included; 1 switches retry off
 * @param backoff the waits
 * @param maxHint the longest wait that a server's hint may ask for; a longer one ends the call with {@code retryAt}
 * @param budgetShare how many retries the client may spend for each call it makes, 0 to 1; 1 or more is no limit. Half of it
 *     is paid in when a call begins, the other half when it succeeds; by a policy that fails fast all of it at once
 * @param restrictions where less is sent again
 * @param failsFast whether a call ends with its last error where a retry would have to wait for budget
 */
public record RetryPolicy(
        int maxAttempts,
        Backoff backoff,
        Duration maxHint,
        double budgetShare,
        List<RetryRestriction> restrictions,
        boolean failsFast) {

    /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public RetryPolicy {
        restrictions = List.copyOf(restrictions);
        if (maxAttempts < 1 || maxAttempts > 100) {
            throw ApiException.invalidConfiguration("maxAttempts: " + maxAttempts + " (expected: 1 to 100)");
        }
        if (maxHint.isNegative()) {
            throw ApiException.invalidConfiguration("maxHint: " + maxHint + " (expected: zero or more)");
        }
        if (!(budgetShare >= 0)) {
            throw ApiException.invalidConfiguration("budgetShare: " + budgetShare + " (expected: zero or more)");
        }
    }

    /** A policy whose retries wait for budget. */
    public RetryPolicy(
            int maxAttempts,
            Backoff backoff,
            Duration maxHint,
            double budgetShare,
            List<RetryRestriction> restrictions) {
        this(maxAttempts, backoff, maxHint, budgetShare, restrictions, false);
    }

    /** Without restrictions. */
    public RetryPolicy(int maxAttempts, Backoff backoff, Duration maxHint, double budgetShare) {
        this(maxAttempts, backoff, maxHint, budgetShare, List.of());
    }

    /** 5 attempts, {@link Backoff#standard()}, hints up to 30 s, a budget of 20 %. */
    public static RetryPolicy standard() {
        return new RetryPolicy(5, Backoff.standard(), Duration.ofSeconds(30), 0.2, List.of());
    }

    /** The same policy with that many sends per call. */
    public RetryPolicy withMaxAttempts(int newMaxAttempts) {
        return new RetryPolicy(newMaxAttempts, backoff, maxHint, budgetShare, restrictions, failsFast);
    }

    /** The same policy with these waits. */
    public RetryPolicy withBackoff(Backoff newBackoff) {
        return new RetryPolicy(maxAttempts, newBackoff, maxHint, budgetShare, restrictions, failsFast);
    }

    /** The same policy, obeying hints up to that length. */
    public RetryPolicy withMaxHint(Duration newMaxHint) {
        return new RetryPolicy(maxAttempts, backoff, newMaxHint, budgetShare, restrictions, failsFast);
    }

    /** The same policy with that many retries for each call. */
    public RetryPolicy withBudgetShare(double newBudgetShare) {
        return new RetryPolicy(maxAttempts, backoff, maxHint, newBudgetShare, restrictions, failsFast);
    }

    /** Returns the same policy for callers who want their last error at once where there is no budget for a retry. */
    public RetryPolicy failFast() {
        return new RetryPolicy(maxAttempts, backoff, maxHint, budgetShare, restrictions, true);
    }

    /** The same policy with these restrictions in place of its own. */
    public RetryPolicy withRestrictions(RetryRestriction... newRestrictions) {
        return new RetryPolicy(maxAttempts, backoff, maxHint, budgetShare, List.of(newRestrictions), failsFast);
    }

    /** Whether a restriction forbids to send that request a second time after it has failed so. */
    public boolean forbidsResend(ApiRequest<?> request, Failure failure) {
        RetryClass retryClass = request.retryClass();
        Method method = methodFor(request.method(), retryClass);
        boolean hinted = failure.retryAfter() != null;
        return restrictions.stream().anyMatch(r -> r.forbids(retryClass, method, failure.status(), 1, hinted));
    }

    /** The method by which restrictions go: a POST that is marked as idempotent counts as the GET that it stands for. */
    static Method methodFor(Method method, RetryClass retryClass) {
        return method == Method.POST && retryClass == RetryClass.IDEMPOTENT ? Method.GET : method;
    }

    @Override
    public String toString() {
        return maxAttempts + " attempts, " + backoff + "; hints up to " + maxHint.toSeconds() + " s; budget "
                + (budgetShare >= 1 ? "unlimited" : Math.round(budgetShare * 100) + " % of calls")
                + (failsFast ? ", fails fast without" : "")
                + restrictions.stream().map(r -> "; " + r).collect(Collectors.joining());
    }
}
