package io.penstock.paging;

/** What Reactive Streams has to say about demand. */
final class Demand {

    private Demand() {}

    /** The error of rule 3.9. */
    static IllegalArgumentException refused(long n) {
        return new IllegalArgumentException(
                "request: " + n + " (expected: more than zero, by Reactive Streams rule 3.9)");
    }
}
