package io.penstock.benchmarks.scale;

import io.penstock.ApiClient;
import io.penstock.benchmarks.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A measurement of the memory of calls that wait for a response or for their turn, and of the time that callers wait at
 * the limits that vendors publish.
 *
 * <p>System properties: {@code bench.result}, the file to write; {@code scale.calls}, the number of calls, 100 000 by
 * default; {@code scale.connections}, 2 000 by default; {@code scale.windows}, the number of windows to simulate for a
 * quota, 200 by default.
 */
public final class Scale {

    private Scale() {}

    /** Runs the measurement. Ignores the arguments, which Maven passes for JMH. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path result = Path.of(System.getProperty("bench.result", "target/board/scale.json"));
        Files.createDirectories(result.toAbsolutePath().getParent());
        int calls = Integer.getInteger("scale.calls", 100_000);
        Measurements measured = new Measurements(
                Surroundings.of(ApiClient.class),
                told("in flight", WaitingCalls.inFlight(calls)),
                told("waiting at the gate", WaitingCalls.atTheGate(calls)),
                told("on connections", WaitingCalls.onConnections(Integer.getInteger("scale.connections", 2_000))),
                QuotaWaits.all(Integer.getInteger("scale.windows", 200)));
        measured.waits().forEach(System.out::println);
        measured.write(result);
        System.out.println("Written: " + result);
        System.exit(0); // the shared event loops would keep the process alive for a while
    }

    private static Measurements.Memory told(String what, Measurements.Memory memory) {
        System.out.println(what + ": " + memory);
        return memory;
    }
}
