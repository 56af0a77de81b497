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
 * @param sequence the number of the request on this server, from 1; 0 if the request is not logged
 * @param at the time when its last byte was read, by the system clock
 * @param method the method as sent
 * @param uri the request target as sent, with the query
 * @param path the request target without the query, not decoded
 * @param headers the values by lower-case name, in the order of arrival
 * @param content the bytes of the body; empty if there was none, or if it was over the limit of 1 MiB. Must not be
 *     modified
 * @param connection the number of the connection, from 1 in the order of acceptance; equal numbers mean reuse
 * @param clientAddress the client's IP address, without port
 */
@SuppressWarnings("ArrayRecordComponent") // instances are never compared
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

    /** Returns the body, decoded as UTF-8. */
    public String body() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** Returns the first value of a header; {@code null} if it was not sent. The case of {@code name} is ignored. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null ? null : values.get(0);
    }

    /** Returns the first value of a query parameter, decoded; {@code null} if it was not sent. */
    public @Nullable String query(String name) {
        List<String> values = new QueryStringDecoder(uri).parameters().get(name);
        return values == null ? null : values.get(0);
    }
}
