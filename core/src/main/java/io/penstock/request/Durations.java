package io.penstock.request;

import io.penstock.annotation.Internal;
import java.time.Duration;

/**
 * Conversion of durations to nanoseconds that can be added to a clock without overflow.
 *
 * @hidden
 */
@Internal
public final class Durations {

    /** The longest time that is counted, 73 years: four of them fit into a long. */
    public static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

    private static final Duration LONGEST = Duration.ofNanos(LONGEST_NANOS);

    private Durations() {}

    /** Returns the nanoseconds of a non-negative duration, at most {@link #LONGEST_NANOS}. */
    public static long nanosOf(Duration duration) {
        return duration.compareTo(LONGEST) >= 0 ? LONGEST_NANOS : duration.toNanos();
    }
}
