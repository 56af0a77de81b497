package io.penstock.paging;

import io.penstock.request.ApiRequest;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fingerprint of a list: a hash over the method, the path with its values, the query without the paging parameters,
 * and the body as far as it consists of maps, lists and plain values or is a tree. It is the first 64 bits of a
 * SHA-256, which reveal none of them.
 */
final class Fingerprint {

    private static final URI ANYWHERE = URI.create("http://list/");

    private Fingerprint() {}

    static long of(ApiRequest<?> request, Paging paging) {
        ApiRequest<?> same = request;
        for (String parameter : paging.parameters()) {
            same = same.withoutQuery(parameter);
        }
        URI uri = same.resolve(ANYWHERE);
        StringBuilder text = new StringBuilder();
        text.append(paging.getClass().getSimpleName()).append(paging.parameters());
        text.append('\n').append(request.method()).append(' ').append(uri).append('\n');
        canonical(request.body(), text);
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Appends a value in canonical form: the order of a map may differ, and may be another in the next process. */
    private static void canonical(@Nullable Object value, StringBuilder text) {
        if (value instanceof JsonNode tree) {
            canonical(tree, text);
        } else if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> sorted = new TreeMap<>();
            map.forEach((name, member) -> sorted.put(String.valueOf(name), member));
            text.append('{');
            sorted.forEach((name, member) -> {
                plain(name, text);
                canonical(member, text);
            });
            text.append('}');
        } else if (value instanceof Collection<?> list) {
            text.append('[');
            list.forEach(item -> canonical(item, text));
            text.append(']');
        } else if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean) {
            plain(value.toString(), text);
        } else if (value != null) {
            plain(value.getClass().getName(), text);
        }
    }

    private static void canonical(JsonNode tree, StringBuilder text) {
        if (tree.isObject()) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            tree.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
            canonical(sorted, text);
        } else if (tree.isArray()) {
            text.append('[');
            tree.forEach(item -> canonical(item, text));
            text.append(']');
        } else {
            plain(tree.asString(""), text);
        }
    }

    private static void plain(String value, StringBuilder text) {
        text.append(value.length()).append(':').append(value);
    }
}
