package io.penstock.benchmarks.quota;

import io.penstock.ApiClient;
import io.penstock.request.ApiRequest;
import java.time.Duration;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Penstock with its defaults, except for a deadline that is long enough to wait for a turn in any of the windows. */
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
