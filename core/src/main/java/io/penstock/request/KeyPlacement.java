package io.penstock.request;

import io.penstock.error.ApiException;
import io.penstock.http.PathPattern;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place where an API expects the idempotency key, its notation, and the operations that recognise it.
 *
 * @param where header or member of the body
 * @param name the header's or the member's name
 * @param paths the POST paths that recognise it, as in a request: below the base URI, or from the root of its origin with a
 *     leading slash; <code>{id}</code> stands for any segment, <code>**</code> at the end for any number of them. Empty for
 *     all
 * @param quoted whether it is written as a structured string, in quotes (RFC 9651 §3.3.3)
 * @param lifetime how long the server remembers a key; null if that is not documented
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

    /** Copies the paths and checks the lifetime. */
    public KeyPlacement {
        paths = List.copyOf(paths);
        paths.forEach(path -> PathPattern.check("paths of idempotency keys", path));
        if (lifetime != null && (lifetime.isNegative() || lifetime.isZero())) {
            throw ApiException.invalidConfiguration("lifetime of keys: " + lifetime + " (expected: more than zero)");
        }
    }

    /** Places the key in a header that only these POSTs recognise; every POST and PATCH if none is given. */
    public static KeyPlacement header(String name, String... paths) {
        return new KeyPlacement(Where.HEADER, name, List.of(paths), false, null);
    }

    /** Places the key in a member of the body that only these POSTs recognise. */
    public static KeyPlacement bodyMember(String name, String... paths) {
        return new KeyPlacement(Where.BODY_MEMBER, name, List.of(paths), false, null);
    }

    /** Returns a copy that writes the key in quotes, as drafted for the {@code Idempotency-Key} header. */
    public KeyPlacement inQuotes() {
        return new KeyPlacement(where, name, paths, true, lifetime);
    }

    /**
     * Returns a copy for a server that forgets a key after this time. If the first attempt of a call is older and the
     * server may have acted, the call is not sent again: the key would no longer protect it.
     */
    public KeyPlacement expiringAfter(Duration time) {
        return new KeyPlacement(where, name, paths, quoted, time);
    }

    /**
     * Returns the key as it is written there. A key holds printable ASCII only, so only quotes and backslashes need
     * escaping.
     */
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
