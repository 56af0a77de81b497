package io.penstock.benchmarks.storm;

import io.penstock.benchmarks.Contender;
import io.penstock.benchmarks.storm.Scenario.Failing;
import io.penstock.benchmarks.storm.Scenario.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A comparison of all clients in all storms, one after the other. It prints tables and writes the page with its charts.
 *
 * <p>System properties: {@code bench.pages}, the directory for the page; {@code storm.quick}, true for one short storm
 * whose page goes to {@code target/retry-storm} instead of the documentation.
 */
public final class RetryStorm {

    private RetryStorm() {}

    /** Runs the storms. Ignores the arguments, which Maven passes for JMH. */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean quick = Boolean.getBoolean("storm.quick");
        Path pages = quick
                ? Path.of("target", "retry-storm")
                : Path.of(System.getProperty("bench.pages", "target/retry-storm"));
        StormPage page = new StormPage(Files.createDirectories(pages));
        for (Scenario scenario : quick ? quick() : full()) {
            List<Observed> seen = new ArrayList<>();
            for (Contender<String> contender : Contenders.all()) {
                System.out.printf("%s: %s%n", scenario.title(), contender.name());
                seen.add(Storm.undisturbed(scenario, contender));
            }
            System.out.println(page.add(scenario, seen));
            System.out.println("Written: " + page.write());
        }
        System.exit(0); // the shared event loops would keep the process alive for a while
    }

    private static List<Scenario> full() {
        return List.of(
                few(Pace.CLOSED, Failing.UNAVAILABLE),
                many(Pace.CLOSED, Failing.UNAVAILABLE),
                many(Pace.OPEN, Failing.UNAVAILABLE),
                few(Pace.CLOSED, Failing.RESET),
                many(Pace.CLOSED, Failing.RESET));
    }

    private static Scenario few(Pace pace, Failing failure) {
        return scenario(64, Duration.ofMillis(100), pace, failure);
    }

    /**
     * Returns a storm of many callers. Their longer think time keeps the offered load within the capacity of two cores,
     * even five times over.
     */
    private static Scenario many(Pace pace, Failing failure) {
        return scenario(1000, Duration.ofSeconds(1), pace, failure);
    }

    private static Scenario scenario(int callers, Duration think, Pace pace, Failing failure) {
        return new Scenario(
                callers, think, pace, failure, Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(8));
    }

    private static List<Scenario> quick() {
        return List.of(new Scenario(
                64,
                Duration.ofMillis(100),
                Pace.CLOSED,
                Failing.UNAVAILABLE,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3)));
    }
}
