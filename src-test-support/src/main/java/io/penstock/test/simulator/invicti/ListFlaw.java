package io.penstock.test.simulator.invicti;

/** A defect of the paged lists that a client should detect. */
public enum ListFlaw {
    /** No defect. */
    NONE,
    /** Every page but the first is empty, although the total counts more items. */
    EMPTY_PAGES,
    /** The total is one too high. */
    COUNT_TOO_HIGH
}
