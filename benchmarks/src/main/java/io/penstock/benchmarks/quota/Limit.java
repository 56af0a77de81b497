package io.penstock.benchmarks.quota;

/** A way of counting. Times are nanoseconds since the count began, and must not go back. Not thread-safe. */
interface Limit {

    /** Returns whether one more request is allowed now, and counts it if so. Refused requests do not count. */
    boolean allow(long now);

    /** Returns the number of requests that would be allowed now. */
    long remaining(long now);

    /** Returns the time until the window ends, its oldest request leaves it, or the bucket is full again. */
    long resetIn(long now);

    /** Returns the time until one more request is allowed; zero if it is allowed now. */
    default long nextIn(long now) {
        return remaining(now) > 0 ? 0 : resetIn(now);
    }
}
