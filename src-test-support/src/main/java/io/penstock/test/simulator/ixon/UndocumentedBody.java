package io.penstock.test.simulator.ixon;

/** The body of a response without a documented body. */
public enum UndocumentedBody {
    /** The API's own error envelope. */
    ENVELOPE,
    /** A gateway's page, as {@code text/html}. */
    HTML,
    /** No body. */
    EMPTY
}
