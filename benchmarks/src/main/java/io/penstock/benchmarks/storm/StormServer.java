package io.penstock.benchmarks.storm;

import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.Json;
import io.penstock.benchmarks.storm.FaultyServer.End;
import io.penstock.benchmarks.storm.FaultyServer.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The server of a storm, in a process of its own. It replies to each command with one line.
 *
 * <pre>
 *  serve N      work on N requests at a time              → a {@link Mark}
 *  unavailable  respond with 503 at once                  → the same
 *  reset        read the request, reset the connection    → the same
 *  begin        count from zero                           → the same
 *  counts       report the sends in each slot of 100 ms   → [17,20,18,…]
 * </pre>
 */
public final class StormServer {

    /** The moment when the server executed a command, by the machine's clock, and its count of sends by then. */
    record Mark(long millis, long sends) {}

    /** The length of a slot. */
    static final int SLOT_MILLIS = 100;

    private static final int SLOTS = 6000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final FaultyServer server = FaultyServer.start(FaultyServer.always(End.SERVED));
    private volatile AtomicLongArray slots = new AtomicLongArray(SLOTS);
    private volatile long begun;
    private int before;

    private StormServer() {}

    /** Starts the server, prints its address, and executes the commands. */
    public static void main(String[] args) throws IOException, InterruptedException {
        StormServer storm = new StormServer();
        try (FaultyServer server = storm.server) {
            ChildProcess.reply(server.uri(), storm::obey);
        }
    }

    private String obey(String line) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "serve" -> {
                int workers = Integer.parseInt(words[1]);
                fault(FaultyServer.queueing(workers, Scenario.SERVICE, PATIENCE, workers));
            }
            case "unavailable" -> fault(FaultyServer.always(End.REFUSED));
            case "reset" -> fault(FaultyServer.always(End.RESET));
            case "begin" -> {
                slots = new AtomicLongArray(SLOTS);
                begun = System.currentTimeMillis();
                before = server.received();
            }
            case "counts" -> {
                return Json.line(counts());
            }
            default ->
                throw new IllegalArgumentException(
                        "command: " + line + " (expected: serve N, unavailable, reset, begin, counts)");
        }
        return Json.line(new Mark(System.currentTimeMillis(), server.received() - before));
    }

    private void fault(Fault fault) {
        server.fault(loop -> {
            long slot = (System.currentTimeMillis() - begun) / SLOT_MILLIS;
            if (slot < SLOTS) {
                slots.incrementAndGet((int) slot);
            }
            return fault.end(loop);
        });
    }

    /** Returns the counts up to now. */
    private long[] counts() {
        AtomicLongArray all = slots;
        long[] counts = new long[(int) Math.min((System.currentTimeMillis() - begun) / SLOT_MILLIS, SLOTS)];
        Arrays.setAll(counts, all::get);
        return counts;
    }
}
