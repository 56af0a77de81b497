package io.penstock.ixon;

import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import io.penstock.error.FieldError;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A failure that IXON answered with. Page "common-errors" knows these families:
 *
 * <ul>
 *   <li>{@link Authorization}: the token or the login;
 *   <li>{@link Content}: any other 4xx, of which {@link Header} is the part that is the same for every request;
 *   <li>{@link Server}: 5xx;
 *   <li>network: plain {@link ApiException}s without a status, or with the status of an answer that broke off.
 * </ul>
 *
 * Two more are no errors of that page: {@link RateLimited} (page "api-rate-limits"), and {@link Unreadable} for answers that
 * are neither a success as documented nor an error. This class itself is what no family covers, such as an operation that
 * was watched and has failed.
 *
 * <p>There are no codes and no request ids: {@link #fieldErrors()} has the complaints, with {@code propertyName} as their
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

    /** The token or the login is wrong, expired, malformed, or lacks its second factor; {@link #remedy()} tells. */
    public static final class Authorization extends IxonException {
        private static final long serialVersionUID = 1L;

        private Authorization(Failure failure) {
            super(failure);
        }
    }

    /**
     * 4xx: the request is wrong, and will be as long as it stays the same; {@link #retryability()} tells the few apart that
     * time may heal, such as 408. Also an error envelope that came with the status of a success.
     */
    public static class Content extends IxonException {
        private static final long serialVersionUID = 1L;

        private Content(Failure failure) {
            super(failure);
        }

        /** Which elements of a bulk request are complained of, counted from 0; empty if the server names none. */
        public final List<Integer> listIndexes() {
            return fieldErrors().stream().flatMap(Content::listIndex).distinct().toList();
        }

        private static Stream<Integer> listIndex(FieldError error) {
            JsonNode index = error.more().get("listIndex");
            return index != null && index.isInt() ? Stream.of(index.intValue()) : Stream.empty();
        }
    }

    /** One of the {@code Api-…} headers is missing, malformed or unknown: the client is configured wrongly. */
    public static final class Header extends Content {
        private static final long serialVersionUID = 1L;

        private Header(Failure failure) {
            super(failure);
        }
    }

    /** 5xx: an incident, or the server's time limit (504): {@link #remedy()} tells what to do. */
    public static final class Server extends IxonException {
        private static final long serialVersionUID = 1L;

        private Server(Failure failure) {
            super(failure);
        }
    }

    /**
     * An answer that is neither a success as documented nor an error: malformed, not JSON, too large, or a redirect.
     * {@link #certainty()} tells whether the server has acted.
     */
    public static final class Unreadable extends IxonException {
        private static final long serialVersionUID = 1L;

        private Unreadable(Failure failure) {
            super(failure);
        }
    }

    /** 429: this address has sent too much, and is refused for some minutes, whatever it sends. Never sent again. */
    public static final class RateLimited extends IxonException {
        private static final long serialVersionUID = 1L;

        private RateLimited(Failure failure) {
            super(failure);
        }

        /** For how long to send nothing: what the server says, else the documented 10 minutes. */
        public Duration block() {
            Duration hint = retryAfter();
            return hint == null ? IxonVendor.BLOCK : hint;
        }
    }
}
