package io.penstock.ixon;

import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import io.penstock.error.FieldError;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A failure reported by IXON. Page "common-errors" has these families:
 *
 * <ul>
 *   <li>{@link Authorization}: the token or the login;
 *   <li>{@link Content}: any other 4xx; {@link Header} covers the headers that all requests share;
 *   <li>{@link Server}: 5xx;
 *   <li>network: plain {@link ApiException}s without a status, or with the status of a response that broke off.
 * </ul>
 *
 * Two more are not on that page: {@link RateLimited} (page "api-rate-limits"), and {@link Unreadable} for responses
 * that are neither a documented success nor an error. Failures outside these families, such as a watched operation that
 * has failed, are instances of this class itself.
 *
 * <p>There are no codes and no request ids. {@link #fieldErrors()} has the messages, with {@code propertyName} as their
 * field.
 */
public class IxonException extends ApiException {

    private static final long serialVersionUID = 1L;

    IxonException(Failure failure) {
        super(failure);
    }

    static ApiException of(Failure failure) {
        return switch (failure.kind()) {
            case AUTHENTICATION -> new Authorization(failure);
            case INVALID_CONFIGURATION -> new Header(failure);
            case RATE_LIMITED -> new RateLimited(failure);
            case UNDECODABLE, RESPONSE_TOO_LARGE, UNEXPECTED_STATUS -> new Unreadable(failure);
            case CONNECTION_LOST -> new ApiException(failure);
            case VALIDATION -> new Content(failure);
            default -> byStatus(failure);
        };
    }

    private static IxonException byStatus(Failure failure) {
        return switch (failure.status() / 100) {
            case 4 -> new Content(failure);
            case 5 -> new Server(failure);
            default -> new IxonException(failure);
        };
    }

    /** The token or the login is wrong, expired or malformed, or lacks its second factor; see {@link #remedy()}. */
    public static final class Authorization extends IxonException {
        private static final long serialVersionUID = 1L;

        private Authorization(Failure failure) {
            super(failure);
        }
    }

    /**
     * 4xx: the request is wrong and will fail again unless it is changed. {@link #retryability()} identifies the
     * exceptions that time may resolve, such as 408. Also an error envelope with the status of a success.
     */
    public static class Content extends IxonException {
        private static final long serialVersionUID = 1L;

        private Content(Failure failure) {
            super(failure);
        }

        /** Returns the indexes of the rejected elements of a bulk request, from 0. Empty if the server names none. */
        public final List<Integer> listIndexes() {
            return fieldErrors().stream().flatMap(Content::listIndex).distinct().toList();
        }

        private static Stream<Integer> listIndex(FieldError error) {
            JsonNode index = error.more().get("listIndex");
            return index != null && index.isInt() ? Stream.of(index.intValue()) : Stream.empty();
        }
    }

    /** An {@code Api-…} header is missing, malformed or unknown: the client's configuration is wrong. */
    public static final class Header extends Content {
        private static final long serialVersionUID = 1L;

        private Header(Failure failure) {
            super(failure);
        }
    }

    /** 5xx: an incident, or the server's time limit (504); see {@link #remedy()}. */
    public static final class Server extends IxonException {
        private static final long serialVersionUID = 1L;

        private Server(Failure failure) {
            super(failure);
        }
    }

    /**
     * A response that is neither a documented success nor an error: malformed, not JSON, too large, or a redirect.
     * {@link #certainty()} tells whether the server has acted.
     */
    public static final class Unreadable extends IxonException {
        private static final long serialVersionUID = 1L;

        private Unreadable(Failure failure) {
            super(failure);
        }
    }

    /**
     * 429: this address has sent too many requests. The server refuses all its requests for some minutes. Never
     * retried.
     */
    public static final class RateLimited extends IxonException {
        private static final long serialVersionUID = 1L;

        private RateLimited(Failure failure) {
            super(failure);
        }

        /** Returns how long to send nothing: the server's hint, or else the documented 10 minutes. */
        public Duration block() {
            Duration hint = retryAfter();
            return hint == null ? IxonVendor.BLOCK : hint;
        }
    }
}
