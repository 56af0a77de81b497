package io.penstock.test;

import static io.penstock.error.Certainty.NOT_SENT;
import static io.penstock.error.Retryability.PERMANENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.transport.ClientCertificate;
import io.penstock.transport.ConnectionOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that ask for a certificate, the certificates of servers, and the files that certificates are read from. */
class ClientCertificatesTest extends FailureTable {

    private static final RawServer.Script SERVE = peer -> {
        for (; ; ) {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}");
        }
    };

    /** Made by {@code openssl req -x509} and {@code openssl pkcs8 -topk8 -v2 aes-256-cbc}, with the password "pass". */
    private static final String FIXTURE = """
            -----BEGIN CERTIFICATE-----
            MIIBfDCCASGgAwIBAgIUF3RNgCUGn8PWI2qth5srjCOf9TowCgYIKoZIzj0EAwIw
            EjEQMA4GA1UEAwwHZml4dHVyZTAgFw0yNjExMzAyMzQzMjhaGA8yMTI2MTEwNjIz
            NDMyOFowEjEQMA4GA1UEAwwHZml4dHVyZTBZMBMGByqGSM49AgEGCCqGSM49AwEH
            A0IABKrlDUxyGjBmIFQdH1CSrnQpN9dEhIDmcL4RaPZpUuIiAF0ik7G55ZM6+l1V
            g9Y56WHZsjdU2eaqcgciNcPbIo2jUzBRMB0GA1UdDgQWBBRUFphuoPZyywWbWkKC
            jd/4jbzJoTAfBgNVHSMEGDAWgBRUFphuoPZyywWbWkKCjd/4jbzJoTAPBgNVHRMB
            Af8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCHsm76Sx8/w5CUDEPdJaX+eJh0
            sY/gsfSBSRMh/ZSaCwIhAKcqzD/B1ANtX0gsDhgbJrFPu/jmsMuVG1Q9/1X/K+7/
            -----END CERTIFICATE-----
            """;

    private static final String ENCRYPTED = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjHO/YcIzzpewICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEHgv9PyE8+dEtjqgs0d4Sb8EgZAS
            GgMzaV44qNpAf3+3Na5dkTtsR/7SA0ysD5CufgOshZGgIAukfUWC8kZFTgiz6u9u
            WqhG9gEtACVDieIRVe7POlTlkJTvZOsPUsO1FncIUyWjN6I7ht//18K1nK7T5xgz
            bCxhSZUsdVx3FSpup/sOCbGSG5Ff+P2h9y7QFsxvM1t8P4adayyZzqFtV5J+Rdo=
            -----END ENCRYPTED PRIVATE KEY-----
            """;

    @TempDir
    private static Path directory;

    private static TestCertificate ofServer;
    private static TestCertificate ofClient;
    private static TestCertificate ofAnother;

    @BeforeAll
    static void makeCertificates() throws IOException {
        ofServer = TestCertificate.of(Files.createDirectory(directory.resolve("server")), "ip:127.0.0.1");
        ofClient = TestCertificate.of(Files.createDirectory(directory.resolve("client")), "dns:client");
        ofAnother = TestCertificate.of(Files.createDirectory(directory.resolve("another")), "dns:another");
    }

    /** Sockets of a server that speaks one version of TLS and insists on a certificate of its clients. */
    private static final class Insisting extends ServerSocketFactory {
        private final String protocol;

        Insisting(String protocol) {
            this.protocol = protocol;
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address)
                throws IOException {
            SSLServerSocket made = (SSLServerSocket)
                    ofServer.server(ofClient).getServerSocketFactory().createServerSocket(port, backlog, address);
            made.setEnabledProtocols(new String[] {protocol});
            made.setNeedClientAuth(true);
            return made;
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return createServerSocket(port, 50);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return createServerSocket(port, backlog, null);
        }
    }

    private RawServer insisting(String protocol) {
        return watched(RawServer.start(new Insisting(protocol), SERVE));
    }

    private static ConnectionOptions trusting() {
        return ConnectionOptions.standard().withTrusted(List.of(ofServer.certificate()));
    }

    private static ClientCertificate certificate(TestCertificate of) {
        return ClientCertificate.of(of.key(), List.of(of.certificate()));
    }

    private ApiClient client(RawServer server, ConnectionOptions options) {
        return client("https://" + server.authority(), b -> b.connections(options));
    }

    private static Told refusal(String message) {
        return new Told(ErrorKind.TLS, null, NOT_SENT, PERMANENT, message, 1, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void showsCertificateToServerThatAsksForIt(String protocol) throws IOException, GeneralSecurityException {
        Path pem = Files.writeString(directory.resolve(protocol + ".pem"), ofClient.keyPem() + ofClient.pem());
        ClientCertificate read = ClientCertificate.ofPem(pem, pem);
        ApiClient client = client(insisting(protocol), trusting().withClientCertificate(read));

        assertThat(client.value(request(Method.POST)).block(PATIENCE)).hasToString("{\"n\":1}");

        assertThat(client.inspect().explain(request(Method.GET)))
                .contains("client certificate CN=localhost, valid until 20");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void reportsServerThatWantsCertificate(String protocol) {
        RawServer server = insisting(protocol);

        ApiException failure = failureOf(client(server, trusting()).value(request(Method.POST)));

        // From JDK 25 on, a server of TLS 1.2 says handshake_failure, which leaves other reasons open.
        assertTold(failure, refusal("want"));
        assertThat(failure).hasMessageContaining("a client certificate");
        assertThat(failure.remedy()).contains("ConnectionOptions.withClientCertificate");
        assertThat(failure.journey().attempts()).hasSize(1);
        assertThat(server.requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void reportsServerThatDoesNotAcceptCertificate(String protocol) {
        RawServer server = insisting(protocol);

        ApiException failure = failureOf(client(server, trusting().withClientCertificate(certificate(ofAnother)))
                .value(request(Method.POST)));

        assertTold(failure, refusal("it does not accept the client certificate (CN=localhost, valid until"));
        assertThat(failure.remedy()).contains("neither expired nor revoked");
        assertThat(server.requests()).isZero();
    }

    @Test
    void reportsServerWithoutCommonProtocol() {
        ApiException failure = failureOf(client(insisting("TLSv1.2"), trusting().withProtocols("TLSv1.3"))
                .value(request(Method.GET)));

        assertTold(failure, refusal("refused the TLS handshake with the alert "));
        assertThat(failure.remedy()).contains("withProtocols");
    }

    @Test
    void reportsExpiredCertificateOfServer(@TempDir Path elsewhere) {
        TestCertificate expired = TestCertificate.expired(elsewhere, "ip:127.0.0.1");
        RawServer server = watched(RawServer.start(expired.server().getServerSocketFactory(), SERVE));

        ApiException failure =
                failureOf(client(server, ConnectionOptions.standard().withTrusted(List.of(expired.authority())))
                        .value(request(Method.GET)));

        assertTold(failure, refusal("the server's certificate has expired"));
        assertThat(failure.remedy()).contains("the clock of this machine");
    }

    @Test
    void readsCertificatesOfKeyStores() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", ofServer.certificate());
        ConnectionOptions options = ConnectionOptions.standard()
                .withTrusted(trusted)
                .withClientCertificate(ClientCertificate.of(ofClient.keys(), Secret.of(TestCertificate.PASSWORD)))
                .withProtocols("TLSv1.3")
                .withCiphers("TLS_AES_128_GCM_SHA256");

        assertThat(client(insisting("TLSv1.3"), options)
                        .value(request(Method.GET))
                        .block(PATIENCE))
                .hasToString("{\"n\":1}");
        assertThatThrownBy(() -> ClientCertificate.of(ofClient.keys(), Secret.of("wrong")))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("the key store cannot be used");
        assertThatThrownBy(() -> ClientCertificate.of(trusted, Secret.of("any")))
                .hasMessageContaining("has no key with a certificate");
        assertThatThrownBy(() -> ConnectionOptions.standard().withTrusted(ofClient.keys()))
                .hasMessageContaining("trusted: no certificate");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusesProtocolsAndCiphersThatPlatformLacks(boolean ciphers) {
        ConnectionOptions options =
                ciphers ? trusting().withCiphers("TLS_NO_SUCH") : trusting().withProtocols("TLSv9");

        assertThatThrownBy(() -> client("https://127.0.0.1", b -> b.connections(options)))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("that the platform does not support")
                .hasMessageContaining(ciphers ? "TLS_NO_SUCH" : "TLSv9");
    }

    private static String half(String pem) {
        return pem.substring(0, pem.length() / 2);
    }

    static Stream<Arguments> unusableFiles() throws IOException, GeneralSecurityException {
        String pem = ofClient.pem();
        String key = ofClient.keyPem();
        return Stream.of(
                Arguments.of(half(pem), key, "breaks off inside a CERTIFICATE (expected: its END line)"),
                Arguments.of(pem + half(pem), key, "breaks off inside a CERTIFICATE"),
                Arguments.of(pem, half(key), "breaks off inside a PRIVATE KEY"),
                Arguments.of(pem, pem, "has 0 private keys (expected: one, in PEM form)"),
                Arguments.of(pem, key + key, "has 2 private keys"),
                Arguments.of(pem, "", "has 0 private keys"),
                Arguments.of(key, key, "has no certificate"),
                Arguments.of("", key, "has no certificate"),
                Arguments.of(pem.replace("MI", "*!"), key, "has a CERTIFICATE that is no base64"),
                Arguments.of(TestCertificate.pem("CERTIFICATE", new byte[40]), key, "certificate that cannot be read"),
                Arguments.of(pem, TestCertificate.pem("PRIVATE KEY", new byte[40]), "has a key that cannot be read"),
                Arguments.of(pem, key.replace("PRIVATE KEY", "EC PRIVATE KEY"), "openssl pkcs8 -topk8"),
                Arguments.of(pem, ofAnother.keyPem(), "the private key is not that of the certificate of CN=localhost"),
                Arguments.of(FIXTURE, ENCRYPTED, "has an encrypted key (expected: its password"));
    }

    @ParameterizedTest
    @MethodSource("unusableFiles")
    void refusesUnusableFiles(String certificates, String key, String message, @TempDir Path elsewhere)
            throws IOException {
        Path first = Files.writeString(elsewhere.resolve("cert.pem"), certificates);
        Path second = Files.writeString(elsewhere.resolve("key.pem"), key);

        assertThatThrownBy(() -> ClientCertificate.ofPem(first, second))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageStartingWith("clientCertificate: ")
                .hasMessageContaining(message)
                .hasMessageContaining("expected: ");
    }

    @Test
    void readsEncryptedKey(@TempDir Path elsewhere) throws IOException {
        Path certificates = Files.writeString(elsewhere.resolve("cert.pem"), FIXTURE);
        Path key = Files.writeString(elsewhere.resolve("key.pem"), ENCRYPTED);

        assertThat(ClientCertificate.ofPem(certificates, key, Secret.of("pass")).toString())
                .startsWith("CN=fixture, valid until 21");
        assertThatThrownBy(() -> ClientCertificate.ofPem(certificates, key, Secret.of("wrong")))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("key.pem cannot be decrypted")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void refusesHalfOfTrustedCertificates(@TempDir Path elsewhere) throws IOException, GeneralSecurityException {
        Path file = Files.writeString(elsewhere.resolve("ca.pem"), ofServer.pem() + half(ofClient.pem()));

        assertThatThrownBy(() -> ConnectionOptions.standard().withTrusted(file))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage("trusted: " + file + " breaks off inside a CERTIFICATE (expected: its END line)");
    }
}
