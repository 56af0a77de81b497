package io.penstock.test.simulator.invicti;

/** The form of the server's own addresses, in {@code Location} and in download links. Undocumented. */
public enum LocationForm {
    /** With the scheme and the host of the request. */
    ABSOLUTE,
    /** Only the path. */
    RELATIVE
}
