package io.penstock.benchmarks.storm;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A log of every logical call of a run: its begin, end and outcome. Times are epoch millis, for comparison with the
 * server's.
 */
final class CallLog {

    /** A call that has begun. Its caller ends it once. */
    static final class Begun {

        private final long begun = System.currentTimeMillis();
        private final long nanos = System.nanoTime();
        private volatile Ended ended = Ended.NOT_YET;

        void end(boolean success) {
            long took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - nanos);
            ended = new Ended(System.currentTimeMillis(), took, success);
        }

        long begun() {
            return begun;
        }

        Ended ended() {
            return ended;
        }
    }

    /** The end of a call, and its duration by a monotonic clock. */
    record Ended(long millis, long tookMicros, boolean success) {

        /** The end of a call under way, later than any measured time. */
        static final Ended NOT_YET = new Ended(Long.MAX_VALUE, 0, false);

        boolean done() {
            return millis < NOT_YET.millis;
        }
    }

    private final Queue<Begun> calls = new ConcurrentLinkedQueue<>();

    Begun begin() {
        Begun call = new Begun();
        calls.add(call);
        return call;
    }

    /** Returns all calls up to now. */
    List<Begun> calls() {
        return List.copyOf(calls);
    }
}
