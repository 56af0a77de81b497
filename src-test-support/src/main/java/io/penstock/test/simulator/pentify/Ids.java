package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.parts.RandomText;

/** Identifiers as the documentation shows them: a prefix and 26 characters that look like a ULID. */
final class Ids {

    private static final String CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 26;
    private static final int TIME_LENGTH = 10;

    private Ids() {}

    /** Returns an identifier with ten characters of time and sixteen random characters. */
    static String resource(String prefix, long epochMillis) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = TIME_LENGTH - 1; i >= 0; i--) {
            id.append(CROCKFORD.charAt((int) (epochMillis >>> (5 * i)) & 31));
        }
        return id + RandomText.of(CROCKFORD, LENGTH - TIME_LENGTH);
    }

    /** Returns 26 random characters after the prefix. */
    static String secret(String prefix) {
        return prefix + RandomText.of(CROCKFORD, LENGTH);
    }
}
