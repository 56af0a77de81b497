package io.penstock.test.simulator.infraon;

/** How an API key stands in the header {@code Authorization}. Tokens of a login are always sent as they are. */
public enum KeyForm {
    /** {@code Authorization: ApiKey <key>} (page "authorization"). */
    SCHEME,
    /** {@code Authorization: <key>} (the samples of the module pages). */
    RAW,
    /** Either. */
    EITHER
}
