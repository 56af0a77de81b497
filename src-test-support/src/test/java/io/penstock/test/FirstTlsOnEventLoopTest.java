package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.blockhound.BlockHound;

/** The first TLS connection of a process reads files: here an event loop is the first to want one, after a redirect. */
class FirstTlsOnEventLoopTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** A process that has used no TLS before; it writes the outcome of its call into a file. */
    static final class Redirected {

        private Redirected() {}

        public static void main(String[] args) throws IOException {
            BlockHound.install();
            String outcome;
            try (ApiClient client = ApiClient.builder(VendorSpec.generic("api", URI.create(args[0])))
                    .retry(RetryPolicy.standard().withMaxAttempts(1))
                    .build()) {
                client.execute(ApiRequest.get("old").followRedirects(1)).block(PATIENCE);
                outcome = "success";
            } catch (ApiException e) {
                outcome = e.kind() + ": " + e.getMessage() + " " + e.getCause();
            }
            Files.writeString(Path.of(args[1]), outcome);
        }
    }

    @TempDir
    Path directory;

    @Test
    void loadsTlsOffTheEventLoop() throws IOException, InterruptedException {
        try (HeldPort closed = HeldPort.take();
                RawServer server = RawServer.start(peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 302 Found\r\nlocation: https://127.0.0.1:" + closed.number()
                            + "/new\r\ncontent-length: 0\r\n\r\n");
                    peer.silence();
                })) {
            Path outcome = directory.resolve("outcome");
            ChildJvm.run(
                    PATIENCE,
                    List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+AllowRedefinitionToAddDeleteMethods"),
                    Redirected.class,
                    "http://" + server.authority() + "/",
                    outcome.toString());
            assertThat(Files.readString(outcome)).startsWith("CONNECT: ");
        }
    }
}
