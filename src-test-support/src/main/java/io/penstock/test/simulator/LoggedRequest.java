package io.penstock.test.simulator;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as it arrived.
 *
 * @param sequence 1 for the first request of this server, then counting up
 * @param at when its last byte was read, by the system's clock
 * @param method the method as sent
 * @param uri the request target as sent, with the query
 * @param path the same without the query, not decoded
 * @param headers the values by lower-case name, in the order of arrival
 * @param content the body, byte for byte; empty if there was none, or if it was over the limit of 1 MiB. Not to be changed
 * @param connection which connection it came on: 1 for the first one accepted; equal numbers mean reuse
 * @param clientAddress the client's IP address, without port
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
public record LoggedRequest(
        long sequence,
        Instant at,
        String method,
        String uri,
        String path,
        Map<String, List<String>> headers,
        byte[] content,
        long connection,
        String clientAddress) {

    /** As above, with a body of text. */
    public LoggedRequest(
            long sequence,
            Instant at,
            String method,
            String uri,
            String path,
            Map<String, List<String>> headers,
            String body,
            long connection,
            String clientAddress) {
        this(
                sequence,
                at,
                method,
                uri,
                path,
                headers,
                body.getBytes(StandardCharsets.UTF_8),
                connection,
                clientAddress);
    }

    /** The body read as UTF-8. */
    public String body() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** The first value of a header, whatever the case of {@code name}; {@code null} if it was not sent. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null ? null : values.get(0);
    }

    /** The first value of a query parameter, decoded; {@code null} if it was not sent. */
    public @Nullable String query(String name) {
        List<String> values = new QueryStringDecoder(uri).parameters().get(name);
        return values == null ? null : values.get(0);
    }
}
