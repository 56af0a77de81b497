package io.penstock.retry;

import io.penstock.error.ApiException;
import io.penstock.http.Method;
import io.penstock.request.RetryClass;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where an API wants less to be sent again than the table of the classifier allows. It can only forbid, so that no vendor can
 * make an unsafe resend out of a mistake in its data.
 *
 * <pre>{@code
 * RetryRestriction.onlyOn(Set.of(Method.GET), 429, 500, 503)     // after no other error of the server
 * RetryRestriction.onlyWithHint(Set.of(Method.POST), 429, 503)   // a refusal only if the server says until when
 * RetryRestriction.atMost(1, Set.of(Method.PUT))                 // never, whatever went wrong
 * RetryRestriction.onlyUnanswered(Set.of(Method.POST)).withoutKey()
 * }</pre>
 *
 * @param methods the methods it holds for; a POST that is marked as idempotent counts as the GET that it stands for
 * @param statuses the statuses it holds for; empty for all, and for attempts without an answer
 * @param allOthers whether it holds for the error answers (400 and above) whose status is not among {@code statuses}
 *     instead, and not for attempts without an answer
 * @param maxAttempts how many sends are worth it in all; 1 for no resend
 * @param onlyWithHint whether a resend needs the server to have said how long to wait
 * @param onlyUnkeyed whether requests with an idempotency key are spared
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
        return new RetryRestriction(methods, set(statuses), false, maxAttempts, false, false);
    }

    /** A resend only where the server says how long to wait. */
    public static RetryRestriction onlyWithHint(Set<Method> methods, int... statuses) {
        return new RetryRestriction(methods, set(statuses), false, AS_THE_POLICY_SAYS, true, false);
    }

    /** No resend after an error answer with another status. Attempts without an answer are not concerned. */
    public static RetryRestriction onlyOn(Set<Method> methods, int... statuses) {
        return new RetryRestriction(methods, set(statuses), true, 1, false, false);
    }

    /** No resend after any error answer. Attempts without an answer are not concerned. */
    public static RetryRestriction onlyUnanswered(Set<Method> methods) {
        return onlyOn(methods);
    }

    /** The same, for requests without an idempotency key only. */
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

    /** A body that breaks off has the status of a success: that is no error answer. */
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
