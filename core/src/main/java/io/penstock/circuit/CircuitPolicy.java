package io.penstock.circuit;

import io.penstock.error.ApiException;
import io.penstock.retry.Backoff;
import java.time.Duration;
import java.util.Locale;

/**
 * The rules by which a circuit slows calls down, opens, and closes again.
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
 * A circuit determines when a call is sent; the deadline limits how long its caller waits. A call that cannot go now
 * enters the circuit's line, without a thread and without a timer of its own, and goes in its turn. It fails at once
 * only if its deadline comes before the next trial, or if the line is full. With a
 * {@linkplain #failFast() policy that fails fast}, or for a
 * {@linkplain io.penstock.request.ApiRequest#failFast() request that does}, a call fails instead of waiting.
 *
 * <p>The window counts calls, not seconds: a busy client detects an outage after a number of failed calls that does not
 * grow with its traffic, and a quiet client detects it at all.
 *
 * @param scope the unit that has a circuit of its own
 * @param threshold the number of failed calls at which the circuit acts
 * @param openWait how long the circuit stays open, the first time and each time the trial fails again
 * @param trials the number of calls, at least 2, that follow a successful trial at once, before each success lets two
 *     more through; with a policy that fails fast, the number of trials of a half-open circuit, whose failure rate
 *     closes or opens it
 * @param failsFast whether calls fail instead of waiting, and a server that fails a part of the calls is shut off
 */
public record CircuitPolicy(Scope scope, Threshold threshold, Backoff openWait, int trials, boolean failsFast) {

    /** The unit that has a circuit of its own. */
    public enum Scope {
        /** No unit: calls are never refused. */
        NONE,
        /** Each scheme, host and port. */
        ORIGIN,
        /** Each operation (method and path template) of an origin: for an API whose parts fail by themselves. */
        OPERATION
    }

    private static final int MOST_CALLS = 10_000;

    /**
     * The number of failed calls at which a circuit acts.
     *
     * @param failureRate the share of failed calls, more than 0 and at most 1, at which the server is slowed down; with
     *     a policy that fails fast, the share at which the circuit opens
     * @param window the number of last calls that are counted, at least 2; as many failures in a row open the circuit
     *     in any case
     * @param minimumCalls the number of calls that have to be counted before anything is decided; as many failures in a
     *     row open the circuit if failures were not usual. More than 64 count as 64, except with a policy that fails
     *     fast
     */
    public record Threshold(double failureRate, int window, int minimumCalls) {

        /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
        public Threshold {
            if (!(failureRate > 0 && failureRate <= 1)) {
                throw ApiException.invalidConfiguration(
                        "failureRate: " + failureRate + " (expected: more than 0, at most 1)");
            }
            between("window", window, 2, MOST_CALLS);
            between("minimumCalls", minimumCalls, 1, window);
        }
    }

    /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public CircuitPolicy {
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
     * Returns the standard policy: a circuit per origin, whose calls wait. It slows down when half of the last 20 calls
     * have failed, and opens when all of them have (of 50 if failures are usual). It stays open for 500 ms, ×1.2 each
     * time, at most 800 ms, ± 10 %, and then lets one call try, and 3 after it.
     *
     * <p>The reasons for the numbers. Half: the retried errors of a server that works stay below it. 20: fewer calls
     * reveal little, and three bad ones in a row are normal. 800 ms and 10 %: the longest wait is 800 ms, so that the
     * first call gets through less than a second after the server is back; the growth spares a server that stays down,
     * and the jitter keeps many clients from trying in step. 3: a server that comes up is not overrun.
     */
    public static CircuitPolicy standard() {
        Backoff openWait = new Backoff(Duration.ofMillis(500), 1.2, Duration.ofMillis(800), 0.1);
        return new CircuitPolicy(Scope.ORIGIN, new Threshold(0.5, 50, 20), openWait, 3, false);
    }

    /** Returns a policy without any circuit. */
    public static CircuitPolicy off() {
        return standard().withScope(Scope.NONE);
    }

    /**
     * Returns a copy for callers who want an error at once: calls that would have to wait fail with
     * {@link io.penstock.error.ErrorKind#CIRCUIT_OPEN} and the time of the next trial. The circuit opens at the failure
     * rate, whether or not some calls succeed, and the server is never merely slowed down.
     */
    public CircuitPolicy failFast() {
        return new CircuitPolicy(scope, threshold, openWait, trials, true);
    }

    /** Returns a copy with the given scope. */
    public CircuitPolicy withScope(Scope newScope) {
        return new CircuitPolicy(newScope, threshold, openWait, trials, failsFast);
    }

    private CircuitPolicy with(Threshold newThreshold) {
        return new CircuitPolicy(scope, newThreshold, openWait, trials, failsFast);
    }

    /** Returns a copy with the given failure rate. */
    public CircuitPolicy withFailureRate(double newFailureRate) {
        return with(new Threshold(newFailureRate, threshold.window, threshold.minimumCalls));
    }

    /** Returns a copy that counts the given number of calls and decides on no fewer than the given minimum. */
    public CircuitPolicy withWindow(int newWindow, int newMinimumCalls) {
        return with(new Threshold(threshold.failureRate, newWindow, newMinimumCalls));
    }

    /** Returns a copy that stays open for the given time. */
    public CircuitPolicy withOpenWait(Backoff newOpenWait) {
        return new CircuitPolicy(scope, threshold, newOpenWait, trials, failsFast);
    }

    /** Returns a copy with the given number of trials. */
    public CircuitPolicy withTrials(int newTrials) {
        return new CircuitPolicy(scope, threshold, openWait, newTrials, failsFast);
    }

    @Override
    public String toString() {
        if (scope == Scope.NONE) {
            return "none";
        }
        String unit = "per " + scope.name().toLowerCase(Locale.ROOT);
        long percent = Math.round(threshold.failureRate * 100);
        return failsFast
                ? unit + "; opens when " + percent + " % of the last " + threshold.minimumCalls + " to "
                        + threshold.window + " calls failed, for " + openWait
                        + "; then " + trials + " trials; fails fast"
                : unit + "; slows down when " + percent + " % of the last "
                        + Math.min(OutcomeHistory.MOST_COUNTED, threshold.minimumCalls)
                        + " calls failed, opens when all did, for " + openWait
                        + "; then a trial and " + trials + " more; calls wait for their turn";
    }
}
