package io.penstock.test;

import static io.penstock.error.Certainty.NOT_SENT;
import static io.penstock.error.Retryability.PERMANENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.OpenSsl;
import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.transport.ClientCertificate;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.TlsEngine;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pinned keys, the name that a server is asked for, certificates that are replaced, and the implementations of TLS. */
class TlsOptionsTest extends FailureTable {

    private static final RawServer.Script SERVE = peer -> {
        for (; ; ) {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}");
        }
    };

    private static final String LOCAL = "127.0.0.1";

    @TempDir
    private static Path directory;

    private static TestCertificate ofServer;
    private static TestCertificate issued;
    private static TestCertificate named;
    private static TestCertificate ofClient;

    @BeforeAll
    static void makeCertificates() throws IOException {
        ofServer = TestCertificate.of(Files.createDirectory(directory.resolve("server")), "ip:" + LOCAL);
        issued = TestCertificate.issued(Files.createDirectory(directory.resolve("issued")), "ip:" + LOCAL);
        named = TestCertificate.of(Files.createDirectory(directory.resolve("named")), "dns:api.invalid");
        ofClient = TestCertificate.of(Files.createDirectory(directory.resolve("client")), "dns:client");
    }

    private RawServer serving(TestCertificate certificate) {
        return watched(RawServer.start(certificate.server().getServerSocketFactory(), SERVE));
    }

    private ApiClient client(RawServer server, ConnectionOptions options) {
        return client("https://" + server.authority(), b -> b.connections(options));
    }

    private static ConnectionOptions trusting(TestCertificate certificate) {
        return ConnectionOptions.standard().withTrusted(List.of(certificate.authority()));
    }

    private static String pin(X509Certificate certificate) {
        try {
            return "sha256/"
                    + Base64.getEncoder()
                            .encodeToString(MessageDigest.getInstance("SHA-256")
                                    .digest(certificate.getPublicKey().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TlsEngine usable(TlsEngine engine) {
        assumeTrue(
                engine == TlsEngine.JDK || OpenSsl.isAvailable(),
                "netty-tcnative is not on the class path for this machine");
        return engine;
    }

    private static void assertAnswered(ApiClient client) {
        assertThat(client.value(request(Method.POST)).block(PATIENCE)).hasToString("{\"n\":1}");
    }

    private static Told refusal(String message) {
        return new Told(ErrorKind.TLS, null, NOT_SENT, PERMANENT, message, 1, 1);
    }

    private static void assertMismatch(ApiException failure, String presented) {
        assertTold(failure, refusal("the certificates of 127.0.0.1 have none of the pinned keys, but " + presented));
        assertThat(failure.remedy()).contains("ConnectionOptions.withPins");
    }

    @Test
    void acceptsServerWithOneOfPinnedKeys() {
        ConnectionOptions options =
                trusting(ofServer).withPins(LOCAL, pin(ofClient.certificate()), pin(ofServer.certificate()));
        ApiClient client = client(serving(ofServer), options);

        assertAnswered(client);

        assertThat(client.inspect().explain(request(Method.GET))).contains("127.0.0.1 " + pin(ofServer.certificate()));
    }

    @Test
    void acceptsPinnedKeyOfAuthority() {
        assertAnswered(client(serving(issued), trusting(issued).withPins(LOCAL, pin(issued.authority()))));
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void reportsServerWithoutPinnedKey(TlsEngine engine) {
        RawServer server = serving(issued);
        ConnectionOptions options =
                trusting(issued).withPins(LOCAL, pin(ofServer.certificate())).withTlsEngine(usable(engine));

        ApiException failure = failureOf(client(server, options).value(request(Method.POST)));

        assertMismatch(failure, pin(issued.certificate()) + ", " + pin(issued.authority()));
        assertThat(failure.journey().attempts()).hasSize(1);
        assertThat(server.requests()).isZero();
    }

    @Test
    void reportsUntrustedServerWithPinnedKey() {
        ConnectionOptions options = trusting(ofClient).withPins(LOCAL, pin(ofServer.certificate()));

        assertTold(
                failureOf(client(serving(ofServer), options).value(request(Method.POST))),
                refusal("the server's certificate is not trusted"));
    }

    @Test
    void doesNotAskOtherHostsForPinnedKey() {
        assertAnswered(
                client(serving(ofServer), trusting(ofServer).withPins("api.invalid", pin(ofClient.certificate()))));
    }

    /** A key manager that sends these certificates, and remembers the names that it is asked for. */
    private static final class Sending extends X509ExtendedKeyManager {
        private final PrivateKey key;
        private final X509Certificate[] chain;
        private final List<String> names = new CopyOnWriteArrayList<>();

        Sending(PrivateKey key, X509Certificate... chain) {
            this.key = key;
            this.chain = chain;
        }

        RawServer start() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(new KeyManager[] {this}, null, null);
                return RawServer.start(context.getServerSocketFactory(), SERVE);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public @Nullable String chooseServerAlias(String type, Principal[] issuers, java.net.Socket socket) {
            if (((SSLSocket) socket).getHandshakeSession() instanceof ExtendedSSLSession session) {
                session.getRequestedServerNames().forEach(name -> names.add(((SNIHostName) name).getAsciiName()));
            }
            return type.startsWith("EC") ? "server" : null;
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {"server"};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal[] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, java.net.Socket socket) {
            return null;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            return null;
        }
    }

    /** Anybody can send the certificate of an authority along. */
    @Test
    void doesNotCountCertificateThatHasSignedNothing() {
        Sending sending = new Sending(ofServer.key(), ofServer.certificate(), issued.authority());
        ConnectionOptions options = trusting(ofServer).withPins(LOCAL, pin(issued.authority()));

        ApiException failure =
                failureOf(client(watched(sending.start()), options).value(request(Method.POST)));

        assertMismatch(failure, pin(ofServer.certificate()));
        assertThat(failure).hasMessageNotContaining(pin(issued.authority()));
    }

    @Test
    void asksForServerNameAndVerifiesIt() {
        Sending sending = new Sending(named.key(), named.certificate());
        RawServer server = watched(sending.start());

        assertTold(
                failureOf(client(server, trusting(named)).value(request(Method.POST))),
                refusal("the server's certificate is not made out to this host"));
        assertTold(
                failureOf(client(server, trusting(named).withServerName("other.invalid"))
                        .value(request(Method.POST))),
                refusal("the server's certificate is not made out to this host"));
        assertAnswered(client(server, trusting(named).withServerName("API.invalid")));

        assertThat(sending.names).contains("other.invalid", "api.invalid").doesNotContain(LOCAL);
    }

    private RawServer insisting(TestCertificate accepted) {
        SSLContext context = ofServer.server(accepted);
        return watched(RawServer.start(
                new SocketsOf(context.getServerSocketFactory()) {
                    @Override
                    void prepare(ServerSocket made) {
                        ((SSLServerSocket) made).setNeedClientAuth(true);
                    }
                },
                SERVE));
    }

    private static void replace(Path file, String content) throws IOException {
        Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), content);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void showsClientCertificateThatHasTakenPlaceOfAnother(TlsEngine engine, @TempDir Path elsewhere)
            throws IOException, GeneralSecurityException {
        Path certificates = Files.writeString(elsewhere.resolve("client.pem"), issued.pem());
        Path key = Files.writeString(elsewhere.resolve("key.pem"), issued.keyPem());
        RawServer server = insisting(ofClient);
        ApiClient client = client(
                server,
                trusting(ofServer)
                        .withClientCertificate(ClientCertificate.ofPem(certificates, key))
                        .withTlsEngine(usable(engine)));
        assertTold(
                failureOf(client.value(request(Method.POST))),
                refusal("it does not accept the client certificate (CN=localhost"));

        try (LogCapture logs = LogCapture.of("io.penstock.tls").start()) {
            replace(certificates, ofClient.pem());
            Eventually.asserted(() -> {
                failureOf(client.value(request(Method.POST)));
                assertThat(logs.text())
                        .contains("changed certificates cannot be used, the former ones stay in use: clientCertificate:"
                                + " the private key is not that of the certificate");
            });
            replace(key, ofClient.keyPem());
            Eventually.asserted(() -> assertThatCode(
                            () -> client.value(request(Method.POST)).block(PATIENCE))
                    .doesNotThrowAnyException());
            assertThat(logs.text()).contains("certificates have changed").doesNotContain("PRIVATE KEY");
        }
    }

    @Test
    void keepsConnectionsAndUsesNewTrustForNewOnes(@TempDir Path elsewhere)
            throws IOException, GeneralSecurityException {
        Path trusted = Files.writeString(elsewhere.resolve("trusted.pem"), ofServer.pem());
        RawServer server = serving(ofServer);
        RawServer other = serving(issued);
        ConnectionOptions options = ConnectionOptions.standard().withTrusted(trusted);
        ApiClient client = client(server, options);
        assertAnswered(client);
        Connections.awaitReturn(client);

        try (LogCapture logs = LogCapture.of("io.penstock.tls").start()) {
            replace(trusted, ofServer.pem().substring(0, 100));
            Eventually.asserted(() -> {
                assertAnswered(client);
                Connections.awaitReturn(client); // over HttpClient it comes after the answer
                assertThat(logs.text()).contains("trusted.pem breaks off inside a CERTIFICATE");
            });
            replace(
                    trusted,
                    TestCertificate.pem("CERTIFICATE", issued.authority().getEncoded()));
            Eventually.asserted(() -> {
                assertAnswered(client);
                Connections.awaitReturn(client);
                assertThat(logs.text()).contains("certificates have changed; trusts 1 certificates of its own");
            });
        }

        assertThat(server.connections()).isEqualTo(1);
        assertAnswered(client(other, options));
    }

    @Test
    void acceptsFactoriesOfFrameworks() throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(ofClient.keys(), TestCertificate.PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(issued.keys());
        X509ExtendedTrustManager manager = (X509ExtendedTrustManager) trust.getTrustManagers()[0];
        ConnectionOptions options =
                ConnectionOptions.standard().withTrusted(manager).withClientCertificate(ClientCertificate.of(keys));

        assertAnswered(client(serving(issued), options));
        assertTold(
                failureOf(client(serving(ofServer), options).value(request(Method.POST))),
                refusal("the server's certificate is not trusted"));
        KeyManagerFactory unready = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        assertThatThrownBy(() -> ClientCertificate.of(unready))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("the factory has no key manager");
    }

    @Test
    void negotiatesWithContextOfApplication() throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(ofClient.keys(), TestCertificate.PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(named.keys());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        ConnectionOptions options = ConnectionOptions.standard().withSslContext(context);
        RawServer insisting = insisting(ofClient);

        assertTold(
                failureOf(client(serving(issued), options).value(request(Method.POST))),
                refusal("the server's certificate is not trusted"));
        assertTold(
                failureOf(client(serving(named), options).value(request(Method.POST))),
                refusal("the server's certificate is not made out to this host"));
        assertThatThrownBy(() -> options.withClientCertificate(ClientCertificate.of(keys)))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("sslContext: given beside clientCertificate");

        trust.init(ofServer.keys());
        context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        assertAnswered(client(insisting, ConnectionOptions.standard().withSslContext(context)));
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void reportsFailuresAlikeWithEitherEngine(TlsEngine engine) throws IOException {
        TestCertificate expired =
                TestCertificate.expired(Files.createDirectory(directory.resolve("expired-" + engine)), "ip:" + LOCAL);
        RawServer server = insisting(ofClient);

        assertTold(
                failureOf(client(server, trusting(ofServer).withTlsEngine(usable(engine)))
                        .value(request(Method.POST))),
                refusal("it wants a client certificate"));
        assertTold(
                failureOf(client(serving(expired), trusting(expired).withTlsEngine(usable(engine)))
                        .value(request(Method.POST))),
                refusal("the server's certificate has expired"));
        assertTold(
                failureOf(client(serving(ofServer), trusting(ofClient).withTlsEngine(usable(engine)))
                        .value(request(Method.POST))),
                refusal("the server's certificate is not trusted"));
        assertTold(
                failureOf(client(serving(named), trusting(named).withTlsEngine(usable(engine)))
                        .value(request(Method.POST))),
                refusal("the server's certificate is not made out to this host"));
        assertThat(server.requests()).isZero();
    }
}
