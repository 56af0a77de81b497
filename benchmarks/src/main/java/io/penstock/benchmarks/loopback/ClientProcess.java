package io.penstock.benchmarks.loopback;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A program that runs one contender, so that what the JVM learns about one client does not affect another. Arguments:
 * the contender's name, the server's address and, for TLS, the file of its certificate. For each line {@code SCENARIO
 * CONCURRENCY SETTLE MILLIS} on its input it prints one line with a {@link Measured}. It ends at the end of its input.
 * For each concurrency it keeps one client with that many connections.
 */
public final class ClientProcess {

    private ClientProcess() {}

    /** Checks the meter, prints {@code ready}, and runs a measurement for each line of input. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Meter.check();
        Contenders.Entry contender = Contenders.named(args[0]);
        URI server = URI.create(args[1]);
        Path trusted = args.length > 2 ? Path.of(args[2]) : null;
        Map<Integer, Contender> clients = new HashMap<>();
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            int concurrency = Integer.parseInt(words[1]);
            Contender client =
                    clients.computeIfAbsent(concurrency, most -> contender.open(new Target(server, most, trusted)));
            Measured measured = Run.of(
                    client, Scenario.of(words[0]), concurrency, Long.parseLong(words[2]), Long.parseLong(words[3]));
            System.out.println(measured.line());
        }
        clients.values().forEach(Contender::close);
        System.exit(0); // the shared event loops would keep the process alive for a while
    }
}
