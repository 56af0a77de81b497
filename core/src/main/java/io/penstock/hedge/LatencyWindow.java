package io.penstock.hedge;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A percentile of the last {@value #SIZE} response times. It is recomputed after every {@value #STEP} of them and read
 * from one field; it is unknown until the first {@value #STEP} are recorded.
 */
final class LatencyWindow {

    static final long UNKNOWN = -1;

    private static final int SIZE = 256;
    private static final int STEP = 32;

    private final double percentile;
    private final AtomicLongArray nanos = new AtomicLongArray(SIZE);
    private final AtomicInteger count = new AtomicInteger();
    private volatile long atPercentile = UNKNOWN;

    LatencyWindow(double percentile) {
        this.percentile = percentile;
    }

    void record(long elapsedNanos) {
        int index = count.getAndUpdate(n -> n == Integer.MAX_VALUE - 1 ? SIZE : n + 1);
        nanos.set(index % SIZE, elapsedNanos);
        if ((index + 1) % STEP == 0) {
            atPercentile = sorted(Math.min(index + 1, SIZE));
        }
    }

    private long sorted(int known) {
        long[] copy = new long[known];
        for (int i = 0; i < known; i++) {
            copy[i] = nanos.get(i);
        }
        Arrays.sort(copy);
        return copy[(int) Math.min(known - 1, Math.ceil(percentile * known) - 1)];
    }

    /** Returns the response time at the percentile, or {@link #UNKNOWN}. */
    long atPercentile() {
        return atPercentile;
    }
}
