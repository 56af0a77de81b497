package io.penstock.request;

import io.penstock.error.ApiException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A lookup for the effect of a request whose outcome is unknown: the answer to a POST was lost, and the API has no
 * idempotency keys.
 *
 * <pre>{@code
 * Probe.of(ApiRequest.get("simulations").query("name", name).as(LIST), list -> list.named(name))
 * }</pre>
 *
 * <pre>
 *  POST   |--#1--reset
 *  probe          |-GET-| found: the call succeeds with it
 *                 |-GET-|  not found  |-GET-|  not found for the settling time: the POST is sent again
 * </pre>
 *
 * A finding becomes the call's result. Without a finding, the request may still be on its way through the server. The
 * call then ends with its real error, unless {@link #trustingAbsenceAfter} sets the time after which absence is final.
 *
 * @param lookup the request that looks; a call of its own, limited to the rest of the deadline
 * @param found extracts the result from its answer, or returns null if it is not there
 * @param settling the time without a finding after which it is certain that there was no effect; null for never
 * @param <T> the result of the probed request
 */
public record Probe<T>(
        ApiRequest<?> lookup,
        Function<Object, @Nullable T> found,
        @Nullable Duration settling) {

    /** Creates a probe that trusts its findings but not their absence. */
    @SuppressWarnings("unchecked") // the lookup's payload decodes to A
    public static <A, T> Probe<T> of(ApiRequest<A> lookup, Function<? super A, @Nullable T> found) {
        if (lookup.retryClass() == RetryClass.UNSAFE) {
            throw ApiException.invalidRequest(
                    "probe: " + lookup + " (expected: a request that changes nothing, such as a GET)");
        }
        return new Probe<>(lookup, answer -> found.apply((A) answer), null);
    }

    /**
     * Returns a copy that repeats the lookup until this much time has passed since the attempt was interrupted, and
     * then takes absence as proof: the request may be sent once more. The time must be longer than the API can take to
     * act on a request that it has received; if it is too short, the API can act twice.
     */
    public Probe<T> trustingAbsenceAfter(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw ApiException.invalidRequest("settling time: " + time + " (expected: more than zero)");
        }
        return new Probe<>(lookup, found, time);
    }

    @Override
    public String toString() {
        return lookup.toString();
    }
}
