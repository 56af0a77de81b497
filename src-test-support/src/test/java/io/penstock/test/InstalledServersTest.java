package io.penstock.test;

import static io.penstock.error.Certainty.NOT_SENT;
import static io.penstock.error.Retryability.PERMANENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.ApiClient;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.transport.ClientCertificate;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import io.penstock.transport.ProxyOptions;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Proxies and servers that others have written, where they are installed: Debian's tinyproxy, nginx and haproxy. */
class InstalledServersTest extends FailureTable {

    private static final String PASSWORD = "s3cret-of-the-proxy";

    @TempDir
    private static Path directory;

    private static TestCertificate ofServer;
    private static TestCertificate ofClient;

    private final List<Process> started = new ArrayList<>();

    @BeforeAll
    static void makeCertificates() throws IOException {
        ofServer = TestCertificate.of(Files.createDirectory(directory.resolve("server")), "ip:127.0.0.1");
        ofClient = TestCertificate.of(Files.createDirectory(directory.resolve("client")), "dns:client");
    }

    @AfterEach
    void stopPrograms() throws InterruptedException {
        for (Process program : started) {
            program.destroy();
            program.waitFor();
        }
    }

    private static Path installed(String program) {
        Optional<Path> found = Stream.concat(
                        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
                        Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), program + " is not installed");
        return found.orElseThrow();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Starts a program and returns once it accepts connections. */
    private void start(int port, Path log, List<String> command) throws IOException {
        Process program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        started.add(program);
        Eventually.until(() -> !program.isAlive() || accepts(port));
        assertThat(program.isAlive())
                .as(() -> {
                    try {
                        return Files.readString(log);
                    } catch (IOException e) {
                        return String.valueOf(e);
                    }
                })
                .isTrue();
    }

