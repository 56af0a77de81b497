package io.penstock.envelope;

import io.penstock.body.FailureSign;
import io.penstock.body.Pointers;
import io.penstock.error.ApiException;
import io.penstock.ratelimit.RetryAfter;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a vendor's errors keep what they say: members of the body as JSON pointers (RFC 6901); of several the first that leads
 * to something counts, and one that leads nowhere yields nothing.
 *
 * <p>A pointer can name an element of a list by what it holds, in brackets in place of its index: {@code
 * /error/details/[@type=type.googleapis.com/google.rpc.RetryInfo]/retryDelay} leads into the first element whose {@code @type}
 * has that value.
 *
 * @param code the machine code
 * @param message the text for people; of a list of texts all of them
 * @param requestId the id for the vendor's support
 * @param details whatever else it tells
 * @param retryAfter the headers and members that tell how long to wait
 * @param fields the complaints field by field, or null if there are none
 * @param failureMember a member at the top of a 2xx body, wherever it stands there, that makes it a failure all the same if it
 *     is set, as in {@link FailureSign#isSet}; empty if there is none
 * @param failureSigns members of a 2xx body, wherever they stand in it, that make it a failure
 */
public record ErrorShape(
        List<String> code,
        List<String> message,
        List<String> requestId,
        List<String> details,
        RetryAfter retryAfter,
        @Nullable FieldShape fields,
        String failureMember,
        List<FailureSign> failureSigns) {

    /** Checks the pointers and copies the lists: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public ErrorShape {
        code = Pointers.checked("code", code);
        message = Pointers.checked("message", message);
        requestId = Pointers.checked("requestId", requestId);
        details = Pointers.checked("details", details);
        retryAfter.members().forEach(member -> Pointers.check("retryAfter", member.name()));
        failureSigns = List.copyOf(failureSigns);
    }

    /** {@code {"error":{"code","message","details","request_id"}}}. */
    public static ErrorShape nestedError() {
        return new ErrorShape(
                List.of("/error/code"),
                List.of("/error/message"),
                List.of("/error/request_id"),
                List.of("/error/details"),
                RetryAfter.usual(),
                null,
                "error",
                List.of());
    }

    /** {@code {"message"}}: the least that most APIs have. */
    public static ErrorShape messageOnly() {
        return messageAt("/message");
    }

    /** A text for people at the first of these pointers that leads to one, and nothing else. */
    public static ErrorShape messageAt(String... pointers) {
        return new ErrorShape(
                List.of(), List.of(pointers), List.of(), List.of(), RetryAfter.usual(), null, "", List.of());
    }

    /** The same shape, with a machine code there. */
    public ErrorShape withCode(String... pointers) {
        return new ErrorShape(
                List.of(pointers), message, requestId, details, retryAfter, fields, failureMember, failureSigns);
    }

    /** The same shape, with a request id there. */
    public ErrorShape withRequestId(String... pointers) {
        return new ErrorShape(
                code, message, List.of(pointers), details, retryAfter, fields, failureMember, failureSigns);
    }

    /** The same shape, with more to tell there. */
    public ErrorShape withDetails(String... pointers) {
        return new ErrorShape(
                code, message, requestId, List.of(pointers), retryAfter, fields, failureMember, failureSigns);
    }

    /**
     * Returns a copy with a wait there: a number of seconds, a duration such as {@code 3.5s}, an instant or an HTTP-date; of
     * several pointers the first that leads to what makes sense counts.
     */
    public ErrorShape withRetryAfter(String... pointers) {
        return withRetryAfter(retryAfter.withMembers(
                Stream.of(pointers).map(RetryAfter.Place::seconds).toArray(RetryAfter.Place[]::new)));
    }

    /** Returns a copy with waits in these headers and members. */
    public ErrorShape withRetryAfter(RetryAfter places) {
        return new ErrorShape(code, message, requestId, details, places, fields, failureMember, failureSigns);
    }

    /** The same shape, with complaints about fields. */
    public ErrorShape withFields(FieldShape newFields) {
        return new ErrorShape(code, message, requestId, details, retryAfter, newFields, failureMember, failureSigns);
    }

    /** The same shape, where these members of a 2xx body make it a failure. */
    public ErrorShape withFailureSigns(FailureSign... signs) {
        return new ErrorShape(code, message, requestId, details, retryAfter, fields, failureMember, List.of(signs));
    }
}
