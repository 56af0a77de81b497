package io.penstock.benchmarks.scale;

import io.penstock.benchmarks.Json;
import java.io.IOException;

/**
 * A measurement of the memory of calls that wait for a response or for their turn, and of the time that callers wait at
 * the limits that vendors publish.
 *
 * <p>{@link Json#writeResult} tells where the results are.
 */
public final class Scale {

    private static final int CALLS = 100_000;
    private static final int CONNECTIONS = 2_000;

    /** The number of windows to simulate for a quota. */
    private static final int WINDOWS = 200;

    private Scale() {}

    /** Runs the measurement. Ignores the arguments, which Maven passes for JMH. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Measurements measured = new Measurements(
                told("in flight", WaitingCalls.inFlight(CALLS)),
                told("waiting at the gate", WaitingCalls.atTheGate(CALLS)),
                told("on connections", WaitingCalls.onConnections(CONNECTIONS)),
                QuotaWaits.all(WINDOWS));
        measured.waits().forEach(System.out::println);
        Json.writeResult("scale", measured);
        System.exit(0); // the shared event loops would keep the process alive for a while
    }

    private static Measurements.Memory told(String what, Measurements.Memory memory) {
        System.out.println(what + ": " + memory);
        return memory;
    }
}
