package io.penstock.test.simulator.invicti;

/**
 * What the last page of a {@link ListShape#CURSOR} or {@link ListShape#CURSOR_ARRAY} list has where the others have the
 * next cursor. Undocumented.
 */
public enum LastPage {
    /** Nothing: the member, or the array's second element, is left out. */
    ABSENT,
    /** {@code null}. */
    NULL,
    /** The cursor that has just been sent. */
    REPEATED,
    /** The second page's cursor: a list of three pages and more goes round and round. A defect. */
    LOOPED
}
