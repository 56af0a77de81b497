package io.penstock.test;

import static io.penstock.error.Certainty.NOT_SENT;
import static io.penstock.error.Retryability.TRANSIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HostResolver;
import io.penstock.transport.ProxyOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/** Addresses of hosts from a source of the user's. */
class HostResolverTest extends FailureTable {

    private static final Told NOT_RESOLVED =
            new Told(ErrorKind.CONNECT, null, NOT_SENT, TRANSIENT, "host name not resolved", 2, 2);

    private static final RawServer.Script SERVE = peer -> {
        for (; ; ) {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 1}");
        }
    };

    private final List<String> asked = new CopyOnWriteArrayList<>();

    private ApiClient resolving(String baseUri, HostResolver resolver) {
        return resolving(baseUri, ConnectionOptions.standard(), resolver);
    }

    private ApiClient resolving(String baseUri, ConnectionOptions options, HostResolver resolver) {
        return client(
                baseUri,
                b -> b.connections(options.withResolver(host -> {
                    asked.add(host);
                    return resolver.resolve(host);
                })));
    }

    private RawServer serving() {
        return server(SERVE);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nothing listens at the first address, and the second one is of the other family. */
    @Test
    void triesAddressesInOrderUntilOneAccepts() {
        RawServer server = serving();
        ApiClient client = resolving(
                "http://API.invalid:" + server.port(),
                host -> Mono.just(List.of(address("127.0.0.2"), address("::1"), address("127.0.0.1"))));

        assertThat(client.value(request(Method.POST)).block(PATIENCE)).hasToString("{\"n\":1}");

        assertThat(asked).containsExactly("api.invalid");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void triesNextAddressAfterOneThatDoesNotAnswer() throws IOException {
        RawServer server = serving();
        List<SocketChannel> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(server.port(), 1, address("127.0.0.2"))) {
            NoConnectionTest.fill(full, fillers);
            ApiClient client = resolving(
                    "http://api.invalid:" + server.port(),
                    ConnectionOptions.standard().withConnectTimeout(Duration.ofSeconds(1)),
                    host -> Mono.just(List.of(address("127.0.0.2"), address("127.0.0.1"))));

            assertThat(client.value(request(Method.POST)).block(PATIENCE)).hasToString("{\"n\":1}");
        } finally {
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    /** A connection outlives a change of address by its life at most, however busy it is. */
    @Test
    void followsChangedAddressOnceConnectionsAreTooOld() {
        RawServer before = serving();
        RawServer after =
                watched(RawServer.start(ServerSocketFactory.getDefault(), address("127.0.0.2"), before.port(), SERVE));
        AtomicReference<InetAddress> current = new AtomicReference<>(address("127.0.0.1"));
        ApiClient client = resolving(
                "http://api.invalid:" + before.port(),
                ConnectionOptions.standard().withMaxLife(Duration.ofSeconds(1)),
                host -> Mono.just(List.of(current.get())));
        assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");

        current.set(address("127.0.0.2"));

        Eventually.until(() -> {
            client.value(request(Method.GET)).block(PATIENCE);
            return after.requests() > 0;
        });
        assertThat(asked).hasSizeGreaterThanOrEqualTo(2);
        Eventually.until(() -> before.open() == 0);
    }

    @Test
    void isNotAskedForAddresses() {
        RawServer server = serving();

        assertThat(resolving("http://" + server.authority(), host -> Mono.error(new IllegalStateException(host)))
                        .value(request(Method.GET))
                        .block(PATIENCE))
                .hasToString("{\"n\":1}");
        assertThat(asked).isEmpty();
    }

    @Test
    void isAskedForHostOfProxyOnly() {
        RawServer server = serving();
        RawServer proxy = server(TestProxy.http(server, null));
        ConnectionOptions options =
                ConnectionOptions.standard().withProxy(ProxyOptions.http("proxy.invalid", proxy.port()));

        assertThat(resolving("http://api.invalid", options, host -> Mono.just(List.of(address("127.0.0.1"))))
                        .value(request(Method.GET))
                        .block(PATIENCE))
                .hasToString("{\"n\":1}");
        assertThat(asked).containsExactly("proxy.invalid");
    }

    static Stream<HostResolver> failing() {
        return Stream.of(
                host -> Mono.empty(),
                host -> Mono.just(List.of()),
                host -> Mono.error(new IOException("registry not reachable")),
                host -> Mono.never(),
                host -> {
                    throw new IllegalStateException("a resolver that throws");
                });
    }

    @ParameterizedTest
    @MethodSource("failing")
    void reportsHostWithoutAddressAsNotResolved(HostResolver resolver) {
        ConnectionOptions options = ConnectionOptions.standard().withConnectTimeout(Duration.ofMillis(300));

        assertTold(
                failureOf(resolving("http://api.invalid", options, resolver).value(request(Method.POST))),
                NOT_RESOLVED);
        assertThat(asked).hasSize(2);
    }
}
