package io.penstock.test.simulator.invicti;

/** How the server writes its own addresses, in {@code Location} and in download links. Undocumented. */
public enum LocationForm {
    /** With scheme and host, as the request named it. */
    ABSOLUTE,
    /** The path alone. */
    RELATIVE
}
