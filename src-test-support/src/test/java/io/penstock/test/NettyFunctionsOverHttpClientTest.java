package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.transport.ConnectionOptions;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

@ExtendWith(OverHttpClient.class)
class NettyFunctionsOverHttpClientTest extends NettyFunctionsTest {

    @Override
    ConnectionOptions from(String address) {
        return ConnectionOptions.standard().withHttpClient(http -> {
            applied.incrementAndGet();
            return http.bindAddress(() -> new InetSocketAddress(address, 0));
        });
    }

    @Override
    ConnectionOptions andAnother(ConnectionOptions options) {
        return options.withHttpClient(http -> {
            applied.incrementAndGet();
            return http;
        });
    }

    @Override
    ConnectionOptions failing() {
        return ConnectionOptions.standard().withHttpClient(http -> {
            throw new IllegalStateException("a function that throws");
        });
    }

    @Test
    void refusesClientOverAnotherPool() {
        ConnectionOptions options = ConnectionOptions.standard()
                .withHttpClient(http -> HttpClient.create(ConnectionProvider.newConnection()));

        assertThatThrownBy(() -> client("http://127.0.0.1:9", b -> b.connections(options)))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageStartingWith("httpClient: the function returns a client over another pool");
    }
}
