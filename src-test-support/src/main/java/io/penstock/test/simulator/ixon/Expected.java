package io.penstock.test.simulator.ixon;

/** Names a value that is not as expected. */
final class Expected {

    private Expected() {}

    static void that(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
