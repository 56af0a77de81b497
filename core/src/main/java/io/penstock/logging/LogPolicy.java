package io.penstock.logging;

import io.penstock.error.ApiException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The parts of a request and its response that may be logged. It is an allow-list: everything else appears only by
 * name, with {@code ****} in place of its value, so that an unexpected header reveals nothing.
 *
 * <p>A client writes to two SLF4J loggers. Both are silent unless the application's configuration enables them:
 *
 * <table>
 * <caption>Loggers</caption>
 * <tr><th>{@code io.penstock.call.<vendor>}</th><td>one entry when a call ends; the level depends on the outcome: see
 * {@link CallLog}</td></tr>
 * <tr><th>{@code io.penstock.wire.<vendor>}</th><td>DEBUG: every request and every response, within this
 * policy</td></tr>
 * </table>
 *
 * @param headers the headers whose values are shown, in lower case
 * @param queryParameters the query parameters whose values are shown
 * @param bodyBytes how many bytes of a body are shown, 0 to 2048; anything in it that looks like a secret is masked
 */
public record LogPolicy(Set<String> headers, Set<String> queryParameters, int bodyBytes) {

    private static final int MOST_BODY_BYTES = 2048;

    /** Copies the sets and validates the number; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public LogPolicy {
        headers = headers.stream().map(h -> h.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        queryParameters = Set.copyOf(queryParameters);
        if (bodyBytes < 0 || bodyBytes > MOST_BODY_BYTES) {
            throw ApiException.invalidConfiguration(
                    "bodyBytes: " + bodyBytes + " (expected: 0 to " + MOST_BODY_BYTES + ")");
        }
    }

    /** Returns a policy that shows headers about format, quota and request ids, and no query parameters or bodies. */
    public static LogPolicy standard() {
        return new LogPolicy(
                Set.of(
                        "accept",
                        "content-encoding",
                        "content-length",
                        "content-type",
                        "date",
                        "etag",
                        "ratelimit",
                        "ratelimit-limit",
                        "ratelimit-policy",
                        "ratelimit-remaining",
                        "ratelimit-reset",
                        "retry-after",
                        "server",
                        "user-agent",
                        "x-ratelimit-limit",
                        "x-ratelimit-remaining",
                        "x-ratelimit-reset",
                        "x-request-id"),
                Set.of(),
                0);
    }

    /** Returns a copy that also shows the values of these headers. */
    public LogPolicy withHeaders(String... more) {
        return new LogPolicy(union(headers, more), queryParameters, bodyBytes);
    }

    /** Returns a copy that also shows the values of these query parameters. */
    public LogPolicy withQueryParameters(String... more) {
        return new LogPolicy(headers, union(queryParameters, more), bodyBytes);
    }

    /** Returns a copy that shows this many bytes of every body. Bodies may hold sensitive data: not for production. */
    public LogPolicy withBodies(int bytes) {
        return new LogPolicy(headers, queryParameters, bytes);
    }

    private static Set<String> union(Set<String> known, String... more) {
        return Stream.concat(known.stream(), Arrays.stream(more)).collect(Collectors.toSet());
    }

    /** Returns the policy in one line. */
    @Override
    public String toString() {
        return "values of headers " + new TreeSet<>(headers) + ", of query parameters " + new TreeSet<>(queryParameters)
                + "; " + (bodyBytes == 0 ? "no bodies" : bodyBytes + " B of bodies");
    }
}
