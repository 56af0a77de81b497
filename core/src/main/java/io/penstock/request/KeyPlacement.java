package io.penstock.request;

import io.penstock.error.ApiException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an API wants the idempotency key, how it is written there, and which operations know it.
 *
 * @param where header or member of the body
 * @param name the header's or the member's name
 * @param paths the POST paths that recognise it, below the base URI; empty for all
 * @param quoted whether it is written as a structured string, in quotes (RFC 9651 §3.3.3)
 * @param lifetime how long the server remembers a key; null where that is not documented
 */
public record KeyPlacement(
        Where where,
        String name,
        List<String> paths,
        boolean quoted,
        @Nullable Duration lifetime) {

    /** Header or body. */
    public enum Where {
        /** A header of that name. */
        HEADER,
        /** A member of that name in the JSON object that is the body. */
        BODY_MEMBER
    }

    /** Copies the paths. */
    public KeyPlacement {
        paths = List.copyOf(paths);
        if (lifetime != null && (lifetime.isNegative() || lifetime.isZero())) {
            throw ApiException.invalidConfiguration("lifetime of keys: " + lifetime + " (expected: more than zero)");
        }
    }

    /** A header, understood by these POSTs only; by every POST and PATCH where none is given. */
    public static KeyPlacement header(String name, String... paths) {
        return new KeyPlacement(Where.HEADER, name, List.of(paths), false, null);
    }

    /** A member of the body, understood by these POSTs only. */
    public static KeyPlacement bodyMember(String name, String... paths) {
        return new KeyPlacement(Where.BODY_MEMBER, name, List.of(paths), false, null);
    }

    /** The same place, where the key stands in quotes: what the {@code Idempotency-Key} header is drafted to be. */
    public KeyPlacement inQuotes() {
        return new KeyPlacement(where, name, paths, true, lifetime);
    }

    /**
     * The same place, at a server that forgets a key after so much time. A call whose first attempt is older is not sent
     * again where the server may have acted: the key would protect nothing.
     */
    public KeyPlacement expiringAfter(Duration time) {
        return new KeyPlacement(where, name, paths, quoted, time);
    }

    /** The key as it is written there. A key holds printable ASCII only, so quotes and backslashes are all there is to mark. */
    public String text(IdempotencyKey key) {
        return quoted ? '"' + key.value().replace("\\", "\\\\").replace("\"", "\\\"") + '"' : key.value();
    }

    @Override
    public String toString() {
        return (where == Where.HEADER ? "header " : "body member ")
                + name
                + (quoted ? " in quotes" : "")
                + (paths.isEmpty() ? "" : " of POST " + String.join(", POST ", paths))
                + (lifetime == null ? "" : ", for " + lifetime);
    }
}
