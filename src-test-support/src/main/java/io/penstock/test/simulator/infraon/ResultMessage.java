package io.penstock.test.simulator.infraon;

/** The member with the text of a result object. All are seen on the wire. */
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
