package io.penstock.benchmarks.storm;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/** The figures of one scenario as a Markdown table, compared with the goals. */
final class StormTable {

    /** The goal for sends per call in a full outage, under load. */
    private static final double MOST_SENDS_PER_CALL = 1.2;

    /** The goal for the time from the server's return to the first success, in seconds. */
    private static final double FIRST_SUCCESS_WITHIN = 1;

    private static final String HEAD =
            "| client | sends per call, outage | sends per call, all | successes/s before | load in outage"
                    + " | calls begun in outage | busiest second, sends | failed calls | failed after return"
                    + " | first success, s | recovered, s | goodput after return | outage calls, p50 / p99 ms |\n"
                    + "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";

    private StormTable() {}

    static String of(Scenario scenario, List<Observed> seen) {
        StringBuilder table = new StringBuilder(HEAD);
        seen.forEach(one -> table.append(row(one, Storm.disturbed(scenario, one))));
        return table.toString();
    }

    private static String row(Observed one, boolean disturbed) {
        Histogram took = one.outageCallMillis();
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.0f | %.0f %% | %d | %d | %d | %d | %s | %s | %.0f %% | %d / %d |%n",
                one.contender().name() + (disturbed ? " (disturbed)" : ""),
                one.sendsPerCallInOutage(),
                one.sendsPerCall(),
                one.successesPerSecondBefore(),
                100 * one.loadInOutage(),
                one.callsBegunInOutage(),
                one.peakSendsPerSecond(),
                one.failures(),
                one.failuresAfterReturn(),
                seconds(one.firstSuccess()),
                seconds(one.recovered()),
                100 * one.goodputAfterReturn(),
                took.getValueAtPercentile(50),
                took.getValueAtPercentile(99));
    }

    private static String seconds(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : "not seen";
    }

    /** Returns one sentence with the result of each goal. */
    static String goals(Observed one) {
        double sends = one.sendsPerCallInOutage();
        OptionalDouble first = one.firstSuccess();
        return String.format(
                Locale.ROOT,
                "%s: %.3f sends per call in the outage (goal: at most %.1f, %s); first success %s s after the return"
                        + " (goal: at most %.0f s, %s).%n",
                one.contender().name(),
                sends,
                MOST_SENDS_PER_CALL,
                verdict(sends <= MOST_SENDS_PER_CALL),
                seconds(first),
                FIRST_SUCCESS_WITHIN,
                verdict(first.orElse(Double.MAX_VALUE) <= FIRST_SUCCESS_WITHIN));
    }

    private static String verdict(boolean held) {
        return held ? "held" : "**missed**";
    }
}
