package io.penstock.benchmarks.quota;

import java.time.Duration;
import java.util.Locale;

/**
 * A way of counting, its load, and its disturbance.
 *
 * @param kind the way of counting
 * @param callers the number of callers; each calls again as soon as its call ends
 * @param permits the number of permits per window, or the capacity of a bucket
 * @param window the length of a window, or the time in which a bucket fills
 * @param windows the number of windows to watch
 * @param disturbance the disturbance
 */
record Scenario(Kind kind, int callers, int permits, Duration window, int windows, Disturbance disturbance) {

    /** A way of counting. */
    enum Kind {
        FIXED,
        SLIDING,
        BUCKET;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A disturbance. */
    enum Disturbance {
        NONE("none"),
        /** The server reports the reset in epoch seconds of a clock that is ahead. */
        CLOCK_AHEAD("clock +30 s"),
        /** The server reports the reset in epoch seconds of a clock that is behind. */
        CLOCK_BEHIND("clock -30 s"),
        /** Another client spends the same quota, evenly. */
        FOREIGN_USE("foreign 30 %"),
        /** Some responses have no quota headers. */
        LOST_HEADERS("lost 5 %"),
        /** The server refuses what is too much, and says nothing else. */
        SILENT("silent limit");

        final String words;

        Disturbance(String words) {
            this.words = words;
        }
    }

    /** The share of the quota that the other client of {@link Disturbance#FOREIGN_USE} tries to spend. */
    static final double FOREIGN_SHARE = 0.3;

    /** The share of responses that lose their quota headers with {@link Disturbance#LOST_HEADERS}. */
    static final double LOST_SHARE = 0.05;

    /** The error of the server's clock in the scenarios with a wrong clock. */
    static final Duration SKEW = Duration.ofSeconds(30);

    /** The round-trip latency: half of it in each direction, evenly distributed between these limits. */
    static final double LEAST_LATENCY_MILLIS = 1;

    static final double MOST_LATENCY_MILLIS = 50;

    Limit limit() {
        return switch (kind) {
            case FIXED -> new FixedWindow(permits, window.toNanos());
            case SLIDING -> new SlidingWindow(permits, window.toNanos());
            case BUCKET -> new TokenBucket(permits, window.toNanos());
        };
    }

    Duration length() {
        return window.multipliedBy(windows);
    }

    /** Returns the most requests that the server can allow in the watched time. A bucket is full at the start. */
    long allowance() {
        return (long) permits * (kind == Kind.BUCKET ? windows + 1 : windows);
    }

    /** Returns a short label for charts. */
    String label() {
        return kind.word() + ", " + (disturbance == Disturbance.NONE ? callers + " callers" : disturbance.words);
    }
}
