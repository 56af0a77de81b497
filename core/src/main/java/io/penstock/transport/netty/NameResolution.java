package io.penstock.transport.netty;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import io.penstock.transport.ClientResources;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HostResolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/**
 * The resolution of names: by Netty's DNS client, which all clients of the process share, or by a resolver of the user's.
 * An answer of DNS is kept for as long as it says, but no longer than a minute: a new connection goes to an address that
 * was valid within that time. Nothing is kept here for each event loop.
 */
final class NameResolution extends AddressResolverGroup<InetSocketAddress> {

    static final NameResolverProvider DNS = NameResolverProvider.builder()
            .cacheMaxTimeToLive(Duration.ofMinutes(1))
            .build();

    private static final AtomicReference<@Nullable Shared> SHARED = new AtomicReference<>();

    private final @Nullable ClientResources resources;
    private final @Nullable HostResolver custom;
    private final Duration limit;

    /** The DNS client for the event loops of the process, which may be replaced. */
    private record Shared(HttpResources resources, AddressResolverGroup<InetSocketAddress> group) {}

    /**
     * Creates the resolution of names.
     *
     * @param resources holds the DNS client; null for the one of the process
     */
    NameResolution(ConnectionOptions options, @Nullable ClientResources resources) {
        this.resources = resources;
        this.custom = options.connect().resolver();
        this.limit = options.connectTimeout();
    }

    private AddressResolverGroup<InetSocketAddress> dns() {
        return resources == null
                ? shared()
                : resources.names(loops -> DNS.newNameResolverGroup(loops, LoopResources.DEFAULT_NATIVE));
    }

    private static AddressResolverGroup<InetSocketAddress> shared() {
        HttpResources resources = HttpResources.get();
        Shared known = SHARED.get();
        while (known == null || known.resources != resources) {
            Shared made = new Shared(resources, DNS.newNameResolverGroup(resources, LoopResources.DEFAULT_NATIVE));
            if (SHARED.compareAndSet(known, made)) {
                if (known != null) {
                    known.group.close();
                }
                return made.group;
            }
            made.group.close();
            known = SHARED.get();
        }
        return known.group;
    }

    @Override
    public AddressResolver<InetSocketAddress> getResolver(EventExecutor executor) {
        return newResolver(executor);
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        HostResolver resolver = custom;
        return resolver == null
                ? dns().getResolver(executor)
                : new Custom(executor, resolver, limit).asAddressResolver();
    }

    /** A resolver of the user's, whose failures are all told as Netty's own. */
    private static final class Custom extends InetNameResolver {
        private final HostResolver resolver;
        private final Duration limit;

        Custom(EventExecutor executor, HostResolver resolver, Duration limit) {
            super(executor);
            this.resolver = resolver;
            this.limit = limit;
        }

        @Override
        protected void doResolve(String host, Promise<InetAddress> promise) {
            resolve(host, all -> promise.trySuccess(all.get(0)), promise);
        }

        @Override
        protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
            resolve(host, promise::trySuccess, promise);
        }

        private void resolve(String host, Consumer<List<InetAddress>> success, Promise<?> promise) {
            InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
            if (literal != null) {
                success.accept(List.of(literal));
                return;
            }
            Disposable unused = Mono.defer(() -> resolver.resolve(host.toLowerCase(Locale.ROOT)))
                    .timeout(limit)
                    .filter(addresses -> !addresses.isEmpty())
                    .switchIfEmpty(Mono.error(() -> new UnknownHostException(host)))
                    .subscribe(success, error -> {
                        UnknownHostException unknown = new UnknownHostException(host);
                        unknown.initCause(error);
                        promise.tryFailure(unknown);
                    });
        }
    }
}
