package io.penstock.test.simulator.ixon;

/** How the last page of a list says that it is the last one; all three are seen. */
public enum ListEnd {
    /** {@code "moreAfter":null}. */
    NULL,
    /** No {@code moreAfter}. */
    ABSENT,
    /** {@code "moreAfter":""}. */
    EMPTY
}
