package io.penstock.ixon;

import io.penstock.ApiException;
import io.penstock.Failure;
import io.penstock.FieldError;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A failure that IXON answered with. Page "common-errors" knows three families: {@link Authorization}, content
 * ({@link Content}, of which {@link Header} is the part that is the same for every request), and network, which are plain
 * {@link ApiException}s without a status. This class itself is what came with a 5xx, or could not be read.
 *
 * <p>There are no codes and no request ids: {@link #fieldErrors()} has the complaints, with {@code propertyName} as their
 * field.
 */
public class IxonException extends ApiException {

    private static final long serialVersionUID = 1L;

    IxonException(Failure failure) {
        super(failure);
    }

    static IxonException of(Failure failure) {
        return switch (failure.kind()) {
            case AUTHENTICATION -> new Authorization(failure);
            case INVALID_CONFIGURATION -> new Header(failure);
            case RATE_LIMITED -> new RateLimited(failure);
            case VALIDATION, PERMISSION, NOT_FOUND, CONFLICT, GONE -> new Content(failure);
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

    /** The request is wrong, and will be as long as it stays the same. */
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
