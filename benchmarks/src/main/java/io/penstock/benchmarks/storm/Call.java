package io.penstock.benchmarks.storm;

import java.util.concurrent.TimeUnit;

/** A logical call, from its begin. Times are epoch millis, for comparison with the server's. Its caller ends it once. */
final class Call {

    /** The end of a call under way, later than any measured time. */
    private static final long NOT_YET = Long.MAX_VALUE;

    final long begun = System.currentTimeMillis();
    private final long nanos = System.nanoTime();
    private boolean success;
    private long tookMillis;
    private volatile long ended = NOT_YET;

    void end(boolean succeeded) {
        success = succeeded;
        tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
        ended = System.currentTimeMillis(); // publishes the other two
    }

    boolean isEndedIn(long from, long to, boolean succeeded) {
        return ended >= from && ended < to && success == succeeded;
    }

    long ended() {
        return ended;
    }

    /** Returns the duration by a monotonic clock; -1 for a call under way. */
    long tookMillis() {
        return ended == NOT_YET ? -1 : tookMillis;
    }
}
