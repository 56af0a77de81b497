package io.penstock.benchmarks.storm;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Every logical call of a run: when it began, when it ended, how. Times are epoch millis, to be put beside the server's. */
final class CallLog {

    /** A call that has begun; its caller ends it, once. */
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

    /** How a call ended, and how long it took by a clock that is not set. */
    record Ended(long millis, long tookMicros, boolean success) {

        /** Later than anything that is measured. */
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

    /** All calls up to now. */
    List<Begun> calls() {
        return List.copyOf(calls);
    }
}
