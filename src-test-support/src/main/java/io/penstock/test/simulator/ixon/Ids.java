package io.penstock.test.simulator.ixon;

import java.util.concurrent.ThreadLocalRandom;

/** Identifiers and secrets in the contract's form. A secure source is not used because it may block an event loop. */
final class Ids {

    static final int SECRET_LENGTH = 32;

    private static final String DIGITS = "0123456789";
    private static final String ALPHANUMERICS = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private Ids() {}

    /** Returns twelve alphanumerics. */
    static String resource() {
        return random(ALPHANUMERICS, 12);
    }

    /** Returns five groups of four digits. */
    static String company() {
        StringBuilder id = new StringBuilder(random(DIGITS, 4));
        for (int i = 0; i < 4; i++) {
            id.append('-').append(random(DIGITS, 4));
        }
        return id.toString();
    }

    static String secret() {
        return random(ALPHANUMERICS, SECRET_LENGTH);
    }

    static String oneTimePassword() {
        return random(DIGITS, 6);
    }

    private static String random(String alphabet, int length) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        StringBuilder id = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            id.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return id.toString();
    }
}
