package io.penstock;

import io.penstock.envelope.JsonCodec;
import io.penstock.pipeline.Plan;
import io.penstock.retry.IdempotencyKey;
import io.penstock.retry.KeyLife;
import io.penstock.vendor.KeyPlacement;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the plan of a call: absolute URI, encoded body, headers, the idempotency key in its place. */
final class Planning {

    private static final String USER_AGENT = "penstock";

    private final URI baseUri;
    private final JsonCodec codec;
    private final @Nullable KeyPlacement keyPlacement;
    private final List<String> keyedPaths;
    private final Duration total;
    private final String vendorName;
    private final List<String> usualHeaders;

    Planning(
            URI baseUri,
            JsonCodec codec,
            @Nullable KeyPlacement keyPlacement,
            Duration total,
            String vendorName,
            List<String> usualHeaders) {
        this.baseUri = baseUri;
        this.codec = codec;
        this.keyPlacement = keyPlacement;
        this.total = total;
        this.vendorName = vendorName;
        this.usualHeaders = List.copyOf(usualHeaders);
        this.keyedPaths = keyPlacement == null
                ? List.of()
                : keyPlacement.paths().stream()
                        .map(path -> RequestTarget.resolve(baseUri, path, List.of(), List.of())
                                .getRawPath())
                        .toList();
    }

    Plan plan(ApiRequest<?> request) {
        URI uri = request.resolve(baseUri);
        IdempotencyKey key = request.key();
        List<String> headers = new ArrayList<>(request.headers().size() + 6);
        if (!has(request.headers(), "accept")) {
            headers.add("accept");
            headers.add(request.payload().accept());
        }
        if (!has(request.headers(), "user-agent")) {
            headers.add("user-agent");
            headers.add(USER_AGENT);
        }
        headers.addAll(request.headers());
        for (int i = 0; i < usualHeaders.size(); i += 2) {
            if (!has(request.headers(), usualHeaders.get(i))) {
                headers.add(usualHeaders.get(i));
                headers.add(usualHeaders.get(i + 1));
            }
        }
        ByteBuffer body = body(request, uri, key, headers);
        Duration deadline = request.deadline();
        return new Plan(
                request.method(),
                uri,
                Collections.unmodifiableList(headers),
                body,
                request.payload(),
                request.retryClass(),
                key,
                key == null || keyPlacement == null || keyPlacement.lifetime() == null
                        ? null
                        : new KeyLife(keyPlacement.lifetime()),
                request.probe(),
                request.isAnonymous(),
                request.isBackground(),
                request.redirects(),
                (deadline == null ? total : deadline).toNanos(),
                request.toString());
    }

    private @Nullable ByteBuffer body(
            ApiRequest<?> request, URI uri, @Nullable IdempotencyKey key, List<String> headers) {
        KeyPlacement placement = key == null ? null : placement(request, uri);
        if (key != null && placement != null && placement.where() == KeyPlacement.Where.HEADER) {
            if (has(headers, placement.name())) {
                throw ApiException.invalidRequest("header " + placement.name()
                        + ": given beside the idempotency key, which goes there (expected: one of the two)");
            }
            headers.add(placement.name());
            headers.add(placement.text(key));
        }
        String member =
                placement != null && placement.where() == KeyPlacement.Where.BODY_MEMBER ? placement.name() : null;
        Object value = request.body();
        String contentType = request.contentType();
        if (value == null && member == null) {
            return null;
        }
        if (!has(headers, "content-type")) {
            headers.add("content-type");
            headers.add(contentType == null ? "application/json" : contentType);
        }
        if (contentType != null && value instanceof byte[] bytes) {
            if (member != null) {
                throw ApiException.invalidRequest("body: bytes (expected: an object to send as JSON, because the"
                        + " idempotency key goes into its member \"" + member + "\")");
            }
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }
        if (key != null && placement != null && member != null) {
            return ByteBuffer.wrap(codec.encodeWith(value, member, placement.text(key)))
                    .asReadOnlyBuffer();
        }
        return value == null ? null : ByteBuffer.wrap(codec.encode(value)).asReadOnlyBuffer();
    }

    private KeyPlacement placement(ApiRequest<?> request, URI uri) {
        if (keyPlacement == null) {
            throw ApiException.invalidRequest("idempotency key: " + vendorName
                    + " documents none (expected: a request without one; it is then sent again only if it was not"
                    + " acted on)");
        }
        boolean known = !request.method().idempotent()
                && (keyedPaths.isEmpty() || (request.method() == Method.POST && keyedPaths.contains(uri.getRawPath())));
        if (!known) {
            throw ApiException.invalidRequest("idempotency key: " + request + " takes none (expected: "
                    + (keyedPaths.isEmpty() ? "a POST or PATCH" : "POST " + String.join(", POST ", keyedPaths)) + ")");
        }
        return keyPlacement;
    }

    private static boolean has(List<String> headers, String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
