package io.penstock.benchmarks.board;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * A goal and its measured value.
 *
 * @param text the description of the figure
 * @param measured the figure; empty if this run has none
 * @param bound the limit for the figure
 * @param atLeast whether the bound is a minimum; otherwise it is a maximum
 * @param format the format of figure and bound, with their unit
 * @param cost an explanation of where the cost arises; requested only if the goal is missed
 */
record Goal(String text, OptionalDouble measured, double bound, boolean atLeast, String format, Supplier<String> cost) {

    /** The text in place of a figure that the run does not have. */
    static final String ABSENT = "not measured in this run";

    boolean met() {
        double figure = measured.orElse(Double.NaN);
        return atLeast ? figure >= bound : figure <= bound;
    }

    String verdict() {
        return measured.isEmpty() ? ABSENT : met() ? "met" : "**missed**";
    }

    /** Returns the table row of this goal. */
    String row() {
        return "| " + text + " | " + (atLeast ? "≥ " : "≤ ") + number(bound) + " | "
                + (measured.isEmpty() ? "–" : number(measured.getAsDouble())) + " | " + verdict() + " | "
                + (measured.isEmpty() || met() ? "" : cost.get()) + " |\n";
    }

    /** Returns the entry of this goal in a table whose rows and columns name the figure. */
    String entry() {
        if (measured.isEmpty()) {
            return "–";
        }
        String text = number(measured.getAsDouble()) + " (" + (atLeast ? "≥ " : "≤ ") + number(bound) + ")";
        return met() ? text : "**" + text + ", missed**";
    }

    private String number(double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
