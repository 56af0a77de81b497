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
 * Limits on the retries of a client: their number, their waits and their share of all calls.
 *
 * @param maxAttempts the maximum number of attempts per call, including the first; 1 switches retries off
 * @param backoff the backoff between attempts
 * @param maxHint the longest wait hint of a server that is followed; a longer one ends the call with {@code retryAt}
 * @param budget the share of retries in all calls
 * @param restrictions rules that forbid retries
 */
public record RetryPolicy(
        int maxAttempts, Backoff backoff, Duration maxHint, BudgetRule budget, List<RetryRestriction> restrictions) {

    /**
     * The share of retries in all calls.
     *
     * @param share the number of retries that each call adds to the budget, 0 to 1; 1 or more means no limit. Half of it
     *     is added when a call starts, the other half when it succeeds; a policy that fails fast adds all of it at the
     *     start
     * @param failsFast whether a call ends with its last error instead of waiting for retry budget
     */
    public record BudgetRule(double share, boolean failsFast) {

        /** Validates the share; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
        public BudgetRule {
            if (!(share >= 0)) {
                throw ApiException.invalidConfiguration("budgetShare: " + share + " (expected: zero or more)");
            }
        }
    }

    /** Validates the values; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public RetryPolicy {
        restrictions = List.copyOf(restrictions);
        if (maxAttempts < 1 || maxAttempts > 100) {
            throw ApiException.invalidConfiguration("maxAttempts: " + maxAttempts + " (expected: 1 to 100)");
        }
        if (maxHint.isNegative()) {
            throw ApiException.invalidConfiguration("maxHint: " + maxHint + " (expected: zero or more)");
        }
    }

    /** Creates a policy without restrictions, whose retries wait for budget. */
    public RetryPolicy(int maxAttempts, Backoff backoff, Duration maxHint, double budgetShare) {
        this(maxAttempts, backoff, maxHint, new BudgetRule(budgetShare, false), List.of());
    }

    /** Returns a policy of 5 attempts, {@link Backoff#standard()}, hints up to 30 s and a budget of 20 %. */
    public static RetryPolicy standard() {
        return new RetryPolicy(5, Backoff.standard(), Duration.ofSeconds(30), 0.2);
    }

    /** Returns a copy with this maximum number of attempts per call. */
    public RetryPolicy withMaxAttempts(int newMaxAttempts) {
        return new RetryPolicy(newMaxAttempts, backoff, maxHint, budget, restrictions);
    }

    /** Returns a copy with this backoff. */
    public RetryPolicy withBackoff(Backoff newBackoff) {
        return new RetryPolicy(maxAttempts, newBackoff, maxHint, budget, restrictions);
    }

    /** Returns a copy that follows hints up to this length. */
    public RetryPolicy withMaxHint(Duration newMaxHint) {
        return new RetryPolicy(maxAttempts, backoff, newMaxHint, budget, restrictions);
    }

    private RetryPolicy with(BudgetRule newBudget) {
        return new RetryPolicy(maxAttempts, backoff, maxHint, newBudget, restrictions);
    }

    /** Returns a copy with this budget share. */
    public RetryPolicy withBudgetShare(double newBudgetShare) {
        return with(new BudgetRule(newBudgetShare, budget.failsFast));
    }

    /** Returns a copy that ends a call with its last error when there is no budget for a retry. */
    public RetryPolicy failFast() {
        return with(new BudgetRule(budget.share, true));
    }

    /** Returns a copy with these restrictions in place of the current ones. */
    public RetryPolicy withRestrictions(RetryRestriction... newRestrictions) {
        return new RetryPolicy(maxAttempts, backoff, maxHint, budget, List.of(newRestrictions));
    }

    /** Returns whether a restriction forbids a second attempt of the request after this failure. */
    public boolean forbidsResend(ApiRequest<?> request, Failure failure) {
        RetryClass retryClass = request.retryClass();
        Method method = methodFor(request.method(), retryClass);
        boolean hinted = failure.retryAfter() != null;
        return restrictions.stream().anyMatch(r -> r.forbids(retryClass, method, failure.status(), 1, hinted));
    }

    /** Returns the method that restrictions match: GET for a POST that is marked as idempotent. */
    static Method methodFor(Method method, RetryClass retryClass) {
        return method == Method.POST && retryClass == RetryClass.IDEMPOTENT ? Method.GET : method;
    }

    @Override
    public String toString() {
        return maxAttempts + " attempts, " + backoff + "; hints up to " + maxHint.toSeconds() + " s; budget "
                + (budget.share >= 1 ? "unlimited" : Math.round(budget.share * 100) + " % of calls")
                + (budget.failsFast ? ", fails fast without" : "")
                + restrictions.stream().map(r -> "; " + r).collect(Collectors.joining());
    }
}
