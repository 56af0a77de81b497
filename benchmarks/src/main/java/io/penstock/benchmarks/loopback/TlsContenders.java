package io.penstock.benchmarks.loopback;

import io.netty.handler.ssl.SslProvider;
import io.penstock.benchmarks.loopback.Contenders.Entry;
import java.util.List;
import java.util.Objects;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.AbstractProtocolSslContextSpec;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/**
 * Reactor Netty by protocol and TLS provider, with a new connection for every call or with kept connections, and
 * Penstock with its defaults.
 */
final class TlsContenders {

    /** Contenders with a handshake for every call. */
    static final List<Entry> HANDSHAKES =
            List.of(handshakes("HTTP/1.1, JDK", SslProvider.JDK), handshakes("HTTP/1.1, OpenSSL", SslProvider.OPENSSL));

    /** Contenders with kept connections: one for each caller with HTTP/1.1, one for all callers with HTTP/2. */
    static final List<Entry> KEPT = List.of(
            new Entry("Penstock, HTTP/1.1, JDK", PenstockContender::new),
            kept("HTTP/1.1, JDK", HttpProtocol.HTTP11, SslProvider.JDK),
            kept("HTTP/1.1, OpenSSL", HttpProtocol.HTTP11, SslProvider.OPENSSL),
            kept("HTTP/2, JDK", HttpProtocol.H2, SslProvider.JDK),
            kept("HTTP/2, OpenSSL", HttpProtocol.H2, SslProvider.OPENSSL));

    private TlsContenders() {}

    private static Entry handshakes(String name, SslProvider provider) {
        return new Entry(
                "Reactor Netty, new connections, " + name,
                target -> new TunedReactorNettyContender(
                        target,
                        secure(
                                HttpClient.create(ConnectionProvider.newConnection())
                                        .keepAlive(false),
                                HttpProtocol.HTTP11,
                                provider,
                                target)));
    }

    private static Entry kept(String name, HttpProtocol protocol, SslProvider provider) {
        return new Entry("Reactor Netty, " + name, target -> {
            int connections = protocol == HttpProtocol.H2 ? 1 : target.connections();
            HttpClient client = HttpClient.create(ConnectionProvider.create("loopback", connections));
            return new TunedReactorNettyContender(target, secure(client, protocol, provider, target));
        });
    }

    private static HttpClient secure(HttpClient client, HttpProtocol protocol, SslProvider provider, Target target) {
        AbstractProtocolSslContextSpec<?> context =
                protocol == HttpProtocol.H2 ? Http2SslContextSpec.forClient() : Http11SslContextSpec.forClient();
        context.configure(builder -> builder.sslProvider(provider)
                .trustManager(Objects.requireNonNull(target.trusted()).toFile()));
        GenericSslContextSpec<?> generic = context; // the other overload is deprecated
        return client.protocol(protocol).secure(ssl -> ssl.sslContext(generic));
    }
}
