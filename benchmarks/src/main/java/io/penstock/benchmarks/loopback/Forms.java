package io.penstock.benchmarks.loopback;

import java.util.ArrayList;
import java.util.List;

/** Which blocks a run has. Both forms take five rounds, so that a median is worth something. */
final class Forms {

    private static final int ROUNDS = 5;

    /** Those that Penstock is measured against in the first place. */
    private static final List<String> FEW =
            List.of("Penstock", "Reactor Netty, tuned", "WebClient + Resilience4j", "azure-core", "Armeria");

    private Forms() {}

    static List<Block> named(String form) {
        return switch (form) {
            case "short" -> shortForm();
            case "long" -> longForm();
            default -> throw new IllegalArgumentException("loopback.form: " + form + " (expected: short or long)");
        };
    }

    /** Below five minutes: a small GET with 64 callers for all; the rest for a few, in shorter turns. */
    private static List<Block> shortForm() {
        return List.of(
                new Block(Scenario.GET_SMALL, 64, Contenders.names(), 5000, ROUNDS, 200, 1500),
                few(Scenario.GET_COLLECTION, 64),
                few(Scenario.POST, 64),
                few(Scenario.GET_SMALL, 1),
                few(Scenario.GET_SMALL, 512));
    }

    private static Block few(Scenario scenario, int concurrency) {
        return new Block(scenario, concurrency, FEW, 2000, ROUNDS, 200, 700);
    }

    /** About 35 minutes: every scenario with 1, 64 and 512 callers for all. */
    private static List<Block> longForm() {
        List<Block> blocks = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            for (int concurrency : List.of(64, 1, 512)) {
                blocks.add(new Block(scenario, concurrency, Contenders.names(), 8000, ROUNDS, 500, 3000));
            }
        }
        return blocks;
    }
}
