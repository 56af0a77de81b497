package io.penstock.benchmarks.quota;

import io.penstock.benchmarks.chart.BarChart;
import io.penstock.benchmarks.chart.TimelineChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The charts. */
final class QuotaCharts {

    private static final int SLOTS_PER_POINT = 4;

    private QuotaCharts() {}

    static void used(String title, List<Observed> seen, Path file) throws IOException {
        bars("Used of the allowed quota: " + title, seen, Observed::used, file);
    }

    static void refused(String title, List<Observed> seen, Path file) throws IOException {
        bars("Requests answered 429: " + title, seen, Observed::refused, file);
    }

    private static void bars(String title, List<Observed> seen, ToDoubleFunction<Observed> share, Path file)
            throws IOException {
        BarChart chart = new BarChart(title, "%").numbers("0.#"); // more digits would overlap above two dozen bars
        for (Observed one : seen) {
            chart.bar(one.contender().name(), one.scenario().label(), 100 * share.applyAsDouble(one));
        }
        chart.write(file);
    }

    /** Writes the arrivals over time. Each point is in the middle of the time that it counts. */
    static void arrivals(Scenario scenario, List<Observed> seen, Path file) throws IOException {
        double point = scenario.length().toMillis() / 1000.0 / Account.SLOTS * SLOTS_PER_POINT;
        TimelineChart chart = new TimelineChart(
                "Arriving at the server: " + scenario.label() + " callers, window "
                        + scenario.window().toSeconds() + " s",
                "requests per second");
        for (Observed one : seen) {
            int points = Account.SLOTS / SLOTS_PER_POINT;
            double[] seconds = new double[points];
            double[] rates = new double[points];
            for (int i = 0; i < points; i++) {
                seconds[i] = (i + 0.5) * point;
                for (int j = 0; j < SLOTS_PER_POINT; j++) {
                    rates[i] += one.counts().arrived().get(i * SLOTS_PER_POINT + j) / point;
                }
            }
            chart.line(one.contender().name(), seconds, rates);
        }
        chart.write(file);
    }
}
