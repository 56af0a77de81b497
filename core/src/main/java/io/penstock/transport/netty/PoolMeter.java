package io.penstock.transport.netty;

import io.penstock.pipeline.ConnectionStats;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;

/** The meters of the pools, one for each remote address. */
final class PoolMeter implements ConnectionProvider.MeterRegistrar {

    private final ConcurrentMap<String, Pool> pools = new ConcurrentHashMap<>();

    private record Pool(String origin, ConnectionPoolMetrics metrics) {}

    @Override
    public void registerMetrics(String name, String id, SocketAddress remote, ConnectionPoolMetrics metrics) {
        pools.put(id, new Pool(origin(remote), metrics));
    }

    @Override
    public void deRegisterMetrics(String name, String id, SocketAddress remote) {
        pools.remove(id);
    }

    private static String origin(SocketAddress remote) {
        return remote instanceof InetSocketAddress inet
                ? inet.getHostString() + ":" + inet.getPort()
                : remote.toString();
    }

    List<ConnectionStats> stats() {
        return pools.values().stream()
                .map(pool -> new ConnectionStats(
                        pool.origin(),
                        pool.metrics().acquiredSize(),
                        pool.metrics().idleSize(),
                        pool.metrics().pendingAcquireSize()))
                .toList();
    }
}
