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
 * One contender in a process of its own, so that what the JVM learns about one does not mix with another. Arguments: the
 * contender's name, the server's address and, for TLS, the file of its certificate. It obeys {@code SCENARIO CONCURRENCY SETTLE MILLIS} with a {@link Measured} in
 * a line, and ends with its input. For every concurrency it keeps one client, with as many connections.
 */
public final class ClientProcess {

    private ClientProcess() {}

    /** Starts it, says so, obeys. */
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
        System.exit(0); // event loops that a client shares with others would keep the process for a while
    }
}
