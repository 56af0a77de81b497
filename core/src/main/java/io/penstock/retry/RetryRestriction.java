package io.penstock.retry;

import io.penstock.ApiException;
import io.penstock.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where an API wants less to be sent again than the table of the classifier allows. It can only forbid, so that no vendor can
 * make an unsafe resend out of a mistake in its data.
 *
 * <pre>{@code
 * RetryRestriction.onlyWithHint(Set.of(Method.POST), 429, 503)   // a refusal only if the server says until when
 * RetryRestriction.atMost(1, Set.of(Method.PUT, Method.DELETE), 500)
 * }</pre>
 *
 * @param methods the methods it holds for; a POST that is marked as idempotent counts as the GET that it stands for
 * @param statuses the statuses it holds for; empty for all, and for attempts without an answer
 * @param maxAttempts how many sends are worth it in all; 1 for no resend
 * @param onlyWithHint whether a resend needs the server to have said how long to wait
 */
public record RetryRestriction(Set<Method> methods, Set<Integer> statuses, int maxAttempts, boolean onlyWithHint) {

    private static final int AS_THE_POLICY_SAYS = 100;

    /** Copies the sets, and checks the number: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public RetryRestriction {
        methods = Set.copyOf(methods);
        statuses = Set.copyOf(statuses);
        if (maxAttempts < 1) {
            throw ApiException.invalidConfiguration("maxAttempts: " + maxAttempts + " (expected: >= 1)");
        }
    }

    /** That many sends in all. */
    public static RetryRestriction atMost(int maxAttempts, Set<Method> methods, int... statuses) {
        return new RetryRestriction(methods, set(statuses), maxAttempts, false);
    }

    /** A resend only where the server says how long to wait. */
    public static RetryRestriction onlyWithHint(Set<Method> methods, int... statuses) {
        return new RetryRestriction(methods, set(statuses), AS_THE_POLICY_SAYS, true);
    }

    private static Set<Integer> set(int[] statuses) {
        return Arrays.stream(statuses).boxed().collect(Collectors.toSet());
    }

    boolean forbids(Method method, int status, int attempt, boolean hinted) {
        return methods.contains(method)
                && (statuses.isEmpty() || statuses.contains(status))
                && (attempt >= maxAttempts || (onlyWithHint && !hinted));
    }

    @Override
    public String toString() {
        return new TreeSet<>(methods)
                + (statuses.isEmpty() ? "" : " on " + new TreeSet<>(statuses))
                + (maxAttempts == AS_THE_POLICY_SAYS ? "" : " at most " + maxAttempts + " sends")
                + (onlyWithHint ? " only with a hint" : "");
    }
}
