package io.penstock.test.simulator.ixon;

/** A check of values. Its error names the value and the expectation. */
final class Expected {

    private Expected() {}

    static void that(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
