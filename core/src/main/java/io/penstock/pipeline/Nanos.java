package io.penstock.pipeline;

import java.time.Duration;

/** Durations in the nanoseconds of a clock, none so long that a sum of a time and two of them overflows. */
public final class Nanos {

    /** 73 years: as good as no end. */
    public static final long LONGEST = Long.MAX_VALUE / 4;

    private static final Duration LONGEST_DURATION = Duration.ofNanos(LONGEST);

    private Nanos() {}

    /** Returns the nanoseconds of a duration that is not negative, at most {@link #LONGEST}. */
    public static long of(Duration duration) {
        return duration.compareTo(LONGEST_DURATION) >= 0 ? LONGEST : duration.toNanos();
    }
}
