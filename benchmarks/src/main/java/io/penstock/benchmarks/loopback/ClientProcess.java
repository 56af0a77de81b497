package io.penstock.benchmarks.loopback;

import io.penstock.benchmarks.ChildProcess;
import io.penstock.benchmarks.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * A program that runs one contender, so that what the JVM learns about one client does not affect another. Arguments:
 * the contender's name, the id of the server's process, its address and, for TLS, the file of its certificate. For each {@link Turn} on
 * its input it prints one line with a {@link Cell}. It ends at the end of its input.
 * For each concurrency it keeps one client with that many connections.
 */
public final class ClientProcess {

    private ClientProcess() {}

    /** Checks the meter, prints {@code ready}, and runs a measurement for each line of input. */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        Meter.check();
        Contenders.Entry contender = Contenders.named(args[0]);
        long pid = Long.parseLong(args[1]);
        URI server = URI.create(args[2]);
        Path trusted = args.length > 3 ? Path.of(args[3]) : null;
        Map<Integer, Contender> clients = new HashMap<>();
        ChildProcess.reply("ready", line -> {
            Turn turn = Json.of(line, Turn.class);
            Contender client = clients.computeIfAbsent(
                    turn.concurrency(), most -> contender.open(new Target(server, most, trusted)));
            return Json.line(Run.of(client, turn, pid));
        });
        System.exit(0); // the shared event loops would keep the process alive for a while
    }
}
