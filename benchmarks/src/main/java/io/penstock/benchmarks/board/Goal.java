package io.penstock.benchmarks.board;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * Something that is to be reached, and what was measured.
 *
 * @param text what it is about
 * @param measured the figure; empty where this run has none
 * @param bound what it is held against
 * @param atLeast whether it is to be no less, else no more
 * @param format of figure and bound, with their unit
 * @param cost where the cost sits; asked only if the goal is missed
 */
record Goal(String text, OptionalDouble measured, double bound, boolean atLeast, String format, Supplier<String> cost) {

    /** What takes the place of a figure that the run does not have. */
    static final String ABSENT = "not measured in this run";

    boolean met() {
        double figure = measured.orElse(Double.NaN);
        return atLeast ? figure >= bound : figure <= bound;
    }

    String verdict() {
        return measured.isEmpty() ? ABSENT : met() ? "met" : "**missed**";
    }

    /** Its row of a table. */
    String row() {
        return "| " + text + " | " + (atLeast ? "≥ " : "≤ ") + number(bound) + " | "
                + (measured.isEmpty() ? "–" : number(measured.getAsDouble())) + " | " + verdict() + " | "
                + (measured.isEmpty() || met() ? "" : cost.get()) + " |\n";
    }

    private String number(double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
