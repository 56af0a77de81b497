package io.penstock.test.simulator.parts;

/** A check of values. Its error names the value and the expectation. */
public final class Expected {

    private Expected() {}

    /** Throws an {@link IllegalArgumentException} unless the condition holds. */
    public static void that(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
