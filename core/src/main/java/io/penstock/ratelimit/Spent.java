package io.penstock.ratelimit;

/**
 * A request as a quota counts it. A permit is one, so that no response costs an object more.
 */
interface Spent {

    /** Returns when it was admitted, by the client's monotonic clock. */
    long startedNanos();

    /** Returns how many units it costs. */
    int units();

    /** A request without a permit. */
    record Plain(long startedNanos, int units) implements Spent {}
}
