package io.penstock.benchmarks.quota;

/** A bucket that is full at the start and fills evenly: from empty to full in one window. */
final class TokenBucket implements Limit {

    private final int capacity;
    private final double nanosPerToken;
    private double tokens;
    private long at;

    TokenBucket(int capacity, long fillNanos) {
        this.capacity = capacity;
        this.nanosPerToken = (double) fillNanos / capacity;
        this.tokens = capacity;
    }

    private void fill(long now) {
        tokens = Math.min(capacity, tokens + (now - at) / nanosPerToken);
        at = now;
    }

    @Override
    public boolean allow(long now) {
        fill(now);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    @Override
    public long remaining(long now) {
        fill(now);
        return (long) tokens;
    }

    @Override
    public long resetIn(long now) {
        fill(now);
        return (long) ((capacity - tokens) * nanosPerToken);
    }

    @Override
    public long nextIn(long now) {
        fill(now);
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) * nanosPerToken);
    }
}
