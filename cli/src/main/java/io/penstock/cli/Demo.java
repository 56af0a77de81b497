package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.http.Secret;
import io.penstock.spec.VendorSpec;
import io.penstock.spec.Vendors;
import io.penstock.test.simulator.Simulator;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** The demo, which plays the scenes one after the other and prints their outcomes. */
final class Demo {

    private static final String WRONG_KEY = "pk_test_nobody_was_issued_this_key";

    private static final int IDLE_CHECKS = 5_000;

    private final Simulator simulator;
    private final PrintWriter out;

    Demo(Simulator simulator, PrintWriter out) {
        this.simulator = simulator;
        this.out = out;
    }

    /** Plays all scenes. Returns whether every expectation was met. */
    boolean run() {
        return run(Integer.MAX_VALUE);
    }

    /** Plays the first scenes only. Returns whether every expectation was met. */
    boolean run(int most) {
        VendorSpec spec = Vendors.byId(simulator.vendor());
        out.println("A simulated " + spec.name() + " API at " + simulator.baseUri() + ", called through "
                + spec.retry().toString());
        try (ApiClient client = client(spec, simulator.secret());
                ApiClient stranger = client(spec, WRONG_KEY)) {
            List<Scene> scenes = Stream.concat(
                            new DemoScenes(simulator, client, stranger).inOrder().stream(),
                            VendorScenes.inOrder().stream())
                    .limit(most)
                    .toList();
            int asAnnounced = 0;
            for (int i = 0; i < scenes.size(); i++) {
                awaitIdle(client);
                asAnnounced += play(i + 1, scenes.get(i)) ? 1 : 0;
            }
            out.println();
            boolean all = asAnnounced == scenes.size();
            out.println(
                    (all ? "All " + asAnnounced : asAnnounced + " of " + scenes.size()) + " scenarios passed. Pentify: "
                            + simulator.requests().of("POST", DemoScenes.SCANS).size() + " POSTs arrived and had "
                            + simulator.effects().count() + " effects: " + DemoScenes.keyedEffects(simulator)
                            + " for the key " + DemoScenes.KEY + ", " + DemoScenes.unkeyedEffects(simulator)
                            + " for the one without a key.");
            return all;
        }
    }

    /**
     * Waits until no connection is in use. A connection returns to the pool just after its response; waiting for that
     * makes its reuse certain.
     */
    private static void awaitIdle(ApiClient client) {
        Flux.interval(Duration.ZERO, Duration.ofMillis(2))
                .take(IDLE_CHECKS)
                .takeUntil(tick -> client.inspect().connections().stream().allMatch(c -> c.active() == 0))
                .blockLast();
    }

    private boolean play(int number, Scene scene) {
        out.println();
        out.println(number + ". " + scene.heading());
        Outcome outcome = scene.play().get();
        out.println("   " + outcome.line());
        outcome.journey().timeline().lines().forEach(line -> out.println("     " + line));
        for (String surprise : outcome.surprises()) {
            out.println("   NOT AS ANNOUNCED: " + surprise);
        }
        out.flush();
        return outcome.surprises().isEmpty();
    }

    private ApiClient client(VendorSpec spec, String secret) {
        return ApiClient.builder(spec)
                .secret(Secret.of(secret))
                .baseUri(simulator.baseUri())
                .build();
    }
}
