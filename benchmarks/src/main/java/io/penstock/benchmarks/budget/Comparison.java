package io.penstock.benchmarks.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of a run with the budget.
 *
 * @param rows all rows of the budget and of the run, by name
 */
record Comparison(List<Row> rows) {

    private static final double TOLERANCE = 0.05;

    enum Verdict {
        WITHIN("ok"),
        BELOW("ok; the budget can be lowered"),
        EXCEEDED("EXCEEDED"),
        NOT_MEASURED("NOT MEASURED: in the budget, not in the run"),
        NOT_BUDGETED("NO BUDGET: in the run, not in the budget");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        boolean isFailure() {
            return this == EXCEEDED || this == NOT_MEASURED || this == NOT_BUDGETED;
        }
    }

    /** A row of the comparison. One of the two figures is null if only the other is known. */
    record Row(String name, @Nullable Long budget, @Nullable Double measured) {

        Verdict verdict() {
            if (measured == null) {
                return Verdict.NOT_MEASURED;
            }
            if (budget == null) {
                return Verdict.NOT_BUDGETED;
            }
            // Negated, so that NaN counts as exceeded. Also correct for a budget of zero.
            if (!(measured <= budget * (1 + TOLERANCE))) {
                return Verdict.EXCEEDED;
            }
            return measured < budget * (1 - TOLERANCE) ? Verdict.BELOW : Verdict.WITHIN;
        }

        private String line(int width) {
            String difference = budget == null || measured == null
                    ? "–"
                    : String.format(Locale.ROOT, "%+.0f (%+.1f %%)", measured - budget, percent(budget, measured));
            return String.format(
                    Locale.ROOT,
                    "%-" + width + "s %8s %10s %18s  %s",
                    name,
                    budget == null ? "–" : budget.toString(),
                    measured == null ? "–" : String.format(Locale.ROOT, "%.1f", measured),
                    difference,
                    verdict().text);
        }

        private static double percent(long budget, double measured) {
            return budget == 0 ? 0 : 100 * (measured - budget) / budget;
        }
    }

    static Comparison of(Budget budget, Map<String, Double> measured) {
        SortedSet<String> names = new TreeSet<>(budget.bytes().keySet());
        names.addAll(measured.keySet());
        List<Row> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(new Row(name, budget.bytes().get(name), measured.get(name)));
        }
        return new Comparison(rows);
    }

    /** Returns a table with a line for each row. */
    String table() {
        int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(1);
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%-" + width + "s %8s %10s %18s%n", "row", "budget B", "measured B", "difference B"));
        for (Row row : rows) {
            text.append(row.line(width)).append(System.lineSeparator());
        }
        return text.toString();
    }

    /** Returns all failures in one line, or null if there are none. */
    @Nullable
    String failure() {
        List<String> wrong = new ArrayList<>();
        for (Row row : rows) {
            if (row.verdict().isFailure()) {
                wrong.add(row.name() + " "
                        + row.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
        }
        return wrong.isEmpty()
                ? null
                : "allocation budget: " + String.join(", ", wrong)
                        + " (expected: every row within 5 % of budget.properties; lower the allocation, or say with"
                        + " -Dbudget.write=true that the new figures are meant)";
    }
}
