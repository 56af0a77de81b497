package io.penstock.benchmarks.quota;

import io.penstock.ApiClient;
import io.penstock.request.ApiRequest;
import java.time.Duration;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Penstock as it comes; only the deadline is long enough to wait for one's turn in any of the windows. */
final class PenstockClient implements Contender {

    static final Duration DEADLINE = Duration.ofDays(1);

    private final ApiClient client;
    private final ApiRequest<JsonNode> request = ApiRequest.get("work");

    PenstockClient(Site site) {
        this.client = site.penstock().deadline(DEADLINE).build();
    }

    @Override
    public Mono<Void> call() {
        return client.execute(request).then();
    }

    @Override
    public void close() {
        client.close();
    }
}
