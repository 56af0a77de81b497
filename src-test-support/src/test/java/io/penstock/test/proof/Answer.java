package io.penstock.test.proof;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The answers of the scripted server: what goes over the wire, and whether the server acts before it sends them. */
enum Answer {
    OK(200, true, null),
    CREATED(201, true, null),
    NO_CONTENT(204, true, null),
    /** The answer to a condition that does not hold. */
    NOT_MODIFIED(304, false, null),
    /** What a lookup is answered that finds nothing. */
    ABSENT(200, true, null),
    INVALID(400, false, null),
    UNAUTHORIZED(401, false, null),
    MISSING(404, false, null),
    CONFLICT(409, false, null),
    TOO_LARGE(413, false, null),
    LIMITED(429, false, "0"),
    LIMITED_LONG(429, false, "3600"),
    FAILED(500, false, null),
    FAILED_ACTED(500, true, null),
    BUSY(503, false, null),
    BUSY_ACTED(503, true, null),
    BUSY_HINTED(503, false, "0");

    /** How the end of the body is told (RFC 9112, section 6.3). */
    enum Framing {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private static final String RESOURCE = "{\"id\":\"1\",\"item\":\"pump\",\"state\":\"queued\"}";
    private static final String NOTHING = "{\"id\":null}";
    private static final String ERROR = "{\"code\":\"of_no_vendor\",\"message\":\"no\"}";

    private final int status;
    private final boolean acts;
    private final @Nullable String retryAfter;

    Answer(int status, boolean acts, @Nullable String retryAfter) {
        this.status = status;
        this.acts = acts;
        this.retryAfter = retryAfter;
    }

    /** Those that a script may hold for any request. */
    static List<Answer> scripted() {
        return Stream.of(values())
                .filter(answer -> answer != ABSENT && answer != NOT_MODIFIED && answer != TOO_LARGE)
                .toList();
    }

    /** Whether it has no content, whatever its headers say (RFC 9112, section 6.3). */
    boolean contentless() {
        return this == NO_CONTENT || this == NOT_MODIFIED;
    }

    int status() {
        return status;
    }

    boolean acts() {
        return acts;
    }

    boolean success() {
        return status < 300;
    }

    /** Whether the status alone says that the server did not act. */
    boolean refusal() {
        return (status < 500 && !success()) || this == BUSY_HINTED;
    }

    /** Whether another try may find another answer. */
    boolean isTransient() {
        return status >= 500 || this == LIMITED;
    }

    /** The head alone: how many bytes of {@link #bytes} a client needs to know the status. */
    int headLength(Framing framing) {
        return head(framing).length();
    }

    /** What answers a request of that method: to a HEAD, the head alone. */
    byte[] bytes(Framing framing, String method) {
        byte[] whole = bytes(framing);
        return method.equals("HEAD") ? Arrays.copyOf(whole, headLength(framing)) : whole;
    }

    byte[] bytes(Framing framing) {
        return (head(framing) + body(framing)).getBytes(StandardCharsets.US_ASCII);
    }

    private String content() {
        return this == ABSENT ? NOTHING : success() ? RESOURCE : ERROR;
    }

    private String head(Framing framing) {
        String head =
                "HTTP/1.1 " + status + " X\r\n" + (retryAfter == null ? "" : "retry-after: " + retryAfter + "\r\n");
        if (contentless()) {
            return head + "\r\n";
        }
        return head + "content-type: application/json\r\n"
                + switch (framing) {
                    case LENGTH -> "content-length: " + content().length() + "\r\n\r\n";
                    case CHUNKED -> "transfer-encoding: chunked\r\n\r\n";
                    case UNTIL_CLOSE -> "connection: close\r\n\r\n";
                };
    }

    private String body(Framing framing) {
        if (contentless()) {
            return "";
        }
        String content = content();
        int half = content.length() / 2;
        return framing == Framing.CHUNKED
                ? chunk(content.substring(0, half)) + chunk(content.substring(half)) + "0\r\n\r\n"
                : content;
    }

    private static String chunk(String part) {
        return Integer.toHexString(part.length()) + "\r\n" + part + "\r\n";
    }
}
