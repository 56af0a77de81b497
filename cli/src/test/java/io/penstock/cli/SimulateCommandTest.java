package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SimulateCommandTest {

    private static final Pattern EXAMPLE =
            Pattern.compile("PENSTOCK_PENTIFY_SECRET=(\\S+) penstock (call pentify \\S+ \\S+ --base-url (\\S+))");

    private static Matcher awaitExample(Supplier<String> output) {
        Await.until("a simulator comes up", () -> output.get().contains("Running until stopped"));
        Matcher example = EXAMPLE.matcher(output.get());
        assertThat(example.find()).as(output.get()).isTrue();
        return example;
    }

    private static int status(String uri, String secret) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
                .header("authorization", "Bearer " + secret)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** The command on its own thread, with its output. */
    private record Running(FutureTask<Integer> run, Thread thread, StringWriter out) {

        static Running on(int port) {
            StringWriter out = new StringWriter();
            FutureTask<Integer> run = new FutureTask<>(() -> Main.run(
                    new String[] {"simulate", "--vendor", "pentify", "--port", Integer.toString(port)},
                    new PrintWriter(out),
                    new PrintWriter(out),
                    name -> null));
            Thread thread = new Thread(run, "simulate");
            thread.start();
            return new Running(run, thread, out);
        }

        boolean serves() {
            Await.until(
                    "it serves or ends", () -> run.isDone() || out.toString().contains("Running until stopped"));
            return !run.isDone();
        }
    }

    /** Starts on a port below the ephemeral range, or on the next one if it is taken. */
    private static Running onAFreePort(AtomicInteger port) {
        port.set(ThreadLocalRandom.current().nextInt(20_000, 30_000));
        Running running = Running.on(port.get());
        while (!running.serves() && running.out().toString().contains("cannot listen on it")) {
            running = Running.on(port.incrementAndGet());
        }
        return running;
    }

    @Test
    void servesUntilStoppedAndPrintsWorkingExample() throws Exception {
        AtomicInteger port = new AtomicInteger();
        Running running = onAFreePort(port);
        Matcher example = awaitExample(running.out()::toString);
        String baseUri = example.group(3);

        assertThat(baseUri).isEqualTo("http://127.0.0.1:" + port + "/v1");
        assertThat(status(baseUri + "/usage", example.group(1))).isEqualTo(200);
        Run call = Run.of(
                Map.of("PENSTOCK_PENTIFY_SECRET", example.group(1)),
                example.group(2).split(" "));
        assertThat(call.code()).isZero();

        running.thread().interrupt();
        assertThat(running.run().get(30, TimeUnit.SECONDS)).isZero();
        assertThat(running.out().toString()).endsWith("Stopped." + System.lineSeparator());
        assertThatThrownBy(() -> status(baseUri + "/usage", "x")).isInstanceOf(ConnectException.class);
    }

    @Test
    void refusesOccupiedPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Run run = Run.of("simulate", "--vendor", "pentify", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("--port " + taken.getLocalPort() + ": cannot listen on it");
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.out()).isEmpty();
        }
    }

    /** The program as its users start it: a process stopped by SIGTERM, silent on stderr. */
    @Test
    void stopsCleanlyOnSignal() throws Exception {
        Process process = Child.start(Map.of(), "simulate");
        try {
            StringWriter output = new StringWriter();
            Thread reader = new Thread(() -> process.inputReader().lines().forEach(line -> output.append(line + "\n")));
            reader.start();
            Matcher example = awaitExample(output::toString);
            assertThat(status(example.group(3) + "/usage", example.group(1))).isEqualTo(200);

            process.toHandle().destroy(); // unlike Process.destroy it leaves the streams open

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            reader.join(30_000);
            assertThat(output.toString()).endsWith("Stopped.\n");
            assertThat(process.exitValue()).isZero();
            assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }
}
