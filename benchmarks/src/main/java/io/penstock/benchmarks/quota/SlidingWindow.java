package io.penstock.benchmarks.quota;

import java.util.ArrayDeque;
import java.util.Deque;

/** A limit within any interval of a given length. The server remembers the time of each request. */
final class SlidingWindow implements Limit {

    private final int permits;
    private final long length;
    private final Deque<Long> taken = new ArrayDeque<>();

    SlidingWindow(int permits, long lengthNanos) {
        this.permits = permits;
        this.length = lengthNanos;
    }

    private void roll(long now) {
        while (!taken.isEmpty() && now - taken.getFirst() >= length) {
            taken.removeFirst();
        }
    }

    @Override
    public boolean allow(long now) {
        roll(now);
        if (taken.size() == permits) {
            return false;
        }
        taken.addLast(now);
        return true;
    }

    @Override
    public long remaining(long now) {
        roll(now);
        return (long) permits - taken.size();
    }

    @Override
    public long resetIn(long now) {
        roll(now);
        return taken.isEmpty() ? 0 : length - (now - taken.getFirst());
    }
}
