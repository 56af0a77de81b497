package io.penstock.benchmarks.storm;

import io.penstock.benchmarks.chart.BarChart;
import io.penstock.benchmarks.chart.TimelineChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The charts of the storms. */
final class StormCharts {

    /** The number of slots per point of a line. A fifth of a second divides evenly; a quarter would not. */
    private static final int SLOTS_PER_POINT = 2;

    private static final double SLOT_SECONDS = StormServer.SLOT_MILLIS / 1000.0;

    private StormCharts() {}

    /** Writes the successes of calls and the sends of one storm over time. */
    static void timeline(Scenario scenario, List<Observed> seen, Path file) throws IOException {
        double down = Scenario.seconds(scenario.normal());
        TimelineChart chart = new TimelineChart(scenario.title())
                .shade("server down", down, down + Scenario.seconds(scenario.outage()))
                .figure("calls that succeed, per second");
        seen.forEach(one -> chart.line(one.contender().name(), one.successSlots(), SLOT_SECONDS, SLOTS_PER_POINT));
        chart.figure("sends that arrive, per second");
        seen.forEach(one -> chart.line(one.contender().name(), one.sends(), SLOT_SECONDS, SLOTS_PER_POINT));
        chart.write(file);
    }

    /** Writes the outcome of all storms: what the server had to bear, and what became of the calls. */
    static void outcome(Map<Scenario, List<Observed>> seen, Path file) throws IOException {
        BarChart chart = new BarChart("Storms: what the server bears, and what becomes of the calls");
        figure(chart, "sends per call, server down", "0.00", seen, Observed::sendsPerCallInOutage);
        figure(chart, "calls that succeeded", "0", seen, Observed::succeeded);
        figure(chart, "calls that failed", "0", seen, Observed::failures);
        chart.write(file);
    }

    private static void figure(
            BarChart chart,
            String name,
            String pattern,
            Map<Scenario, List<Observed>> seen,
            ToDoubleFunction<Observed> figure) {
        chart.figure(name, pattern);
        seen.forEach((scenario, observed) -> observed.forEach(
                one -> chart.bar(one.contender().name(), scenario.title(), figure.applyAsDouble(one))));
    }
}
