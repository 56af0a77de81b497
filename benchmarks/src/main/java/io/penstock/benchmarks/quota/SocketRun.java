package io.penstock.benchmarks.quota;

import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.Client;
import io.penstock.benchmarks.Contender;
import io.penstock.benchmarks.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.Disposable;

/** A run over sockets: all clients at the same time, each with an account of its own at the same server. */
final class SocketRun implements AutoCloseable {

    private record Entered(Contender<Site> entry, String account, Client client, Tally tally, Disposable callers) {}

    /** The time for the last client to start and for its first request to arrive. */
    private static final Duration START = Duration.ofMillis(500);

    private final ChildProcess server;

    private SocketRun(ChildProcess server) {
        this.server = server;
    }

    static SocketRun start() throws IOException {
        return new SocketRun(ChildProcess.start(QuotaServer.class));
    }

    /** Runs all clients through a scenario. */
    List<Observed> observe(Scenario scenario) throws InterruptedException {
        List<Entered> entered = new ArrayList<>();
        for (Contender<Site> entry : Contenders.all()) {
            entered.add(enter(scenario, entry));
        }
        Thread.sleep(scenario.length().plus(START).toMillis());
        List<Observed> seen = new ArrayList<>();
        for (Entered one : entered) {
            one.callers.dispose();
            one.client.close();
            Counts counts = Json.of(server.ask("counts " + one.account), Counts.class);
            seen.add(new Observed(scenario, one.entry, counts, one.tally));
        }
        return seen;
    }

    private Entered enter(Scenario scenario, Contender<Site> entry) {
        String account = server.ask("open " + Json.line(scenario));
        Site site = Site.overSockets(scenario, "http://127.0.0.1:" + server.greeting() + "/" + account);
        Client client = entry.client().apply(site);
        Tally tally = new Tally(scenario.callers());
        return new Entered(entry, account, client, tally, Callers.start(client, site, tally));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
