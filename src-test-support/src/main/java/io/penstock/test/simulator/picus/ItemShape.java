package io.penstock.test.simulator.picus;

/** What a single object looks like on the wire; contract and page differ. */
public enum ItemShape {
    /** Under a member of its own, such as {@code {"Simulations":{ … }}} (contract). */
    WRAPPED,
    /** As it is (page "request", recorded answers). */
    BARE
}
