package io.penstock.test.simulator.invicti;

/** The form of identifiers. The samples show both. */
public enum IdForm {
    /** {@code 12345678-1234-1234-1234-123456789abc}. */
    UUID,
    /** {@code target-1}, {@code scan-12345}: the kind and a number; scans begin at 12345, as in the sample. */
    PREFIXED
}
