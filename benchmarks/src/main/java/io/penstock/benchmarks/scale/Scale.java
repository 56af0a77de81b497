package io.penstock.benchmarks.scale;

import io.penstock.ApiClient;
import io.penstock.benchmarks.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory of calls that wait, for an answer or for their turn, and how long callers wait at the limits that vendors
 * publish.
 *
 * <p>System properties: {@code bench.result}, the file to write; {@code scale.calls}, 100 000 unless given; {@code
 * scale.connections}, 2 000 unless given; {@code scale.windows}, for how many windows a quota is watched, 200 unless given.
 */
public final class Scale {

    private Scale() {}

    /** Takes no arguments: what Maven passes for JMH is not for it. */
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
        System.exit(0); // event loops that a client shares with others would keep the process for a while
    }

    private static Measurements.Memory told(String what, Measurements.Memory memory) {
        System.out.println(what + ": " + memory);
        return memory;
    }
}
