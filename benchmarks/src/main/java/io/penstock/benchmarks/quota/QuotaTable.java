package io.penstock.benchmarks.quota;

import java.util.List;
import java.util.Locale;

/** The figures as a Markdown table, compared with the goals. */
final class QuotaTable {

    private static final double LEAST_USED = 0.99;
    private static final double MOST_REFUSED = 0.001;
    private static final double LEAST_USED_DISTURBED = 0.95;
    private static final double MOST_REFUSED_DISTURBED = 0.01;

    private static final String HEAD =
            "| server | disturbance | callers | client | used | answered 429 | p50 / p99 wait, s | Jain | failed calls"
                    + " | goal |\n|---|---|---|---|---|---|---|---|---|---|\n";

    private QuotaTable() {}

    static String of(List<Observed> seen) {
        StringBuilder table = new StringBuilder(HEAD);
        seen.forEach(one -> table.append(row(one)));
        return table.toString();
    }

    private static String row(Observed one) {
        Scenario scenario = one.scenario();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %s | %.2f %% | %.2f %% | %.2f / %.2f | %.3f | %s | %s |%n",
                scenario.kind().word(),
                scenario.disturbance().words,
                scenario.callers(),
                one.contender().name(),
                100 * one.used(),
                100 * one.refused(),
                one.tally().seconds(50),
                one.tally().seconds(99),
                one.tally().fairness(),
                one.tally().failures(),
                one.isPenstock() ? verdict(one) : "");
    }

    /** Returns whether the goals are held, and names the missed ones. There is no goal for a sliding window and a silent limit. */
    static String verdict(Observed one) {
        boolean silent = one.scenario().disturbance() == Scenario.Disturbance.SILENT;
        if (silent || one.scenario().kind() == Scenario.Kind.SLIDING) {
            return "none";
        }
        boolean calm = one.scenario().disturbance() == Scenario.Disturbance.NONE;
        boolean used = one.used() >= (calm ? LEAST_USED : LEAST_USED_DISTURBED);
        boolean refused = one.refused() <= (calm ? MOST_REFUSED : MOST_REFUSED_DISTURBED);
        if (used && refused) {
            return "held";
        }
        return "**missed**: " + (used ? "429" : refused ? "used" : "used, 429");
    }

    /** Returns the counts of Penstock's requests for each window, which distinguish a slow start from a steady loss. */
    static String windows(List<Observed> seen) {
        StringBuilder lines = new StringBuilder("\nPenstock, allowed+refused in each window:\n\n");
        for (Observed one : seen) {
            if (one.isPenstock()) {
                lines.append("- ").append(one.scenario().label()).append(":");
                Counts counts = one.counts();
                for (int i = 0; i < counts.allowed().size(); i++) {
                    lines.append(" ").append(counts.allowed().get(i));
                    lines.append("+").append(counts.refused().get(i));
                }
                lines.append(counts.foreign() > 0 ? "; by somebody else " + counts.foreign() : "");
                lines.append("; left at the end ").append(counts.left()).append("\n");
            }
        }
        return lines.toString();
    }
}
