package io.penstock.benchmarks.storm;

import io.penstock.benchmarks.chart.BarChart;
import io.penstock.benchmarks.chart.TimelineChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The charts of the storms. */
final class StormCharts {

    /** The number of slots per point of a line. A fifth of a second divides evenly; a quarter would not. */
    private static final int SLOTS_PER_POINT = 2;

    private static final double POINT_SECONDS = SLOTS_PER_POINT * SendCounter.SLOT_MILLIS / 1000.0;

    private StormCharts() {}

    static void sends(Scenario scenario, List<Observed> seen, Path file) throws IOException {
        TimelineChart chart = timeline(scenario, "Arriving at the server: " + scenario.title(), "sends per second");
        for (Observed one : seen) {
            add(chart, one, one.sends());
        }
        chart.write(file);
    }

    static void successes(Scenario scenario, List<Observed> seen, Path file) throws IOException {
        TimelineChart chart = timeline(scenario, "Calls that succeed: " + scenario.title(), "successes per second");
        for (Observed one : seen) {
            add(chart, one, one.successSlots());
        }
        chart.write(file);
    }

    static void sendsPerCall(Map<Scenario, List<Observed>> seen, Path file) throws IOException {
        BarChart chart = new BarChart("Sends per logical call while the server is down", "sends per call");
        seen.forEach((scenario, observed) -> observed.forEach(
                one -> chart.bar(one.contender().name(), scenario.title(), one.sendsPerCallInOutage())));
        chart.write(file);
    }

    private static TimelineChart timeline(Scenario scenario, String title, String yTitle) {
        double from = Scenario.seconds(scenario.normal());
        return new TimelineChart(title, yTitle).shade("server down", from, from + Scenario.seconds(scenario.outage()));
    }

    /** Adds a line. Each point is in the middle of the time that it counts. */
    private static void add(TimelineChart chart, Observed one, List<Long> slots) {
        int points = slots.size() / SLOTS_PER_POINT;
        double[] seconds = new double[points];
        double[] rates = new double[points];
        for (int i = 0; i < points; i++) {
            seconds[i] = (i + 0.5) * POINT_SECONDS;
            for (int j = 0; j < SLOTS_PER_POINT; j++) {
                rates[i] += slots.get(i * SLOTS_PER_POINT + j) / POINT_SECONDS;
            }
        }
        chart.line(one.contender().name(), seconds, rates);
    }
}
