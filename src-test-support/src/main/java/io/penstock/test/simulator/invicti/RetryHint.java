package io.penstock.test.simulator.invicti;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The place and form of the retry hint in a 429 or 503. The hint {@code retryAfter} is documented (page
 * "s1-handle-responses"); its place, unit and type are not. The header is {@code Retry-After}, the member is
 * {@code retryAfter}; an {@link ErrorShape} without members has no room for the latter.
 */
public enum RetryHint {
    /** Header, whole seconds. */
    HEADER_SECONDS,
    /** Header, an HTTP date. */
    HEADER_DATE,
    /** Body, a number of seconds. */
    BODY_NUMBER,
    /** Body, the seconds as a string. */
    BODY_STRING,
    /** Body, the instant as an ISO timestamp. */
    BODY_INSTANT,
    /** Header and body, both in seconds. */
    HEADER_AND_BODY,
    /** No hint. */
    NONE;

    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

    @Nullable
    String header(long seconds, Instant now) {
        return switch (this) {
            case HEADER_SECONDS, HEADER_AND_BODY -> Long.toString(seconds);
            case HEADER_DATE -> HTTP_DATE.format(now.plusSeconds(seconds).atOffset(ZoneOffset.UTC));
            case BODY_NUMBER, BODY_STRING, BODY_INSTANT, NONE -> null;
        };
    }

    void enter(ObjectNode body, long seconds, Instant now) {
        switch (this) {
            case BODY_NUMBER, HEADER_AND_BODY -> body.put("retryAfter", seconds);
            case BODY_STRING -> body.put("retryAfter", Long.toString(seconds));
            case BODY_INSTANT -> body.put("retryAfter", now.plusSeconds(seconds).toString());
            case HEADER_SECONDS, HEADER_DATE, NONE -> {}
        }
    }
}
