package io.penstock.test.simulator.pentify;

import java.util.concurrent.ThreadLocalRandom;

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
        return random(id, LENGTH - TIME_LENGTH);
    }

    /**
     * Returns 26 random characters after the prefix. A secure source is not used because it may block an event loop.
     */
    static String secret(String prefix) {
        return random(new StringBuilder(prefix), LENGTH);
    }

    private static String random(StringBuilder id, int length) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < length; i++) {
            id.append(CROCKFORD.charAt(random.nextInt(CROCKFORD.length())));
        }
        return id.toString();
    }
}
