package io.penstock.benchmarks.storm;

import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.Client;
import io.penstock.benchmarks.Contender;
import io.penstock.benchmarks.Json;
import io.penstock.benchmarks.storm.StormServer.Mark;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.core.Disposable;

/** A run of one contender through one scenario, against a server process of its own. */
final class Storm {

    /**
     * The lowest share of the offered load that must succeed before the outage. Below it, the machine was busy with
     * other work.
     */
    private static final double UNDISTURBED = 0.9;

    private static final int TRIES = 2;

    private Storm() {}

    /**
     * Observes a contender, and observes it once more if the machine had no time for the load even before the outage.
     * If the second observation is disturbed too, it counts, and is marked as disturbed.
     */
    static Observed undisturbed(Scenario scenario, Contender<String> contender)
            throws IOException, InterruptedException {
        Observed seen = observe(scenario, contender);
        for (int tries = 1; tries < TRIES && disturbed(scenario, seen); tries++) {
            System.out.printf(
                    Locale.ROOT,
                    "  disturbed: %.0f of %.0f calls/s before the outage; once more%n",
                    seen.successesPerSecondBefore(),
                    scenario.offered());
            seen = observe(scenario, contender);
        }
        return seen;
    }

    static boolean disturbed(Scenario scenario, Observed seen) {
        return seen.successesPerSecondBefore() < UNDISTURBED * scenario.offered();
    }

    /**
     * Makes one observation.
     *
     * <pre>
     *  server   |- serves all |-- serves --|-- down --|-- serves, with half the workers --|
     *           |  warm-up    |
     *  marks                  begin        down       back                                end
     * </pre>
     */
    private static Observed observe(Scenario scenario, Contender<String> contender)
            throws IOException, InterruptedException {
        Queue<Call> log = new ConcurrentLinkedQueue<>();
        try (ChildProcess server = ChildProcess.start(StormServer.class)) {
            mark(server, "serve " + scenario.callers()); // during warm-up a refusal could open a breaker for a minute
            try (Client client = contender.client().apply(server.greeting())) {
                Disposable callers = Callers.start(client, scenario, log);
                sleep(Scenario.WARM_UP);
                mark(server, "serve " + scenario.workersBefore());
                Mark begin = mark(server, "begin");
                sleep(scenario.normal());
                Mark down = mark(server, scenario.failure().name().toLowerCase(Locale.ROOT));
                sleep(scenario.outage());
                Mark back = mark(server, "serve " + scenario.workersAfter());
                sleep(scenario.observed());
                Mark end = mark(server, "serve " + scenario.workersAfter());
                callers.dispose();
                List<Long> sends = List.of(Json.of(server.ask("counts"), Long[].class));
                return new Observed(contender, begin, down, back, end, sends, List.copyOf(log));
            }
        }
    }

    private static Mark mark(ChildProcess server, String command) {
        return Json.of(server.ask(command), Mark.class);
    }

    private static void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration.toMillis());
    }
}
