package io.penstock.envelope;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a vendor's error bodies keep what they say, as JSON pointers (RFC 6901); of several the first that leads to
 * something counts, and one that leads nowhere yields nothing.
 *
 * @param code the machine code
 * @param message the text for people
 * @param requestId the id for the vendor's support
 * @param details whatever else it tells
 * @param retryAfter a wait: a number or a text of seconds, or an ISO instant
 * @param fields the complaints field by field, or null if there are none
 * @param failureMember the first member of a 2xx body that makes it a failure all the same; empty if there is none
 * @param failureSigns members of a 2xx body, wherever they stand in it, that make it a failure
 */
public record ErrorShape(
        List<String> code,
        List<String> message,
        List<String> requestId,
        List<String> details,
        List<String> retryAfter,
        @Nullable FieldShape fields,
        String failureMember,
        List<FailureSign> failureSigns) {

    /** Copies the lists. */
    public ErrorShape {
        code = List.copyOf(code);
        message = List.copyOf(message);
        requestId = List.copyOf(requestId);
        details = List.copyOf(details);
        retryAfter = List.copyOf(retryAfter);
        failureSigns = List.copyOf(failureSigns);
    }

    /** {@code {"error":{"code","message","details","request_id"}}}. */
    public static ErrorShape nestedError() {
        return new ErrorShape(
                List.of("/error/code"),
                List.of("/error/message"),
                List.of("/error/request_id"),
                List.of("/error/details"),
                List.of(),
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
        return new ErrorShape(List.of(), List.of(pointers), List.of(), List.of(), List.of(), null, "", List.of());
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

    /** The same shape, with a wait there. */
    public ErrorShape withRetryAfter(String... pointers) {
        return new ErrorShape(
                code, message, requestId, details, List.of(pointers), fields, failureMember, failureSigns);
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
