package io.penstock.test.simulator.ixon;

/**
 * The target of {@code moreAfter}. Only {@link #ADVANCING} is documented; the others test a client that follows cursors
 * blindly.
 */
public enum CursorMode {
    /** The next page, and no cursor on the last one. */
    ADVANCING,
    /** From the second page on always the same page: the response repeats the cursor of the request. */
    REPEATED,
    /** An empty page with a cursor of its own, then the next page. The list ends. */
    EMPTY_BETWEEN,
    /** Empty pages without end, each with a new cursor. */
    EMPTY_FOREVER
}
