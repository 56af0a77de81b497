package io.penstock.test.simulator.infraon;

/** Under which name a result object has its text. All are on the wire. */
public enum ResultMessage {
    /** {@code message} and {@code msg} with the same text. */
    BOTH,
    /** {@code message} only. */
    MESSAGE,
    /** {@code msg} only. */
    MSG,
    /** An empty {@code message} before a {@code msg} with the text. */
    MSG_BEHIND_BLANK_MESSAGE
}
