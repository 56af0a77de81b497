package io.penstock.test.simulator.ixon;

/** The body of an answer whose body is not documented. */
public enum UndocumentedBody {
    /** The API's own error envelope. */
    ENVELOPE,
    /** A gateway's page, as {@code text/html}. */
    HTML,
    /** None. */
    EMPTY
}
