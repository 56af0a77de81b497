package io.penstock.request;

import io.penstock.error.ApiException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether something exists already, when nobody can tell whether a request was acted on: the answer to a POST that
 * broke off, where the API knows no idempotency keys.
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
 * What is found becomes the call's result. What is not found may still be on its way through the server: the call then
 * ends with its real error, unless {@link #trustingAbsenceAfter} says after which time absence is final.
 *
 * @param lookup the request that looks; a call of its own, with what is left of the deadline
 * @param found what to make of its answer: the result, or null where it is not there
 * @param settling after which time without a finding it is certain that there was no effect; null for never
 * @param <T> the result of the request that is looked after
 */
public record Probe<T>(
        ApiRequest<?> lookup,
        Function<Object, @Nullable T> found,
        @Nullable Duration settling) {

    /** A probe whose findings count, and whose silence does not. */
    @SuppressWarnings("unchecked") // the lookup's payload decodes to A
    public static <A, T> Probe<T> of(ApiRequest<A> lookup, Function<? super A, @Nullable T> found) {
        if (lookup.retryClass() == RetryClass.UNSAFE) {
            throw ApiException.invalidRequest(
                    "probe: " + lookup + " (expected: a request that changes nothing, such as a GET)");
        }
        return new Probe<>(lookup, answer -> found.apply((A) answer), null);
    }

    /**
     * The same probe, which looks again until so much time has passed since the attempt broke off, and then takes absence
     * as proof: the request may be sent once more. It must be longer than the API can take to act on a request that it
     * has received; a time too short can make it act twice.
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
