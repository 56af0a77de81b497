package io.penstock.test.simulator.invicti;

/** A defect of the lists that have pages, for a client that should notice. */
public enum ListFlaw {
    /** None. */
    NONE,
    /** Every page but the first is empty, though the total promises more. */
    EMPTY_PAGES,
    /** The total is one too high. */
    COUNT_TOO_HIGH
}
