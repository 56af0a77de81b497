package io.penstock.test.simulator.ixon;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The header {@code Authorization}, split into its two parts. */
record Authorization(String type, String credentials) {

    static Authorization of(@Nullable String header, IxonErrors errors) {
        if (header == null) {
            throw Refusal.authorization(Refusal.REQUIRED_HEADER);
        }
        int space = header.indexOf(' ');
        if (space <= 0 || header.substring(space).isBlank()) {
            throw Refusal.authorization(errors.credentialsMessage());
        }
        return new Authorization(header.substring(0, space), header.substring(space + 1));
    }

    /** Returns whether the scheme is the given one. Schemes are case-insensitive (RFC 9110, section 11.1). */
    boolean isOf(String scheme) {
        return type.toLowerCase(Locale.ROOT).equals(scheme.toLowerCase(Locale.ROOT));
    }
}
