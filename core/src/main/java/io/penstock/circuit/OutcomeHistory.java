package io.penstock.circuit;

/** The last outcomes of calls to a server, and their smoothed share of failures. Not thread-safe. */
final class OutcomeHistory {

    /** The number of last outcomes that are counted at most: one bit each. */
    static final int MOST_COUNTED = Long.SIZE;

    private static final int SMOOTHED = 32;

    private final int size;
    private final long mask;

    /** The last outcomes, one bit each, set for a failure; and the number of bits that count. */
    private long bits;

    private int counted;
    private int failuresInARow;

    /** The share of failures, smoothed over the last outcomes; and its value at the last success. */
    private double share;

    private double usualShare;
    private int seen;

    /**
     * Creates an empty history.
     *
     * @param size the number of outcomes to count, at most {@value #MOST_COUNTED}
     */
    OutcomeHistory(int size) {
        this.size = size;
        this.mask = size == Long.SIZE ? -1L : (1L << size) - 1;
    }

    void succeeded() {
        add(0);
        usualShare = share;
        failuresInARow = 0;
    }

    void failed() {
        add(1);
        failuresInARow++;
    }

    private void add(int bit) {
        bits = (bits << 1 | bit) & mask;
        counted = Math.min(size, counted + 1);
        seen = Math.min(SMOOTHED, seen + 1);
        share += (bit - share) / seen;
    }

    /** Forgets the outcomes, but not their smoothed share. */
    void forget() {
        bits = 0;
        counted = 0;
        failuresInARow = 0;
    }

    /** Forgets the smoothed share of failures. */
    void forgetShare() {
        share = 0;
        usualShare = 0;
        seen = 0;
    }

    /** Returns whether as many outcomes are known as are counted. */
    boolean isFull() {
        return counted >= size;
    }

    /** Returns the number of known outcomes, at most the size. */
    int counted() {
        return counted;
    }

    /** Returns the number of failures among the counted outcomes. */
    int failures() {
        return Long.bitCount(bits);
    }

    /** Returns the number of failures since the last success. */
    int failuresInARow() {
        return failuresInARow;
    }

    /** Returns the smoothed share of failures at the last success. */
    double usualShare() {
        return usualShare;
    }

    @Override
    public String toString() {
        return failures() + " of " + counted + " calls failed";
    }
}
