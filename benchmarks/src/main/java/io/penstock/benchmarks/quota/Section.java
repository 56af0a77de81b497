package io.penstock.benchmarks.quota;

import io.penstock.benchmarks.quota.Scenario.Disturbance;
import io.penstock.benchmarks.quota.Scenario.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Scenarios that share a table.
 *
 * @param slug the part of file names
 * @param virtual whether they run in virtual time
 */
record Section(String slug, String title, boolean virtual, List<Scenario> scenarios) {

    private static final int FEW = 32;
    private static final int MANY = 512;

    /**
     * Returns all sections. Over sockets the limits are a hundred permits per second; the long windows have limits that
     * are usual for APIs.
     */
    static List<Section> full() {
        return List.of(
                calm("2s", "Windows of 2 s", false, 200, Duration.ofSeconds(2), 5),
                calm("10s", "Windows of 10 s", false, 1000, Duration.ofSeconds(10), 3),
                disturbed(
                        "10s-disturbed",
                        "Windows of 10 s, disturbed",
                        false,
                        1000,
                        Duration.ofSeconds(10),
                        3,
                        Kind.FIXED),
                calm("60s", "Windows of 60 s (virtual time)", true, 1000, Duration.ofSeconds(60), 10),
                disturbed(
                        "60s-disturbed",
                        "Windows of 60 s, disturbed (virtual time)",
                        true,
                        1000,
                        Duration.ofSeconds(60),
                        10,
                        Kind.FIXED,
                        Kind.BUCKET),
                calm("1h", "Windows of 1 h (virtual time)", true, 5000, Duration.ofHours(1), 3),
                silent(60));
    }

    /** Returns the sections of a short run. */
    static List<Section> quick() {
        return List.of(
                calm("2s", "Windows of 2 s", false, 200, Duration.ofSeconds(2), 3),
                disturbed(
                        "2s-disturbed", "Windows of 2 s, disturbed", false, 200, Duration.ofSeconds(2), 2, Kind.FIXED),
                calm("60s", "Windows of 60 s (virtual time)", true, 1000, Duration.ofSeconds(60), 3),
                silent(30));
    }

    /** Returns the servers that serve 20 requests per second and say nothing but 429. */
    private static Section silent(int seconds) {
        List<Scenario> scenarios = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            scenarios.add(new Scenario(kind, FEW, 20, Duration.ofSeconds(1), seconds, Disturbance.SILENT));
        }
        return new Section("silent", "A silent limit of 20 per second (virtual time)", true, scenarios);
    }

    private static Section calm(String slug, String title, boolean virtual, int permits, Duration window, int windows) {
        List<Scenario> scenarios = new ArrayList<>();
        for (int callers : new int[] {FEW, MANY}) {
            for (Kind kind : Kind.values()) {
                scenarios.add(new Scenario(kind, callers, permits, window, windows, Disturbance.NONE));
            }
        }
        return new Section(slug, title, virtual, scenarios);
    }

    private static Section disturbed(
            String slug, String title, boolean virtual, int permits, Duration window, int windows, Kind... kinds) {
        List<Scenario> scenarios = new ArrayList<>();
        for (Kind kind : kinds) {
            for (Disturbance disturbance : Disturbance.values()) {
                if (disturbance != Disturbance.NONE && disturbance != Disturbance.SILENT) {
                    scenarios.add(new Scenario(kind, FEW, permits, window, windows, disturbance));
                }
            }
        }
        return new Section(slug, title, virtual, scenarios);
    }

    /** Returns a description of the limit and the watched time. */
    String load() {
        Scenario any = scenarios.get(0);
        return any.permits() + " permits in " + any.window().toSeconds() + " s, watched for " + any.windows()
                + " windows" + (virtual ? ", in virtual time." : ", over sockets, in real time.");
    }
}
