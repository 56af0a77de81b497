package io.penstock.benchmarks.quota;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * A server behind a socket.
 *
 * @param uri the URI of the client's account, without a trailing slash
 */
record SocketSite(Scenario scenario, String uri) implements Site {

    @Override
    public Time time() {
        return Time.real();
    }

    @Override
    public ApiClientBuilder penstock() {
        return ApiClient.builder(VendorSpec.generic("quota", URI.create(uri + "/")));
    }

    /** Returns a wire over Reactor Netty, with a pool as large as Penstock's. */
    @Override
    public Wire wire() {
        ConnectionOptions same = ConnectionOptions.standard();
        ConnectionProvider pool = ConnectionProvider.builder("quota")
                .maxConnections(same.pool().maxConnections())
                .pendingAcquireMaxCount(same.pool().maxPending())
                .pendingAcquireTimeout(same.pool().acquireTimeout())
                .build();
        HttpClient client = HttpClient.create(pool).baseUrl(uri).responseTimeout(Duration.ofSeconds(30));
        Mono<Answer> exchange = client.get().uri("/work").responseSingle((response, body) -> {
            @Nullable String wait = response.responseHeaders().get(Answer.RETRY_AFTER);
            List<String> headers = wait == null ? List.of() : List.of(Answer.RETRY_AFTER, wait);
            return body.then(Mono.just(new Answer(response.status().code(), headers)));
        });
        return new Wire() {
            @Override
            public Mono<Answer> send() {
                return exchange;
            }

            @Override
            public void close() {
                pool.dispose();
            }
        };
    }
}
