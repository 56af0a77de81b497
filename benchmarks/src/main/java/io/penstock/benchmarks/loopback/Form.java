package io.penstock.benchmarks.loopback;

import java.util.ArrayList;
import java.util.List;

/**
 * The contents of a run.
 *
 * @param name the name of the run
 * @param tls whether the server speaks TLS
 * @param blocks its parts, in order
 */
record Form(String name, boolean tls, List<Block> blocks) {

    /** The rounds of pairs. The half with the least CPU time of other processes counts, so a median is of five. */
    static final int PAIRS = 10;

    private static final int ROUNDS = 5;

    /** The warm-up of a process that has just started: Penstock and Armeria take about 25 s on two cores. */
    private static final WarmUp NEW = new WarmUp(2_000, 20);

    /** The warm-up of a process that has run another scenario. */
    private static final WarmUp KNOWN = new WarmUp(1_000, 8);

    /** The contenders that Penstock is compared with in every scenario. */
    private static final List<String> FEW =
            List.of("Penstock", "async-http-client", "Vert.x", "WebClient + Resilience4j");

    /** The same, with the client that was ahead of Penstock on pages. */
    private static final List<String> FEW_AND_AZURE =
            List.of("Penstock", "async-http-client", "Vert.x", "WebClient + Resilience4j", "azure-core");

    static Form named(String name) {
        return switch (name) {
            case "short" -> new Form(name, false, shortForm(NEW, KNOWN, PAIRS, 150, 900));
            case "long" -> new Form(name, false, longForm());
            case "choices" -> new Form(name, false, choicesForm());
            case "tls" -> new Form(name, true, tlsForm());
            case "trial" -> new Form(name, false, shortForm(new WarmUp(300, 1), new WarmUp(200, 1), 2, 50, 150));
            default ->
                throw new IllegalArgumentException(
                        "loopback.form: " + name + " (expected: short, long, choices, tls or trial)");
        };
    }

    /**
     * Returns the short form, about 15 minutes: a small GET with 64 callers for all contenders; POST, pages, one caller
     * and 512 callers for those that Penstock is compared with first. The trial is the same in less than a minute,
     * without figures that mean anything.
     */
    private static List<Block> shortForm(WarmUp first, WarmUp next, int rounds, long settleMillis, long millis) {
        return List.of(
                pairs(Scenario.GET_SMALL, 64, Contenders.peers(), first, rounds, settleMillis, millis),
                pairs(Scenario.POST, 64, FEW_AND_AZURE, next, rounds, settleMillis, millis),
                pairs(Scenario.GET_COLLECTION, 64, FEW_AND_AZURE, next, rounds, settleMillis, millis),
                pairs(Scenario.GET_SMALL, 1, FEW, next, rounds, settleMillis, millis),
                pairs(Scenario.GET_SMALL, 512, FEW, next, rounds, settleMillis, millis));
    }

    /** Returns the long form, about 70 minutes: every scenario with 64, 1 and 512 callers for all contenders. */
    private static List<Block> longForm() {
        List<Block> blocks = new ArrayList<>();
        for (Scenario scenario : List.of(Scenario.GET_SMALL, Scenario.GET_COLLECTION, Scenario.POST)) {
            for (int concurrency : List.of(64, 1, 512)) {
                blocks.add(pairs(
                        scenario, concurrency, Contenders.peers(), blocks.isEmpty() ? NEW : KNOWN, PAIRS, 200, 2000));
            }
        }
        return blocks;
    }

    /** Returns the measurements behind the defaults, about ten minutes. */
    private static List<Block> choicesForm() {
        List<String> decompression = Contenders.names(Choices.DECOMPRESSION);
        List<String> asking = decompression.subList(0, 2);
        return List.of(
                alone(Scenario.GET_SMALL, 64, Contenders.names(Choices.POOL_SIZES), NEW),
                alone(Scenario.GET_SMALL, 512, Contenders.names(Choices.POOL_SIZES), KNOWN),
                alone(Scenario.GET_SMALL, 64, Contenders.names(Choices.EVENT_LOOPS), NEW),
                alone(Scenario.GET_SMALL, 64, Contenders.names(Choices.TRANSPORTS), NEW),
                alone(Scenario.GET_SMALL, 64, decompression, NEW),
                alone(Scenario.GET_SMALL_GZIP, 64, asking, KNOWN),
                alone(Scenario.GET_COLLECTION, 64, decompression, KNOWN),
                alone(Scenario.GET_COLLECTION_GZIP, 64, asking, KNOWN));
    }

    /** Returns the TLS form, about three minutes: handshakes with 8 callers, small GETs on kept connections with 64. */
    private static List<Block> tlsForm() {
        List<String> handshakes = Contenders.names(TlsContenders.HANDSHAKES);
        List<String> kept = Contenders.names(TlsContenders.KEPT);
        return List.of(alone(Scenario.HANDSHAKE, 8, handshakes, NEW), alone(Scenario.GET_SMALL, 64, kept, NEW));
    }

    /** Returns a block whose contenders are compared with the base seconds before. */
    private static Block pairs(
            Scenario scenario,
            int concurrency,
            List<String> contenders,
            WarmUp warmUp,
            int rounds,
            long settleMillis,
            long millis) {
        return new Block(scenario, concurrency, Cell.BASE, contenders, warmUp, rounds, settleMillis, millis);
    }

    /** Returns a block of short turns without a base. */
    private static Block alone(Scenario scenario, int concurrency, List<String> contenders, WarmUp warmUp) {
        return new Block(scenario, concurrency, null, contenders, warmUp, ROUNDS, 200, 700);
    }

    /** Returns the time that a run takes at most, without the start of processes. */
    long longestMillis() {
        return blocks.stream().mapToLong(Block::longestMillis).sum();
    }
}
