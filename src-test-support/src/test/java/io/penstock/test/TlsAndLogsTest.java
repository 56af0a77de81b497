package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.penstock.ApiException;
import io.penstock.ApiRequest;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Retryability;
import io.penstock.envelope.Payload;
import io.penstock.test.simulator.Fault;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What may not be trusted, and what may not be logged. */
class TlsAndLogsTest extends ClientOverSockets {

    private static final char[] STORE_PASSWORD = "changeit".toCharArray();

    @Test
    void aCertificateThatNobodyVouchesForIsRefusedOnceAndNothingIsSent(@TempDir Path directory) throws Exception {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .secure(ssl -> ssl.sslContext(selfSigned(directory)))
                .handle((request, response) -> response.sendString(Mono.just("{}")))
                .bindNow();
        try {
            ApiException failure = failureOf(
                    client(b -> b.baseUri("https://127.0.0.1:" + server.port())).value(ApiRequest.get("usage")));

            assertThatObject(failure.kind()).isEqualTo(ErrorKind.TLS);
            assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
            assertThat(failure.retryability()).isEqualTo(Retryability.PERMANENT);
            assertThat(failure.journey().attempts()).hasSize(1);
        } finally {
            server.disposeNow();
        }
    }

    private static SslContext selfSigned(Path directory) {
        try {
            Path store = directory.resolve("server.p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "server",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "SAN=ip:127.0.0.1",
                            "-keystore",
                            store.toString(),
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            new String(STORE_PASSWORD))
                    .redirectErrorStream(true)
                    .start();
            assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, STORE_PASSWORD);
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, STORE_PASSWORD);
            return SslContextBuilder.forServer(factory)
                    .sslProvider(SslProvider.JDK)
                    .build();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void noLogHoldsTheSecretWhateverItsLevel() {
        PrintStream console = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            simulator.faults().next(Fault.resetBeforeRequestActs(), Fault.status(503), Fault.garbage());
            client().value(ApiRequest.get("usage")).block(PATIENCE);
            failureOf(client().value(ApiRequest.get("scans/none").as(Payload.none())));
        } finally {
            System.setErr(console);
        }

        String text = log.toString(StandardCharsets.UTF_8);
        assertThat(text).as("the log is on").contains("reactor.netty");
        assertThat(text.contains(simulator.secret()))
                .as("the secret is in the log")
                .isFalse();
    }
}
