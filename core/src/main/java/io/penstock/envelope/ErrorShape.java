package io.penstock.envelope;

import io.penstock.body.FailureSign;
import io.penstock.body.Pointers;
import io.penstock.error.ApiException;
import io.penstock.ratelimit.RetryAfter;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The places of the parts of a vendor's error bodies: members as JSON pointers (RFC 6901). Of several pointers the
 * first that leads to a value counts; one that leads nowhere yields nothing.
 *
 * <p>A pointer can select an element of a list by one of its members, in brackets in place of its index:
 * {@code /error/details/[@type=type.googleapis.com/google.rpc.RetryInfo]/retryDelay} leads into the first element whose
 * {@code @type} has that value.
 *
 * @param members the members of an error body
 * @param retryAfter the headers and members that say how long to wait
 * @param fields the errors by field, or null if there are none
 * @param failureMember a member at the top of a 2xx body, at any position, that makes it a failure if it is set, as in
 *     {@link FailureSign#isSet}; empty if there is none
 * @param failureSigns members at the top of a 2xx body, at any position, that make it a failure
 */
public record ErrorShape(
        Members members,
        RetryAfter retryAfter,
        @Nullable FieldShape fields,
        String failureMember,
        List<FailureSign> failureSigns) {

    /**
     * The members of an error body, as pointers.
     *
     * @param code the machine-readable code
     * @param message the text for people; of a list of texts all of them
     * @param requestId the id for the vendor's support
     * @param details the other parts of the error
     */
    public record Members(List<String> code, List<String> message, List<String> requestId, List<String> details) {

        /**
         * Checks the pointers and copies the lists.
         *
         * @throws ApiException INVALID_CONFIGURATION if a pointer is malformed
         */
        public Members {
            code = Pointers.checked("code", code);
            message = Pointers.checked("message", message);
            requestId = Pointers.checked("requestId", requestId);
            details = Pointers.checked("details", details);
        }
    }

    /**
     * Checks the pointers and copies the list.
     *
     * @throws ApiException INVALID_CONFIGURATION if a pointer is malformed
     */
    public ErrorShape {
        retryAfter.members().forEach(member -> Pointers.check("retryAfter", member.name()));
        failureSigns = List.copyOf(failureSigns);
    }

    /** Returns the shape {@code {"error":{"code","message","details","request_id"}}}. */
    public static ErrorShape nestedError() {
        Members members = new Members(
                List.of("/error/code"),
                List.of("/error/message"),
                List.of("/error/request_id"),
                List.of("/error/details"));
        return new ErrorShape(members, RetryAfter.usual(), null, "error", List.of());
    }

    /** Returns the shape {@code {"message"}}: the least that most APIs have. */
    public static ErrorShape messageOnly() {
        return messageAt("/message");
    }

    /** Returns a shape with a text for people at the first of these pointers that leads to one, and nothing else. */
    public static ErrorShape messageAt(String... pointers) {
        Members members = new Members(List.of(), List.of(pointers), List.of(), List.of());
        return new ErrorShape(members, RetryAfter.usual(), null, "", List.of());
    }

    private ErrorShape with(Members newMembers) {
        return new ErrorShape(newMembers, retryAfter, fields, failureMember, failureSigns);
    }

    /** Returns a copy with the machine-readable code at these pointers. */
    public ErrorShape withCode(String... pointers) {
        return with(new Members(List.of(pointers), members.message, members.requestId, members.details));
    }

    /** Returns a copy with the request id at these pointers. */
    public ErrorShape withRequestId(String... pointers) {
        return with(new Members(members.code, members.message, List.of(pointers), members.details));
    }

    /** Returns a copy with the details at these pointers. */
    public ErrorShape withDetails(String... pointers) {
        return with(new Members(members.code, members.message, members.requestId, List.of(pointers)));
    }

    /**
     * Returns a copy with the wait at these pointers: a number of seconds, a duration such as {@code 3.5s}, an instant
     * or an HTTP-date. The first pointer that leads to a plausible value counts.
     */
    public ErrorShape withRetryAfter(String... pointers) {
        return withRetryAfter(retryAfter.withMembers(
                Stream.of(pointers).map(RetryAfter.Place::seconds).toArray(RetryAfter.Place[]::new)));
    }

    /** Returns a copy with waits in these headers and members. */
    public ErrorShape withRetryAfter(RetryAfter places) {
        return new ErrorShape(members, places, fields, failureMember, failureSigns);
    }

    /** Returns a copy with errors by field. */
    public ErrorShape withFields(FieldShape newFields) {
        return new ErrorShape(members, retryAfter, newFields, failureMember, failureSigns);
    }

    /** Returns a copy in which these members of a 2xx body make it a failure. */
    public ErrorShape withFailureSigns(FailureSign... signs) {
        return new ErrorShape(members, retryAfter, fields, failureMember, List.of(signs));
    }
}
