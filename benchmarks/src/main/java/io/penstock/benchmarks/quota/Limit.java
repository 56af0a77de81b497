package io.penstock.benchmarks.quota;

/** A way in which servers count. Times are nanoseconds since the count began, and never go back. For one thread. */
interface Limit {

    /** Whether one more is allowed now; what is refused is not counted. */
    boolean allow(long now);

    /** How many would be allowed now. */
    long remaining(long now);

    /** How long until the window is over, its oldest request has left it, or the bucket is full again. */
    long resetIn(long now);

    /** How long until one more is allowed; nought if it would be now. */
    long nextIn(long now);
}
