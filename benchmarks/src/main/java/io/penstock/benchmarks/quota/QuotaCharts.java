package io.penstock.benchmarks.quota;

import io.penstock.benchmarks.chart.BarChart;
import io.penstock.benchmarks.chart.TimelineChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The charts. */
final class QuotaCharts {

    private static final int SLOTS_PER_POINT = 4;

    private QuotaCharts() {}

    /** Writes the shares of the quota that were used, and of the requests that were refused. */
    static void shares(String title, List<Observed> seen, Path file) throws IOException {
        BarChart chart = new BarChart(title);
        chart.figure("used of the allowed quota, %", "0.0");
        seen.forEach(one -> chart.bar(one.contender().name(), one.scenario().label(), 100 * one.used()));
        chart.figure("requests answered 429, %", "0.0");
        seen.forEach(one -> chart.bar(one.contender().name(), one.scenario().label(), 100 * one.refused()));
        chart.write(file);
    }

    /** Writes the arrivals over time. */
    static void arrivals(Scenario scenario, List<Observed> seen, Path file) throws IOException {
        TimelineChart chart = new TimelineChart(
                        scenario.label() + ", window of " + scenario.window().toSeconds() + " s")
                .figure("requests that arrive, per second");
        double slot = scenario.length().toMillis() / 1000.0 / Account.SLOTS;
        seen.forEach(one -> chart.line(one.contender().name(), one.counts().arrived(), slot, SLOTS_PER_POINT));
        chart.write(file);
    }
}
