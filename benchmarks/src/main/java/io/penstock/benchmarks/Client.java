package io.penstock.benchmarks;

import io.penstock.ApiClient;
import io.penstock.request.ApiRequest;
import io.penstock.transport.ConnectionOptions;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * A client under test.
 *
 * @param call makes one logical call per subscription; completes when the call has succeeded, and fails when the client
 *     has given it up
 * @param closing closes its connections
 */
public record Client(Mono<Void> call, Runnable closing) implements AutoCloseable {

    /** Returns Penstock. */
    public static Client of(ApiClient client) {
        return new Client(client.execute(ApiRequest.get("work")).then(), client::close);
    }

    /** Returns a pool as large as Penstock's. */
    public static ConnectionProvider pool() {
        ConnectionOptions same = ConnectionOptions.standard();
        return ConnectionProvider.builder("benchmark")
                .maxConnections(same.pool().maxConnections())
                .pendingAcquireMaxCount(same.pool().maxPending())
                .pendingAcquireTimeout(same.pool().acquireTimeout())
                .build();
    }

    /** Returns Reactor Netty's receiver of the same request that Penstock sends. */
    public static HttpClient.ResponseReceiver<?> reactorNetty(ConnectionProvider pool, String uri) {
        return HttpClient.create(pool)
                .baseUrl(uri)
                .responseTimeout(Duration.ofSeconds(30))
                .get()
                .uri("/work");
    }

    @Override
    public void close() {
        closing.run();
    }
}
