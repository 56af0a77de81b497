package io.penstock.envelope;

import io.penstock.body.FailureSign;
import io.penstock.body.Pointers;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
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
     * The parts of an error, with the places where they stand; of several the first with a value counts.
     *
     * @param code the machine-readable code
     * @param message the text for people; of a list of texts all of them
     * @param requestId the id for the vendor's support; after these places, the header {@code X-Request-Id}
     * @param details the other parts of the error
     * @param verdict the server's own word on sending again: {@code true} makes an error transient that the table takes for
     *     permanent, {@code false} makes any error permanent; other values are ignored
     */
    public record Members(
            List<Place> code, List<Place> message, List<Place> requestId, List<Place> details, List<Place> verdict) {

        /** Copies the lists. */
        public Members {
            code = List.copyOf(code);
            message = List.copyOf(message);
            requestId = List.copyOf(requestId);
            details = List.copyOf(details);
            verdict = List.copyOf(verdict);
        }
    }

    /**
     * A place in a response: a header or a member of the body.
     *
     * @param header the name of the header; null for a member
     * @param pointer the pointer to the member; null for a header
     */
    public record Place(@Nullable String header, @Nullable String pointer) {

        /** Checks the names; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
        public Place {
            if (pointer != null) {
                Pointers.check("error shape", pointer);
            }
            String wrong = header == null ? null : Headers.whatIsWrongWithName(header);
            if (wrong != null) {
                throw ApiException.invalidConfiguration("error shape: " + wrong);
            }
            if ((header == null) == (pointer == null)) {
                throw ApiException.invalidConfiguration("error shape: place in header " + header + " and at " + pointer
                        + " (expected: one of the two)");
            }
        }

        /** Returns a place in a header. */
        public static Place header(String name) {
            return new Place(name, null);
        }

        /** Returns a place in the body, by its JSON pointer. */
        public static Place member(String pointer) {
            return new Place(null, pointer);
        }

        private static List<Place> members(String part, String... pointers) {
            return Pointers.checked(part, List.of(pointers)).stream()
                    .map(Place::member)
                    .toList();
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
                Place.members("code", "/error/code"),
                Place.members("message", "/error/message"),
                Place.members("requestId", "/error/request_id"),
                Place.members("details", "/error/details"),
                List.of());
        return new ErrorShape(members, RetryAfter.usual(), null, "error", List.of());
    }

    /** Returns the shape {@code {"message"}}: the least that most APIs have. */
    public static ErrorShape messageOnly() {
        return messageAt("/message");
    }

    /** Returns a shape with a text for people at the first of these pointers that leads to one, and nothing else. */
    public static ErrorShape messageAt(String... pointers) {
        Members members = new Members(List.of(), Place.members("message", pointers), List.of(), List.of(), List.of());
        return new ErrorShape(members, RetryAfter.usual(), null, "", List.of());
    }

    private ErrorShape with(Members newMembers) {
        return new ErrorShape(newMembers, retryAfter, fields, failureMember, failureSigns);
    }

    /** Returns a copy with the machine-readable code at these pointers. */
    public ErrorShape withCode(String... pointers) {
        return withCode(Place.members("code", pointers).toArray(Place[]::new));
    }

    /** Returns a copy with the machine-readable code at these places. */
    public ErrorShape withCode(Place... places) {
        return with(new Members(List.of(places), members.message, members.requestId, members.details, members.verdict));
    }

    /** Returns a copy with the text for people at these places. */
    public ErrorShape withMessage(Place... places) {
        return with(new Members(members.code, List.of(places), members.requestId, members.details, members.verdict));
    }

    /** Returns a copy with the request id at these pointers. */
    public ErrorShape withRequestId(String... pointers) {
        return withRequestId(Place.members("requestId", pointers).toArray(Place[]::new));
    }

    /** Returns a copy with the request id at these places. */
    public ErrorShape withRequestId(Place... places) {
        return with(new Members(members.code, members.message, List.of(places), members.details, members.verdict));
    }

    /** Returns a copy with the details at these pointers. */
    public ErrorShape withDetails(String... pointers) {
        return with(new Members(
                members.code, members.message, members.requestId, Place.members("details", pointers), members.verdict));
    }

    /**
     * Returns a copy for an API that says itself whether to send again: {@code true} or {@code false} at one of these places,
     * such as a header.
     */
    public ErrorShape withVerdict(Place... places) {
        return with(new Members(members.code, members.message, members.requestId, members.details, List.of(places)));
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
