package io.penstock.test.simulator.invicti;

/**
 * The value in place of the next cursor on the last page of a {@link ListShape#CURSOR} or
 * {@link ListShape#CURSOR_ARRAY} list. Undocumented.
 */
public enum LastPage {
    /** No value: the member, or the array's second element, is absent. */
    ABSENT,
    /** {@code null}. */
    NULL,
    /** The cursor of the request. */
    REPEATED,
    /** The second page's cursor, so that a list of three or more pages never ends. A defect. */
    LOOPED
}
