package io.penstock.test.simulator.infraon;

/** The form of an API key in the header {@code Authorization}. Tokens of a login are always sent without a scheme. */
public enum KeyForm {
    /** {@code Authorization: ApiKey <key>} (page "authorization"). */
    SCHEME,
    /** {@code Authorization: <key>} (the samples of the module pages). */
    RAW,
    /** Either form. */
    EITHER
}
