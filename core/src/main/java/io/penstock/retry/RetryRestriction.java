package io.penstock.retry;

import io.penstock.error.ApiException;
import io.penstock.http.Method;
import io.penstock.request.RetryClass;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A rule of an API that forbids retries which the retry class would allow. It can only forbid, so that no mistake in a
 * vendor's data leads to an unsafe retry.
 *
 * <pre>{@code
 * RetryRestriction.onlyOn(Set.of(Method.GET), 429, 500, 503)     // after no other error status
 * RetryRestriction.onlyWithHint(Set.of(Method.POST), 429, 503)   // only if the server says how long to wait
 * RetryRestriction.atMost(1, Set.of(Method.PUT))                 // no retry after any failure
 * RetryRestriction.onlyUnanswered(Set.of(Method.POST)).withoutKey()
 * }</pre>
 *
 * @param methods the methods it applies to; a POST that is marked as idempotent counts as a GET
 * @param statuses the statuses it applies to; empty for all, including attempts without a response
 * @param allOthers whether it applies instead to the error statuses (400 and above) that are not among
 *     {@code statuses}, and not to attempts without a response
 * @param maxAttempts the maximum number of attempts; 1 forbids retries
 * @param onlyWithHint whether a retry requires a wait hint from the server
 * @param onlyUnkeyed whether requests with an idempotency key are exempt
 */
public record RetryRestriction(
        Set<Method> methods,
        Set<Integer> statuses,
        boolean allOthers,
        int maxAttempts,
        boolean onlyWithHint,
        boolean onlyUnkeyed) {

    private static final int AS_THE_POLICY_SAYS = 100;
    private static final int FIRST_ERROR = 400;

    /** Copies the sets and validates the number; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public RetryRestriction {
        methods = Set.copyOf(methods);
        statuses = Set.copyOf(statuses);
        if (maxAttempts < 1) {
            throw ApiException.invalidConfiguration("maxAttempts: " + maxAttempts + " (expected: >= 1)");
        }
    }

    /** Allows this number of attempts in total. */
    public static RetryRestriction atMost(int maxAttempts, Set<Method> methods, int... statuses) {
        return new RetryRestriction(methods, set(statuses), false, maxAttempts, false, false);
    }

    /** Allows a retry only if the server says how long to wait. */
    public static RetryRestriction onlyWithHint(Set<Method> methods, int... statuses) {
        return new RetryRestriction(methods, set(statuses), false, AS_THE_POLICY_SAYS, true, false);
    }

    /** Forbids a retry after any other error status. Attempts without a response are not affected. */
    public static RetryRestriction onlyOn(Set<Method> methods, int... statuses) {
        return new RetryRestriction(methods, set(statuses), true, 1, false, false);
    }

    /** Forbids a retry after any error status. Attempts without a response are not affected. */
    public static RetryRestriction onlyUnanswered(Set<Method> methods) {
        return onlyOn(methods);
    }

    /** Returns a copy that applies only to requests without an idempotency key. */
    public RetryRestriction withoutKey() {
        return new RetryRestriction(methods, statuses, allOthers, maxAttempts, onlyWithHint, true);
    }

    private static Set<Integer> set(int[] statuses) {
        return Arrays.stream(statuses).boxed().collect(Collectors.toSet());
    }

    boolean forbids(RetryClass retryClass, Method method, int status, int attempt, boolean hinted) {
        return methods.contains(method)
                && holdsFor(status)
                && !(onlyUnkeyed && retryClass == RetryClass.KEYED)
                && (attempt >= maxAttempts || (onlyWithHint && !hinted));
    }

    /** Returns whether it applies to the status. A truncated body has a success status and is no error response. */
    private boolean holdsFor(int status) {
        return allOthers
                ? status >= FIRST_ERROR && !statuses.contains(status)
                : statuses.isEmpty() || statuses.contains(status);
    }

    @Override
    public String toString() {
        return list(methods)
                + (onlyUnkeyed ? " without a key" : "")
                + on()
                + (maxAttempts == AS_THE_POLICY_SAYS || allOthers ? "" : " at most " + maxAttempts + " sends")
                + (onlyWithHint ? " only with a hint" : "");
    }

    private String on() {
        if (allOthers) {
            return statuses.isEmpty() ? " not after an error answer" : " only on " + list(statuses);
        }
        return statuses.isEmpty() ? "" : " on " + list(statuses);
    }

    private static String list(Set<? extends Comparable<?>> items) {
        return new TreeSet<>(items).stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
