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
 * @param cases the attempts that it applies to
 * @param maxAttempts the maximum number of attempts; 1 forbids retries
 * @param onlyWithHint whether a retry requires a wait hint from the server
 */
public record RetryRestriction(Cases cases, int maxAttempts, boolean onlyWithHint) {

    private static final int AS_THE_POLICY_SAYS = 100;
    private static final int FIRST_ERROR = 400;

    /**
     * The attempts that a restriction applies to.
     *
     * @param methods the methods; a POST that is marked as idempotent counts as a GET
     * @param statuses the statuses; empty for all, including attempts without a response
     * @param allOthers whether it applies instead to the error statuses (400 and above) that are not among
     *     {@code statuses}, and not to attempts without a response
     * @param onlyUnkeyed whether requests with an idempotency key are exempt
     */
    public record Cases(Set<Method> methods, Set<Integer> statuses, boolean allOthers, boolean onlyUnkeyed) {

        /** Copies the sets. */
        public Cases {
            methods = Set.copyOf(methods);
            statuses = Set.copyOf(statuses);
        }

        private static Cases of(Set<Method> methods, int[] statuses, boolean allOthers) {
            Set<Integer> set = Arrays.stream(statuses).boxed().collect(Collectors.toSet());
            return new Cases(methods, set, allOthers, false);
        }

        boolean hold(RetryClass retryClass, Method method, int status) {
            return methods.contains(method) && holdFor(status) && !(onlyUnkeyed && retryClass == RetryClass.KEYED);
        }

        /** Returns whether the status is among them. A truncated body has a success status and is no error response. */
        private boolean holdFor(int status) {
            return allOthers
                    ? status >= FIRST_ERROR && !statuses.contains(status)
                    : statuses.isEmpty() || statuses.contains(status);
        }

        @Override
        public String toString() {
            return list(methods) + (onlyUnkeyed ? " without a key" : "") + on();
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

    /** Validates the number; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public RetryRestriction {
        if (maxAttempts < 1) {
            throw ApiException.invalidConfiguration("maxAttempts: " + maxAttempts + " (expected: >= 1)");
        }
    }

    /** Allows this number of attempts in total. */
    public static RetryRestriction atMost(int maxAttempts, Set<Method> methods, int... statuses) {
        return new RetryRestriction(Cases.of(methods, statuses, false), maxAttempts, false);
    }

    /** Allows a retry only if the server says how long to wait. */
    public static RetryRestriction onlyWithHint(Set<Method> methods, int... statuses) {
        return new RetryRestriction(Cases.of(methods, statuses, false), AS_THE_POLICY_SAYS, true);
    }

    /** Forbids a retry after any other error status. Attempts without a response are not affected. */
    public static RetryRestriction onlyOn(Set<Method> methods, int... statuses) {
        return new RetryRestriction(Cases.of(methods, statuses, true), 1, false);
    }

    /** Forbids a retry after any error status. Attempts without a response are not affected. */
    public static RetryRestriction onlyUnanswered(Set<Method> methods) {
        return onlyOn(methods);
    }

    /** Returns a copy that applies only to requests without an idempotency key. */
    public RetryRestriction withoutKey() {
        Cases unkeyed = new Cases(cases.methods, cases.statuses, cases.allOthers, true);
        return new RetryRestriction(unkeyed, maxAttempts, onlyWithHint);
    }

    boolean forbids(RetryClass retryClass, Method method, int status, int attempt, boolean hinted) {
        return cases.hold(retryClass, method, status) && (attempt >= maxAttempts || (onlyWithHint && !hinted));
    }

    @Override
    public String toString() {
        return cases
                + (maxAttempts == AS_THE_POLICY_SAYS || cases.allOthers ? "" : " at most " + maxAttempts + " sends")
                + (onlyWithHint ? " only with a hint" : "");
    }
}
