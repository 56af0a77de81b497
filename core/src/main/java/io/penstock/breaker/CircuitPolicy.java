package io.penstock.breaker;

import io.penstock.ApiException;
import io.penstock.retry.Backoff;
import java.time.Duration;
import java.util.Locale;

/**
 * When a circuit opens, how long it stays open, and how it closes again.
 *
 * <pre>
 *  calls     ok ok ok FAIL FAIL … FAIL | refused, nothing sent | trial trial trial | ok ok ok
 *  circuit   closed                    | open      0.5 s       | half-open         | closed
 *                                      |  failed again: 0.6 s, 0.72 s, 0.8 s, 0.8 s …
 * </pre>
 *
 * The window counts calls, not seconds: a busy client sees an outage after a number of failed calls that does not grow
 * with its traffic, and a quiet client sees it at all.
 *
 * @param scope what has a circuit of its own
 * @param failureRate the share of failed calls in the window at which the circuit opens, more than 0 and at most 1
 * @param window how many of the last calls are counted, at least 2
 * @param minimumCalls how many have to be counted before the circuit may open
 * @param openWait how long it stays open, the first time and each time the trials fail again
 * @param trials how many calls a half-open circuit lets through, at least 2, because one says nothing about a rate; their
 *     failure rate closes it or opens it again
 */
public record CircuitPolicy(
        Scope scope, double failureRate, int window, int minimumCalls, Backoff openWait, int trials) {

    /** What has a circuit of its own. */
    public enum Scope {
        /** Nothing: calls are never refused. */
        NONE,
        /** Each scheme, host and port. */
        ORIGIN,
        /** Each operation (method and path template) of an origin: for an API whose parts fail by themselves. */
        OPERATION
    }

    private static final int MOST_CALLS = 10_000;

    /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public CircuitPolicy {
        if (!(failureRate > 0 && failureRate <= 1)) {
            throw ApiException.invalidConfiguration(
                    "failureRate: " + failureRate + " (expected: more than 0, at most 1)");
        }
        between("window", window, 2, MOST_CALLS);
        between("minimumCalls", minimumCalls, 1, window);
        between("trials", trials, 2, MOST_CALLS);
        if (openWait.first().compareTo(Duration.ofMillis(1)) < 0) {
            throw ApiException.invalidConfiguration(
                    "openWait: first " + openWait.first() + " (expected: at least 1 ms)");
        }
    }

    private static void between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw ApiException.invalidConfiguration(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }

    /**
     * A circuit per origin that opens when half of the last 50 calls, and of at least 20, have failed; it stays open for
     * 500 ms, ×1.2 each time, at most 800 ms, ± 10 %, and then lets 3 calls through.
     *
     * <p>Where the numbers come from. Half: retried errors of a server that works stay below it. 20: fewer calls say
     * little, three bad ones in a row are everyday life. 50: after an hour without failures it takes 25 to open, which a
     * client with 100 calls per second makes in a quarter of a second. 800 ms and 10 %: the longest wait is 880 ms, so
     * that the first call is through less than a second after the server is back; growing at all spares a server that
     * stays down, and the jitter keeps many clients from trying in step. 3: one lucky answer does not close it, and a
     * server that comes up is not run down.
     */
    public static CircuitPolicy standard() {
        return new CircuitPolicy(
                Scope.ORIGIN, 0.5, 50, 20, new Backoff(Duration.ofMillis(500), 1.2, Duration.ofMillis(800), 0.1), 3);
    }

    /** No circuit at all. */
    public static CircuitPolicy off() {
        return standard().withScope(Scope.NONE);
    }

    /** The same policy, for these. */
    public CircuitPolicy withScope(Scope newScope) {
        return new CircuitPolicy(newScope, failureRate, window, minimumCalls, openWait, trials);
    }

    /** The same policy, opening at that share of failed calls. */
    public CircuitPolicy withFailureRate(double newFailureRate) {
        return new CircuitPolicy(scope, newFailureRate, window, minimumCalls, openWait, trials);
    }

    /** The same policy, counting that many calls, and opening on no fewer than that minimum. */
    public CircuitPolicy withWindow(int newWindow, int newMinimumCalls) {
        return new CircuitPolicy(scope, failureRate, newWindow, newMinimumCalls, openWait, trials);
    }

    /** The same policy, staying open for that long. */
    public CircuitPolicy withOpenWait(Backoff newOpenWait) {
        return new CircuitPolicy(scope, failureRate, window, minimumCalls, newOpenWait, trials);
    }

    /** The same policy with that many trials. */
    public CircuitPolicy withTrials(int newTrials) {
        return new CircuitPolicy(scope, failureRate, window, minimumCalls, openWait, newTrials);
    }

    @Override
    public String toString() {
        return scope == Scope.NONE
                ? "none"
                : "per " + scope.name().toLowerCase(Locale.ROOT) + "; opens when " + Math.round(failureRate * 100)
                        + " % of the last " + minimumCalls + " to " + window + " calls failed, for " + openWait
                        + "; then " + trials + " trials";
    }
}
