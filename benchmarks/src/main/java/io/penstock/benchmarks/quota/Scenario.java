package io.penstock.benchmarks.quota;

import java.time.Duration;
import java.util.Locale;

/**
 * How the server counts, who calls, and what is in the way.
 *
 * @param kind how the server counts
 * @param callers how many call, each again as soon as it is answered
 * @param permits how many a window allows, or a bucket holds
 * @param window how long a window is, or how long a bucket takes to fill
 * @param windows for how many windows it is watched
 * @param disturbance what is in the way
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

    /** What makes it hard. */
    enum Disturbance {
        NONE("none"),
        /** The reset is told in epoch seconds of a clock that is ahead. */
        CLOCK_AHEAD("clock +30 s"),
        /** The same, of a clock that is behind. */
        CLOCK_BEHIND("clock -30 s"),
        /** Somebody else spends of the same quota, evenly. */
        FOREIGN_USE("foreign 30 %"),
        /** Some answers have no quota headers. */
        LOST_HEADERS("lost 5 %");

        private final String words;

        Disturbance(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** The share of the quota that somebody else tries to spend, where somebody does. */
    static final double FOREIGN_SHARE = 0.3;

    /** The share of answers that lose their quota headers, where some do. */
    static final double LOST_SHARE = 0.05;

    /** How far the server's clock is off, where it is. */
    static final Duration SKEW = Duration.ofSeconds(30);

    /** The wire there and back; half of it on each way, evenly distributed between these. */
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

    /** The most that the server can allow in the watched time: a bucket is full to begin with. */
    long allowance() {
        return (long) permits * (kind == Kind.BUCKET ? windows + 1 : windows);
    }

    /** For charts: short. */
    String label() {
        return kind.word() + (disturbance == Disturbance.NONE ? ", " + callers : ", " + disturbance.words());
    }

    /** What a server needs to know of it, as one line. */
    String line() {
        return kind + " " + permits + " " + window.toMillis() + " " + windows + " " + disturbance;
    }

    /** The scenario of a line; how many call is not told. */
    static Scenario of(String line) {
        String[] words = line.split(" ", -1);
        return new Scenario(
                Kind.valueOf(words[0]),
                0,
                Integer.parseInt(words[1]),
                Duration.ofMillis(Long.parseLong(words[2])),
                Integer.parseInt(words[3]),
                Disturbance.valueOf(words[4]));
    }
}
