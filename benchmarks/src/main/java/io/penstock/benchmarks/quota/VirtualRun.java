package io.penstock.benchmarks.quota;

import io.penstock.benchmarks.Client;
import io.penstock.benchmarks.Contender;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A run in virtual time: one client after the other, on one thread, without sockets. */
final class VirtualRun {

    /**
     * The start of the virtual time. It is a real date: the client would read epoch seconds near zero as seconds from
     * now.
     */
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration STEP = Duration.ofSeconds(1);

    private VirtualRun() {}

    static List<Observed> observe(Scenario scenario) {
        List<Observed> seen = new ArrayList<>();
        for (Contender<Site> entry : Contenders.all()) {
            seen.add(observe(scenario, entry));
        }
        return seen;
    }

    private static Observed observe(Scenario scenario, Contender<Site> entry) {
        VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
        scheduler.advanceTimeTo(BEGIN);
        VirtualServer server = new VirtualServer(scenario, scheduler);
        Tally tally = new Tally(scenario.callers());
        Site site = Site.inVirtualTime(scenario, scheduler, server);
        try (Client client = entry.client().apply(site)) {
            Disposable callers = Callers.start(client, site, tally);
            // One extra step, because the account's time begins when the first request arrives.
            for (Duration gone = Duration.ZERO; gone.compareTo(scenario.length()) <= 0; gone = gone.plus(STEP)) {
                scheduler.advanceTimeBy(STEP);
            }
            callers.dispose();
        }
        scheduler.dispose();
        return new Observed(scenario, entry, server.counts(), tally);
    }
}
