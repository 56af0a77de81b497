package io.penstock.transport.netty;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.transport.ProxyOptions;
import io.penstock.transport.ProxyOptions.Server;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/**
 * The name resolution of Reactor Netty's {@code HttpClient}, which finds the addresses of the proxy in place of those of
 * a server that is reached through it.
 */
final class ProxyResolver extends AddressResolverGroup<InetSocketAddress> {

    private final NameResolution names;
    private final ProxyOptions proxies;
    private final boolean secure;

    ProxyResolver(NameResolution names, ProxyOptions proxies, boolean secure) {
        this.names = names;
        this.proxies = proxies;
        this.secure = secure;
    }

    @Override
    public AddressResolver<InetSocketAddress> getResolver(EventExecutor executor) {
        return newResolver(executor);
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new Substituting(names.getResolver(executor));
    }

    private final class Substituting implements AddressResolver<InetSocketAddress> {
        private final AddressResolver<InetSocketAddress> names;

        Substituting(AddressResolver<InetSocketAddress> names) {
            this.names = names;
        }

        private SocketAddress substitute(SocketAddress address) {
            InetSocketAddress server = (InetSocketAddress) address;
            Server proxy = proxies.proxyFor(secure, server.getHostString(), server.getPort());
            return proxy == null ? server : InetSocketAddress.createUnresolved(proxy.host(), proxy.port());
        }

        @Override
        public boolean isSupported(SocketAddress address) {
            return names.isSupported(address);
        }

        @Override
        public boolean isResolved(SocketAddress address) {
            return names.isResolved(substitute(address));
        }

        @Override
        public Future<InetSocketAddress> resolve(SocketAddress address) {
            return names.resolve(substitute(address));
        }

        @Override
        public Future<InetSocketAddress> resolve(SocketAddress address, Promise<InetSocketAddress> promise) {
            return names.resolve(substitute(address), promise);
        }

        @Override
        public Future<List<InetSocketAddress>> resolveAll(SocketAddress address) {
            return names.resolveAll(substitute(address));
        }

        @Override
        public Future<List<InetSocketAddress>> resolveAll(
                SocketAddress address, Promise<List<InetSocketAddress>> promise) {
            return names.resolveAll(substitute(address), promise);
        }

        @Override
        public void close() {
            // the resolver belongs to all clients
        }
    }
}
