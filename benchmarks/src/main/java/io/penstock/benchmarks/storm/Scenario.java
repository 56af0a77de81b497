package io.penstock.benchmarks.storm;

import java.time.Duration;
import java.util.Locale;

/**
 * A storm: its load, the failure of the server and its duration, and the capacity of the server before and after.
 *
 * @param callers the number of callers
 * @param think the time that each waits after a call, whatever its outcome
 * @param pace whether a caller waits for the end of its call before the next
 * @param failure the behaviour of the server while it is down
 * @param normal the measured time before the outage
 * @param outage the time that the server is down
 * @param observed the time to watch the server once it is back
 */
record Scenario(
        int callers, Duration think, Pace pace, Failing failure, Duration normal, Duration outage, Duration observed) {

    /** The behaviour of the server while it is down. */
    enum Failing {
        /** Responds to every request at once with 503, without a hint. */
        UNAVAILABLE("503 without a hint"),
        /** Reads every request, then resets the connection. */
        RESET("connection reset");

        final String words;

        Failing(String words) {
            this.words = words;
        }
    }

    /** The time of a caller's next call. */
    enum Pace {
        /** A closed loop: one call after the other. A client that makes its callers wait gets fewer calls to make. */
        CLOSED("each waits for the end of its call, then thinks"),
        /**
         * An open loop: calls at fixed times, whatever the outcome of earlier calls. The number of calls in the outage
         * is the same as without it.
         */
        OPEN("each makes its calls at fixed times, without waiting for those before");

        final String words;

        Pace(String words) {
            this.words = words;
        }
    }

    /** The time that the server works on a request. */
    static final Duration SERVICE = Duration.ofMillis(20);

    /** The warm-up, which gets connections made and code compiled. */
    static final Duration WARM_UP = Duration.ofSeconds(3);

    private static final double CAPACITY_BEFORE = 2.4;
    private static final double CAPACITY_AFTER = 1.2;

    /** Returns the calls per second without a failure, if a response takes no longer than the service time. */
    double offered() {
        return callers / seconds(period());
    }

    /** Returns the time between two calls of one caller without a failure. */
    Duration period() {
        return think.plus(SERVICE);
    }

    /** Returns the number of requests that the server works on at a time before the outage. */
    int workersBefore() {
        return workers(CAPACITY_BEFORE);
    }

    /**
     * Returns the number of requests that the server works on at a time after the outage: half the number before, still
     * slightly more than the offered load.
     */
    int workersAfter() {
        return workers(CAPACITY_AFTER);
    }

    private int workers(double times) {
        return (int) Math.ceil(offered() * times * seconds(SERVICE));
    }

    /** Returns a name for files. */
    String slug() {
        return callers + "-" + (pace + "-" + failure).toLowerCase(Locale.ROOT);
    }

    /** Returns a name for display. */
    String title() {
        return callers + " callers, " + pace.name().toLowerCase(Locale.ROOT) + " loop, " + failure.words;
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
