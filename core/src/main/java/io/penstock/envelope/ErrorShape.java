package io.penstock.envelope;

/**
 * Where a vendor's error body keeps what it says, as JSON pointers (RFC 6901). A pointer that leads nowhere yields
 * nothing; an empty one is never looked up.
 *
 * @param code the machine code
 * @param message the text for people
 * @param requestId the id for the vendor's support
 * @param details whatever else it tells
 * @param retryAfter a wait in seconds
 * @param failureMember the first member of a 2xx body that makes it a failure all the same; empty if there is none
 */
public record ErrorShape(
        String code, String message, String requestId, String details, String retryAfter, String failureMember) {

    /** {@code {"error":{"code","message","details","request_id"}}}. */
    public static ErrorShape nestedError() {
        return new ErrorShape("/error/code", "/error/message", "/error/request_id", "/error/details", "", "error");
    }

    /** {@code {"message"}}: the least that most APIs have. */
    public static ErrorShape messageOnly() {
        return new ErrorShape("", "/message", "", "", "", "");
    }
}
