package io.penstock.benchmarks.storm;

import io.penstock.transport.ConnectionOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Reactor Netty with a pool as large as Penstock's, and the operators that an application puts around a call. */
final class ReactorNettyClient implements Contender {

    private final ConnectionProvider pool;
    private final Mono<Void> call;

    ReactorNettyClient(String uri, UnaryOperator<Mono<Void>> resilience) {
        ConnectionOptions same = ConnectionOptions.standard();
        this.pool = ConnectionProvider.builder("storm")
                .maxConnections(same.pool().maxConnections())
                .pendingAcquireMaxCount(same.pool().maxPending())
                .pendingAcquireTimeout(same.pool().acquireTimeout())
                .build();
        HttpClient client = HttpClient.create(pool).baseUrl(uri).responseTimeout(Duration.ofSeconds(30));
        this.call = resilience.apply(client.get().uri("/work").responseSingle((response, body) -> {
            int status = response.status().code();
            return status == 200
                    ? body.then()
                    : body.then(Mono.error(() -> new IOException("status: " + status + " (expected: 200)")));
        }));
    }

    @Override
    public Mono<Void> call() {
        return call;
    }

    @Override
    public void close() {
        pool.dispose();
    }
}
