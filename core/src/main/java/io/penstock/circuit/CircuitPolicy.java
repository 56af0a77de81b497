package io.penstock.circuit;

import io.penstock.error.ApiException;
import io.penstock.retry.Backoff;
import java.time.Duration;
import java.util.Locale;

/**
 * When a circuit slows calls down, when it opens, and how it closes again.
 *
 * <pre>
 *  server    well     | fails all                                  | back
 *  calls     ok ok ok FAIL FAIL … FAIL | wait      | trial FAIL    | trial ok | ok ok, ok ok ok ok, …
 *  circuit   closed                    | open 0.5 s| half-open     | 0.6 s …  | closed
 *
 *  server    well     | fails a part                               | well
 *  calls     ok ok ok FAIL ok FAIL     | so many per second as it serves, and a few more | ok ok ok
 *  circuit   closed                    | paced                                           | closed
 * </pre>
 *
 * A circuit says when a call is sent, the deadline how long its caller waits: a call that cannot go now stands in the
 * circuit's line, without a thread and without a timer of its own, and goes in its turn. It fails at once only where its
 * deadline comes before the next trial, or where the line is full. By a {@linkplain #failFast() policy that fails fast}, or
 * for a {@linkplain io.penstock.request.ApiRequest#failFast() request that does}, a call fails instead of waiting.
 *
 * <p>The window counts calls, not seconds: a busy client sees an outage after a number of failed calls that does not grow
 * with its traffic, and a quiet client sees it at all.
 *
 * @param scope what has a circuit of its own
 * @param failureRate the share of failed calls, more than 0 and at most 1, at which the server is slowed down; or, by a policy
 *     that fails fast, at which the circuit opens
 * @param window how many of the last calls are counted, at least 2; so many failures in a row open the circuit in any case
 * @param minimumCalls how many have to be counted before anything is decided; so many failures in a row open the circuit
 *     where failures were not usual
 * @param openWait how long it stays open, the first time and each time the trial fails again
 * @param trials how many calls, at least 2, follow a successful trial at once, before each success lets two more through; by a
 *     policy that fails fast, how many trials a half-open circuit lets through, whose failure rate closes or opens it
 * @param failsFast whether calls fail where they would have to wait, and a server that fails a part is shut off
 */
public record CircuitPolicy(
        Scope scope,
        double failureRate,
        int window,
        int minimumCalls,
        Backoff openWait,
        int trials,
        boolean failsFast) {

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

    /** A policy whose calls wait. */
    public CircuitPolicy(Scope scope, double failureRate, int window, int minimumCalls, Backoff openWait, int trials) {
        this(scope, failureRate, window, minimumCalls, openWait, trials, false);
    }

    /**
     * A circuit per origin, whose calls wait. It slows down when half of the last 20 calls have failed, and opens when all of
     * them have (of 50 where failures are usual); it stays open for 500 ms, ×1.2 each time, at most 800 ms, ± 10 %, and then
     * lets one call try, and 3 after it.
     *
     * <p>Where the numbers come from. Half: retried errors of a server that works stay below it. 20: fewer calls say
     * little, three bad ones in a row are everyday life. 800 ms and 10 %: the longest wait is 880 ms, so that the first call
     * is through less than a second after the server is back; growing at all spares a server that stays down, and the jitter
     * keeps many clients from trying in step. 3: a server that comes up is not run down.
     */
    public static CircuitPolicy standard() {
        return new CircuitPolicy(
                Scope.ORIGIN, 0.5, 50, 20, new Backoff(Duration.ofMillis(500), 1.2, Duration.ofMillis(800), 0.1), 3);
    }

    /** No circuit at all. */
    public static CircuitPolicy off() {
        return standard().withScope(Scope.NONE);
    }

    /**
     * Returns the same policy for callers who want an error at once: calls fail with {@link io.penstock.error.ErrorKind#CIRCUIT_OPEN}
     * and the time of the next trial where they would have to wait. The circuit opens at the failure rate, whether or not some
     * calls succeed, and nothing is slowed down.
     */
    public CircuitPolicy failFast() {
        return new CircuitPolicy(scope, failureRate, window, minimumCalls, openWait, trials, true);
    }

    /** The same policy, for these. */
    public CircuitPolicy withScope(Scope newScope) {
        return new CircuitPolicy(newScope, failureRate, window, minimumCalls, openWait, trials, failsFast);
    }

    /** The same policy, opening at that share of failed calls. */
    public CircuitPolicy withFailureRate(double newFailureRate) {
        return new CircuitPolicy(scope, newFailureRate, window, minimumCalls, openWait, trials, failsFast);
    }

    /** The same policy, counting that many calls, and opening on no fewer than that minimum. */
    public CircuitPolicy withWindow(int newWindow, int newMinimumCalls) {
        return new CircuitPolicy(scope, failureRate, newWindow, newMinimumCalls, openWait, trials, failsFast);
    }

    /** The same policy, staying open for that long. */
    public CircuitPolicy withOpenWait(Backoff newOpenWait) {
        return new CircuitPolicy(scope, failureRate, window, minimumCalls, newOpenWait, trials, failsFast);
    }

    /** The same policy with that many trials. */
    public CircuitPolicy withTrials(int newTrials) {
        return new CircuitPolicy(scope, failureRate, window, minimumCalls, openWait, newTrials, failsFast);
    }

    @Override
    public String toString() {
        if (scope == Scope.NONE) {
            return "none";
        }
        return failsFast
                ? "per " + scope.name().toLowerCase(Locale.ROOT) + "; opens when " + Math.round(failureRate * 100)
                        + " % of the last " + minimumCalls + " to " + window + " calls failed, for " + openWait
                        + "; then " + trials + " trials; fails fast"
                : "per " + scope.name().toLowerCase(Locale.ROOT) + "; slows down when " + Math.round(failureRate * 100)
                        + " % of the last " + minimumCalls + " calls failed, opens when all did, for " + openWait
                        + "; then a trial and " + trials + " more; calls wait for their turn";
    }
}