    private static boolean accepts(int port) {
        try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return open.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static ConnectionOptions trusting() {
        return ConnectionOptions.standard().withTrusted(List.of(ofServer.certificate()));
    }

    private int startTinyproxy(Path folder) throws IOException {
        Path program = installed("tinyproxy");
        int port = freePort();
        Path configuration = Files.writeString(
                folder.resolve("tinyproxy.conf"),
                "Port %d%nListen 127.0.0.1%nTimeout 60%nMaxClients 20%nBasicAuth alice %s%n".formatted(port, PASSWORD));
        start(port, folder.resolve("log"), List.of(program.toString(), "-d", "-c", configuration.toString()));
        return port;
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void callsServerThroughTinyproxy(String scheme, @TempDir Path folder) throws IOException {
        ProxyOptions proxy = ProxyOptions.http("127.0.0.1", startTinyproxy(folder));
        RawServer.Script serve = peer -> {
            for (; ; ) {
                assertThat(peer.head()).doesNotContainIgnoringCase("proxy-");
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}");
            }
        };
        RawServer origin = scheme.equals("http")
                ? server(serve)
                : watched(RawServer.start(ofServer.server().getServerSocketFactory(), serve));
        String uri = scheme + "://" + origin.authority();
        ConnectionOptions options = trusting().withProxy(proxy.withCredentials("alice", Secret.of(PASSWORD)));

        ApiClient client = client(uri, b -> b.connections(options));

        for (int i = 0; i < 2; i++) {
            assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");
            Eventually.until(() -> client.inspect().connections().stream().anyMatch(pool -> pool.idle() == 1));
        }
        assertThat(origin.connections()).isEqualTo(1);
        assertTold(
                failureOf(client(uri, b -> b.connections(trusting().withProxy(proxy)))
                        .value(request(Method.POST))),
                new Told(ErrorKind.CONNECT, null, NOT_SENT, PERMANENT, "407: it asks for credentials", 1, 1));
    }

    private ApiClient client(int port, ConnectionOptions options) {
        return client("https://127.0.0.1:" + port, b -> b.connections(options));
    }

    /** Leaves out HTTP/2 where the transport does not speak it. */
    private static void assumeSpoken(HttpVersion version) {
        assumeTrue(
                version == HttpVersion.HTTP_1_1 || System.getProperty("penstock.transport") == null,
                "the transport over HttpClient speaks HTTP/1.1");
    }

    private static ConnectionOptions withCertificate() {
        return trusting().withClientCertificate(ClientCertificate.of(ofClient.key(), List.of(ofClient.certificate())));
    }

    private int startNginx(Path folder) throws IOException, GeneralSecurityException {
        Path program = installed("nginx");
        int port = freePort();
        Path certificate = Files.writeString(folder.resolve("server.pem"), ofServer.pem() + ofServer.keyPem());
        Path accepted = ofClient.pem(folder);
        Path configuration =
                Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                pid %1$s/pid;
                error_log stderr;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  keepalive_requests 20;
                  server {
                    listen 127.0.0.1:%2$d ssl http2;
                    ssl_certificate %3$s;
                    ssl_certificate_key %3$s;
                    ssl_client_certificate %4$s;
                    ssl_verify_client on;
                    location / { default_type application/json; return 200 '{"n": 1}'; }
                    location /protocol {
                      default_type application/json;
                      return 200 '{"protocol": "$server_protocol"}';
                    }
                  }
                }
                """.formatted(folder, port, certificate, accepted));
        start(
                port,
                folder.resolve("log"),
                List.of(program.toString(), "-e", "stderr", "-p", folder.toString(), "-c", configuration.toString()));
        return port;
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "NEGOTIATED"})
    void showsCertificateToNginx(HttpVersion version, @TempDir Path folder)
            throws IOException, GeneralSecurityException {
        assumeSpoken(version);
        int port = startNginx(folder);

        ApiClient client = client(port, withCertificate().withHttp(version));
        assertThat(client.value(request(Method.POST)).block(PATIENCE)).hasToString("{\"n\":1}");
        assertThat(client.value(ApiRequest.get("protocol")).block(PATIENCE))
                .hasToString(
                        "{\"protocol\":\"%s\"}".formatted(version == HttpVersion.HTTP_1_1 ? "HTTP/1.1" : "HTTP/2.0"));
        // nginx completes the handshake, and refuses the request
        assertThat(failureOf(client(port, trusting().withHttp(version)).value(request(Method.POST)))
                        .status())
                .isEqualTo(400);
    }

    /**
     * After 20 requests, nginx sends GOAWAY on HTTP/2, and {@code Connection: close} on HTTP/1.1. Of 32 calls that share a
     * connection it leaves 12, which may meet the same again on the next one.
     */
    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "NEGOTIATED"})
    void losesNoCallWhenNginxReplacesConnections(HttpVersion version, @TempDir Path folder)
            throws IOException, GeneralSecurityException {
        assumeSpoken(version);
        ConnectionOptions options = withCertificate().withHttp(version);
        ApiClient client = client(
                "https://127.0.0.1:" + startNginx(folder),
                b -> b.connections(options).retry(TWICE.withMaxAttempts(20)));

        assertThat(Flux.range(0, 500)
                        .flatMap(i -> client.value(request(Method.POST)), 32)
                        .count()
                        .block(PATIENCE))
                .isEqualTo(500);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "NEGOTIATED"})
    void showsCertificateToHaproxy(HttpVersion version, @TempDir Path folder)
            throws IOException, GeneralSecurityException {
        assumeSpoken(version);
        Path program = installed("haproxy");
        int port = freePort();
        Path certificate = Files.writeString(folder.resolve("server.pem"), ofServer.pem() + ofServer.keyPem());
        Path accepted = ofClient.pem(folder);
        Path configuration =
                Files.writeString(folder.resolve("haproxy.cfg"), """
                defaults
                  mode http
                  timeout client 30s
                  timeout server 30s
                  timeout connect 30s
                frontend api
                  bind 127.0.0.1:%d ssl crt %s ca-file %s verify required alpn h2,http/1.1
                  http-request return status 200 content-type application/json lf-string '{"version": "%%HV"}'
                """.formatted(port, certificate, accepted));
        start(port, folder.resolve("log"), List.of(program.toString(), "-db", "-f", configuration.toString()));

        assertThat(client(port, withCertificate().withHttp(version))
                        .value(request(Method.POST))
                        .block(PATIENCE))
                .hasToString(
                        "{\"version\":\"%s\"}".formatted(version == HttpVersion.HTTP_1_1 ? "HTTP/1.1" : "HTTP/2.0"));
        assertTold(
                failureOf(client(port, trusting().withHttp(version)).value(request(Method.POST))),
                new Told(ErrorKind.TLS, null, NOT_SENT, PERMANENT, "it wants a client certificate", 1, 1));
    }
}
