package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ApiClient;
import io.penstock.http.Method;
import io.penstock.transport.ConnectionOptions;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Functions of the user over Reactor Netty's clients. */
class NettyFunctionsTest extends FailureTable {

    final AtomicInteger applied = new AtomicInteger();
    private final List<String> clients = new CopyOnWriteArrayList<>();

    /** Returns options whose function lets connections begin at an address. */
    ConnectionOptions from(String address) {
        return ConnectionOptions.standard().withTcp(tcp -> {
            applied.incrementAndGet();
            return tcp.bindAddress(() -> new InetSocketAddress(address, 0));
        });
    }

    /** Returns options with another function that changes nothing, after these. */
    ConnectionOptions andAnother(ConnectionOptions options) {
        return options.withTcp(tcp -> {
            applied.incrementAndGet();
            return tcp;
        });
    }

    /** Returns options with a function that fails. */
    ConnectionOptions failing() {
        return ConnectionOptions.standard().withTcp(tcp -> {
            throw new IllegalStateException("a function that throws");
        });
    }

    private RawServer remembering() {
        return server(peer -> {
            clients.add(peer.remoteAddress());
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\n{\"n\": 1}");
        });
    }

    private ApiClient client(RawServer server, ConnectionOptions options) {
        return client("http://" + server.authority(), b -> b.connections(options));
    }

    @Test
    void connectsFromAddressThatFunctionSets() {
        ApiClient client = client(remembering(), from("127.0.0.3"));

        for (int i = 0; i < 3; i++) {
            assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");
        }

        assertThat(clients).hasSize(3).containsOnly("127.0.0.3");
        assertThat(applied).as("not per call").hasValue(1);
    }

    @Test
    void appliesFunctionsInOrder() {
        ApiClient client = client(remembering(), andAnother(from("127.0.0.3")));

        assertThat(client.value(request(Method.GET)).block(PATIENCE)).hasToString("{\"n\":1}");

        assertThat(clients).containsExactly("127.0.0.3");
        assertThat(applied).hasValue(2);
    }

    @Test
    void reportsFunctionThatThrowsWhenClientIsBuilt() {
        assertThatThrownBy(() -> client(remembering(), failing()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a function that throws");
    }
}
