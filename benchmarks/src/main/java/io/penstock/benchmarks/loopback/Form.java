package io.penstock.benchmarks.loopback;

import java.util.ArrayList;
import java.util.List;

/**
 * The contents of a run. Each block has five rounds, so that a median is meaningful.
 *
 * @param name the name of the run
 * @param tls whether the server speaks TLS
 * @param blocks its parts, in order
 */
record Form(String name, boolean tls, List<Block> blocks) {

    private static final int ROUNDS = 5;

    /**
     * The warm-up of a process that has just started: on two cores, one of them the server's, clients get faster for
     * this long.
     */
    private static final long UNTIL_COMPILED = 12_000;

    /** The contenders that Penstock is compared with first. */
    private static final List<String> FEW =
            List.of("Penstock", "Reactor Netty, tuned", "WebClient + Resilience4j", "azure-core", "Armeria");

    static Form named(String name) {
        return switch (name) {
            case "short" -> new Form(name, false, shortForm());
            case "long" -> new Form(name, false, longForm());
            case "choices" -> new Form(name, false, choicesForm());
            case "tls" -> new Form(name, true, tlsForm());
            default ->
                throw new IllegalArgumentException(
                        "loopback.form: " + name + " (expected: short, long, choices or tls)");
        };
    }

    /**
     * Returns the short form, about five minutes: a small GET with 64 callers for all contenders; two more scenarios
     * for a few of them, in shorter turns.
     */
    private static List<Block> shortForm() {
        return List.of(
                new Block(Scenario.GET_SMALL, 64, Contenders.peers(), UNTIL_COMPILED, ROUNDS, 200, 1500),
                brief(Scenario.GET_COLLECTION, 64, FEW),
                brief(Scenario.POST, 64, FEW));
    }

    /** Returns the long form, about 40 minutes: every scenario with 64, 1 and 512 callers for all contenders. */
    private static List<Block> longForm() {
        List<Block> blocks = new ArrayList<>();
        for (Scenario scenario : List.of(Scenario.GET_SMALL, Scenario.GET_COLLECTION, Scenario.POST)) {
            for (int concurrency : List.of(64, 1, 512)) {
                blocks.add(new Block(scenario, concurrency, Contenders.peers(), UNTIL_COMPILED, ROUNDS, 500, 3000));
            }
        }
        return blocks;
    }

    /** Returns the measurements behind the defaults, about six minutes. */
    private static List<Block> choicesForm() {
        List<String> decompression = Contenders.names(Choices.DECOMPRESSION);
        List<String> asking = decompression.subList(0, 2);
        return List.of(
                first(Scenario.GET_SMALL, 64, Contenders.names(Choices.POOL_SIZES)),
                brief(Scenario.GET_SMALL, 512, Contenders.names(Choices.POOL_SIZES)),
                first(Scenario.GET_SMALL, 64, Contenders.names(Choices.EVENT_LOOPS)),
                first(Scenario.GET_SMALL, 64, Contenders.names(Choices.TRANSPORTS)),
                first(Scenario.GET_SMALL, 64, decompression),
                brief(Scenario.GET_SMALL_GZIP, 64, asking),
                brief(Scenario.GET_COLLECTION, 64, decompression),
                brief(Scenario.GET_COLLECTION_GZIP, 64, asking));
    }

    /** Returns the TLS form, about two minutes: handshakes with 8 callers, small GETs on kept connections with 64. */
    private static List<Block> tlsForm() {
        List<String> handshakes = Contenders.names(TlsContenders.HANDSHAKES);
        List<String> kept = Contenders.names(TlsContenders.KEPT);
        return List.of(first(Scenario.HANDSHAKE, 8, handshakes), first(Scenario.GET_SMALL, 64, kept));
    }

    /** Returns a block of short turns for clients whose processes have just started. */
    private static Block first(Scenario scenario, int concurrency, List<String> contenders) {
        return new Block(scenario, concurrency, contenders, UNTIL_COMPILED * 3 / 4, ROUNDS, 200, 700);
    }

    /** Returns a block of short turns for clients that have run before. */
    private static Block brief(Scenario scenario, int concurrency, List<String> contenders) {
        return new Block(scenario, concurrency, contenders, 2000, ROUNDS, 200, 700);
    }
}
