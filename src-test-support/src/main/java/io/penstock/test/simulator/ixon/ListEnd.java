package io.penstock.test.simulator.ixon;

/** The mark of the last page of a list. All three are seen on the wire. */
public enum ListEnd {
    /** {@code "moreAfter":null}. */
    NULL,
    /** No {@code moreAfter}. */
    ABSENT,
    /** {@code "moreAfter":""}. */
    EMPTY
}
