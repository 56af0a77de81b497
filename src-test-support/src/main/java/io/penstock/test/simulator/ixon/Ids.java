package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.parts.RandomText;

/** Identifiers and secrets in the contract's form. */
final class Ids {

    static final int SECRET_LENGTH = 32;

    private static final String DIGITS = "0123456789";
    private static final String ALPHANUMERICS = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private Ids() {}

    /** Returns twelve alphanumerics. */
    static String resource() {
        return RandomText.of(ALPHANUMERICS, 12);
    }

    /** Returns five groups of four digits. */
    static String company() {
        StringBuilder id = new StringBuilder(RandomText.of(DIGITS, 4));
        for (int i = 0; i < 4; i++) {
            id.append('-').append(RandomText.of(DIGITS, 4));
        }
        return id.toString();
    }

    static String secret() {
        return RandomText.of(ALPHANUMERICS, SECRET_LENGTH);
    }

    static String oneTimePassword() {
        return RandomText.of(DIGITS, 6);
    }
}
