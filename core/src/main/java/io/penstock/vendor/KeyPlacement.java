package io.penstock.vendor;

import java.util.List;

/**
 * Where an API wants the idempotency key, and which operations know it.
 *
 * @param where header or member of the body
 * @param name the header's or the member's name
 * @param paths the POST paths that recognise it, below the base URI; empty for all
 */
public record KeyPlacement(Where where, String name, List<String> paths) {

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
    }

    /** A header that every POST and PATCH understands. */
    public static KeyPlacement header(String name) {
        return new KeyPlacement(Where.HEADER, name, List.of());
    }

    /** A member of the body, understood by these POSTs only. */
    public static KeyPlacement bodyMember(String name, String... paths) {
        return new KeyPlacement(Where.BODY_MEMBER, name, List.of(paths));
    }

    @Override
    public String toString() {
        return (where == Where.HEADER ? "header " : "body member ")
                + name
                + (paths.isEmpty() ? "" : " of POST " + String.join(", POST ", paths));
    }
}
