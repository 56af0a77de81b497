package io.penstock.benchmarks.quota;

/** A limit per fixed window. Windows follow each other from the beginning. */
final class FixedWindow implements Limit {

    private final int permits;
    private final long length;
    private long window;
    private int used;

    FixedWindow(int permits, long lengthNanos) {
        this.permits = permits;
        this.length = lengthNanos;
    }

    private void roll(long now) {
        if (now / length != window) {
            window = now / length;
            used = 0;
        }
    }

    @Override
    public boolean allow(long now) {
        roll(now);
        if (used == permits) {
            return false;
        }
        used++;
        return true;
    }

    @Override
    public long remaining(long now) {
        roll(now);
        return (long) permits - used;
    }

    @Override
    public long resetIn(long now) {
        return length - now % length;
    }
}
