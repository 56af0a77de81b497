package io.penstock.test.simulator.picus;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that the API refuses. The messages of 401 (three of them), 404 and 422 are documented, the others are not.
 * The only documented {@code error_code} is that of the {@link #sample}.
 */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final int status;
    final @Nullable Integer code;
    /** The errors; empty if there are none. */
    final transient Map<String, String> errors;
    /**
     * True if {@code errors} precedes the message. The two documented samples of a 422 differ in the order of their
     * members.
     */
    final boolean errorsFirst;

    private Refusal(
            int status, String message, @Nullable Integer code, Map<String, String> errors, boolean errorsFirst) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.errors = errors;
        this.errorsFirst = errorsFirst;
    }

    static Refusal of(int status, String message) {
        return new Refusal(status, message, null, Map.of(), false);
    }

    /** Returns the sample of page "response-codes-errors", for a status without a documented error. */
    static Refusal sample(int status) {
        Map<String, String> errors = new LinkedHashMap<>();
        errors.put("error1", "message");
        errors.put("error2", "message2");
        return new Refusal(status, "The error message", 1001, errors, false);
    }

    static Refusal emptyAuthHeader() {
        return of(401, "auth header is empty");
    }

    static Refusal illegalBase64(int position) {
        return of(401, "illegal base64 data at input byte " + position);
    }

    static Refusal unauthorized() {
        return of(401, "unauthorized error");
    }

    static Refusal forbidden() {
        return of(403, "forbidden error");
    }

    static Refusal notFound() {
        return of(404, "not found error");
    }

    static Refusal notANumber(String value) {
        return parsing("strconv.ParseUint: parsing \"" + value + "\": invalid syntax");
    }

    static Refusal parsing(String error) {
        return invalid(Map.of("parsing error", error), false);
    }

    /**
     * Returns a 422. For {@code tag=max} it is literally the contract's sample, whose key is {@code param} for every
     * parameter.
     */
    static Refusal outOfRange(String tag, long bound, long value) {
        return invalid(Map.of("param", "tag=" + tag + ", param=" + bound + ", given value=" + value), true);
    }

    /** Returns a 422 in the form of the contract's sample; undocumented. */
    static Refusal required(String name) {
        return invalid(Map.of(name, "tag=required, param=, given value="), true);
    }

    /** Returns a 422 in the form of the contract's sample; undocumented. */
    static Refusal notOneOf(String name, String allowed, String value) {
        return invalid(Map.of(name, "tag=oneof, param=" + allowed + ", given value=" + value), true);
    }

    private static Refusal invalid(Map<String, String> errors, boolean errorsFirst) {
        return new Refusal(422, "validation error", null, errors, errorsFirst);
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
