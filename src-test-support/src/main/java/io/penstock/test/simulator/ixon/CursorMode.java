package io.penstock.test.simulator.ixon;

/** What {@code moreAfter} leads to. Only the first is documented; the others provoke a client that follows blindly. */
public enum CursorMode {
    /** To the next page, and in the end to none. */
    ADVANCING,
    /** From the second page on always to the same page: the cursor that was sent comes back. */
    REPEATED,
    /** To an empty page with a cursor of its own, then to the next page; the list ends. */
    EMPTY_BETWEEN,
    /** To empty pages, each with a new cursor, without end. */
    EMPTY_FOREVER
}
