package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SimulateCommandTest {

    private static final Pattern EXAMPLE =
            Pattern.compile("PENSTOCK_PENTIFY_SECRET=(\\S+) penstock (call pentify \\S+ \\S+ --base-url (\\S+))");

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Matcher awaitExample(Callable<String> output) throws Exception {
        for (int i = 0; i < 500; i++) {
            String text = output.call();
            Matcher example = EXAMPLE.matcher(text);
            if (text.contains("Running until stopped") && example.find()) {
                return example;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("no simulator came up: " + output.call());
    }

    private static int status(String uri, String secret) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
                .header("authorization", "Bearer " + secret)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void servesUntilStoppedAndPrintsALineThatWorks() throws Exception {
        int port = freePort();
        StringWriter out = new StringWriter();
        FutureTask<Integer> run = new FutureTask<>(() -> Main.run(
                new String[] {"simulate", "--vendor", "pentify", "--port", Integer.toString(port)},
                new PrintWriter(out),
                new PrintWriter(out),
                name -> null));
        Thread thread = new Thread(run, "simulate");
        thread.start();
        Matcher example = awaitExample(out::toString);
        String baseUri = example.group(3);

        assertThat(baseUri).isEqualTo("http://127.0.0.1:" + port + "/v1");
        assertThat(status(baseUri + "/usage", example.group(1))).isEqualTo(200);
        Run call = Run.of(
                Map.of("PENSTOCK_PENTIFY_SECRET", example.group(1)),
                example.group(2).split(" "));
        assertThat(call.code()).isZero();

        thread.interrupt();
        assertThat(run.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString()).endsWith("Stopped." + System.lineSeparator());
        assertThatThrownBy(() -> status(baseUri + "/usage", "x")).isInstanceOf(ConnectException.class);
    }

    @Test
    void anOccupiedPortIsABadArgument() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Run run = Run.of("simulate", "--vendor", "pentify", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("--port " + taken.getLocalPort() + ": cannot listen on it");
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.out()).isEmpty();
        }
    }

    /** The program as its users start it: a process of its own, stopped by SIGTERM, silent on stderr. */
    @Test
    void aSignalStopsItCleanly() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "io.penstock.cli.Main",
                        "simulate"))
                .start();
        try {
            StringWriter output = new StringWriter();
            Thread reader = new Thread(() -> process.inputReader().lines().forEach(line -> output.append(line + "\n")));
            reader.start();
            Matcher example = awaitExample(output::toString);
            assertThat(status(example.group(3) + "/usage", example.group(1))).isEqualTo(200);

            process.toHandle().destroy(); // unlike Process.destroy it leaves the streams open

            assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
            reader.join(5_000);
            assertThat(output.toString()).endsWith("Stopped.\n");
            assertThat(process.exitValue()).isZero();
            assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }
}
