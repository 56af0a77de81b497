package io.penstock.benchmarks.quota;

import io.penstock.benchmarks.quota.Scenario.Disturbance;
import io.penstock.benchmarks.quota.Scenario.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A comparison of all clients against all ways of counting. It prints tables and writes the page with its charts.
 *
 * <p>System properties: {@code bench.pages}, the directory for the page; {@code quota.quick}, true for a short run
 * whose page goes to {@code target/quota-efficiency} instead of the documentation.
 */
public final class QuotaEfficiency {

    /** The warm-up, which gets code compiled. It causes no refusals. */
    private static final Scenario WARM_UP =
            new Scenario(Kind.FIXED, 32, 1_000_000, Duration.ofSeconds(4), 1, Disturbance.NONE);

    private QuotaEfficiency() {}

    /** Runs the comparison. Ignores the arguments, which Maven passes for JMH. */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean quick = Boolean.getBoolean("quota.quick");
        Path target = Path.of("target", "quota-efficiency");
        Path pages = quick ? target : Path.of(System.getProperty("bench.pages", target.toString()));
        QuotaPage page = new QuotaPage(Files.createDirectories(pages));
        try (SocketRun sockets = SocketRun.start()) {
            sockets.observe(WARM_UP);
            for (Section section : quick ? Section.quick() : Section.full()) {
                List<Observed> seen = new ArrayList<>();
                for (Scenario scenario : section.scenarios()) {
                    System.out.printf("%s: %s%n", section.title(), scenario.label());
                    seen.addAll(section.virtual() ? VirtualRun.observe(scenario) : sockets.observe(scenario));
                }
                System.out.println(page.add(section, seen));
                System.out.println("Written: " + page.write());
            }
        }
        System.exit(0); // the shared event loops would keep the process alive for a while
    }
}
