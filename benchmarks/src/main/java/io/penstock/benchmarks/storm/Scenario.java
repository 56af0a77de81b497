package io.penstock.benchmarks.storm;

import java.time.Duration;
import java.util.Locale;

/**
 * One storm: who calls how often, how the server fails and for how long, and what it can do before and after.
 *
 * @param callers how many call
 * @param think how long each waits after a call, whatever came of it
 * @param pace whether a caller waits for the end of its call before the next
 * @param failure what the server does while it is down
 * @param normal how long all is well, measured, before the outage
 * @param outage how long the server is down
 * @param observed how long it is watched once it is back
 */
record Scenario(
        int callers, Duration think, Pace pace, Failing failure, Duration normal, Duration outage, Duration observed) {

    /** What the server does while it is down. */
    enum Failing {
        /** Answers every request at once with 503, without a hint. */
        UNAVAILABLE("503 without a hint"),
        /** Reads every request, then resets the connection. */
        RESET("connection reset");

        private final String words;

        Failing(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** When a caller makes its next call. */
    enum Pace {
        /** One call after the other: a client that makes its caller wait gets fewer calls to make. */
        CLOSED("each waits for the end of its call, then thinks"),
        /** At fixed times, whatever has become of the calls before: the outage gets all the calls it would get otherwise. */
        OPEN("each makes its calls at fixed times, without waiting for those before");

        private final String words;

        Pace(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** How long the server works on a request. */
    static final Duration SERVICE = Duration.ofMillis(20);

    /** Before anything is measured: connections are made, code is compiled. */
    static final Duration WARM_UP = Duration.ofSeconds(3);

    private static final double CAPACITY_BEFORE = 2.4;
    private static final double CAPACITY_AFTER = 1.2;

    /** Calls per second while all is well, if answering takes no longer than the service. */
    double offered() {
        return callers / seconds(period());
    }

    /** The time from one call of a caller's to its next while all is well. */
    Duration period() {
        return think.plus(SERVICE);
    }

    /** How many requests the server works on at a time before the outage. */
    int workersBefore() {
        return workers(CAPACITY_BEFORE);
    }

    /** The same once it is back: half of it, still a little more than is offered. */
    int workersAfter() {
        return workers(CAPACITY_AFTER);
    }

    private int workers(double times) {
        return (int) Math.ceil(offered() * times * seconds(SERVICE));
    }

    /** A name for files. */
    String slug() {
        return callers + "-" + (pace + "-" + failure).toLowerCase(Locale.ROOT);
    }

    /** A name for people. */
    String title() {
        return callers + " callers, " + pace.name().toLowerCase(Locale.ROOT) + " loop, " + failure.words();
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
