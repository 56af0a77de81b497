package io.penstock.benchmarks.quota;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.benchmarks.Client;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.ConnectionProvider;

/**
 * The way to a server for one client: over a socket, or in virtual time.
 *
 * @param scheduler the scheduler of all waits
 * @param nanos a monotonic clock
 * @param penstock a builder of a Penstock client for this server, with defaults otherwise
 * @param exchange sends one request per subscription, for the other clients, and does not react to the response
 * @param closing closes the connections of {@code exchange}
 */
record Site(
        Scenario scenario,
        Scheduler scheduler,
        LongSupplier nanos,
        ApiClientBuilder penstock,
        Mono<Answer> exchange,
        Runnable closing) {

    /** Returns the way over sockets, with a pool as large as Penstock's, to the account at a URI without a last slash. */
    static Site overSockets(Scenario scenario, String uri) {
        ConnectionProvider pool = Client.pool();
        Mono<Answer> exchange = Client.reactorNetty(pool, uri).responseSingle((response, body) -> {
            @Nullable String wait = response.responseHeaders().get(Answer.RETRY_AFTER);
            List<String> headers = wait == null ? List.of() : List.of(Answer.RETRY_AFTER, wait);
            return body.then(Mono.just(new Answer(response.status().code(), headers)));
        });
        return new Site(
                scenario,
                Schedulers.parallel(),
                System::nanoTime,
                ApiClient.builder(VendorSpec.generic("quota", URI.create(uri + "/"))),
                exchange,
                pool::dispose);
    }

    /** Returns the way to a server in virtual time. */
    static Site inVirtualTime(Scenario scenario, Scheduler scheduler, VirtualServer server) {
        return new Site(
                scenario,
                scheduler,
                () -> scheduler.now(TimeUnit.NANOSECONDS),
                ApiClient.builder(VendorSpec.generic("quota", URI.create("http://api.example.com/")))
                        .transport(server)
                        .scheduler(scheduler),
                Mono.defer(server::send),
                () -> {});
    }
}
