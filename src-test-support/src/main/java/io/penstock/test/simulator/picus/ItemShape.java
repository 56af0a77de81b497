package io.penstock.test.simulator.picus;

/** The shape of a single object on the wire. Contract and page differ. */
public enum ItemShape {
    /** Under a member of its own, such as {@code {"Simulations":{ … }}} (contract). */
    WRAPPED,
    /** Without a wrapper (page "request", recorded answers). */
    BARE
}
