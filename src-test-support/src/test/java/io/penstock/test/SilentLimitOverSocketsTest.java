package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A server that serves a number of requests per second and says nothing but 429. */
@ExtendWith(NoBufferLeaks.class)
@Tag("slow")
class SilentLimitOverSocketsTest {

    private static final int PER_SECOND = 200;
    private static final int CALLERS = 32;
    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage");

    /** A token bucket that holds as many tokens as it gains in a second. */
    private static final class Bucket {
        private double tokens = PER_SECOND;
        private long at = System.nanoTime();
        private int served;
        private int refused;

        synchronized boolean take() {
            long now = System.nanoTime();
            tokens = Math.min(PER_SECOND, tokens + (now - at) * 1e-9 * PER_SECOND);
            at = now;
            boolean taken = tokens >= 1;
            tokens -= taken ? 1 : 0;
            served += taken ? 1 : 0;
            refused += taken ? 0 : 1;
            return taken;
        }

        synchronized void count() {
            served = 0;
            refused = 0;
        }

        synchronized double refusedShare() {
            return (double) refused / (served + refused);
        }

        synchronized int served() {
            return served;
        }
    }

    @Test
    void learnsRateOfSilentServer() throws IOException {
        Bucket bucket = new Bucket();
        try (RawServer server = RawServer.start(peer -> {
            for (; ; ) {
                peer.request();
                peer.send((bucket.take() ? "HTTP/1.1 200 OK" : "HTTP/1.1 429 Too Many Requests")
                        + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
            }
        })) {
            ApiClient client = ApiClient.builder(VendorSpec.generic("api", URI.create("http://" + server.authority())))
                    .retry(RetryPolicy.standard().withMaxAttempts(1))
                    .build();
            AtomicBoolean busy = new AtomicBoolean(true);
            Mono<Void> callers = Flux.range(0, CALLERS)
                    .flatMap(
                            caller -> Mono.defer(() -> client.value(USAGE))
                                    .onErrorResume(
                                            ApiException.class,
                                            e -> e.kind() == ErrorKind.RATE_LIMITED ? Mono.empty() : Mono.error(e))
                                    .repeat(busy::get),
                            CALLERS)
                    .then();
            Mono<Void> clock = Mono.delay(Duration.ofSeconds(8))
                    .doOnNext(warm -> bucket.count())
                    .then(Mono.delay(Duration.ofSeconds(10)))
                    .doOnNext(over -> busy.set(false))
                    .then();

            Mono.when(callers, clock).block(Duration.ofSeconds(60));

            assertThat(bucket.refusedShare()).isLessThan(0.05);
            assertThat(bucket.served()).isGreaterThan(PER_SECOND * 10 / 2);
            assertThat(client.inspect().learnedRates().get("default")).isBetween(PER_SECOND * 0.5, PER_SECOND * 2.0);
            client.closeLater().block(Duration.ofSeconds(30));
        }
    }
}
