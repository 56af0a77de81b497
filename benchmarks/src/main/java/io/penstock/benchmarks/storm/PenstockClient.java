package io.penstock.benchmarks.storm;

import io.penstock.ApiClient;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Penstock with its defaults, except for the retry and circuit policies. */
final class PenstockClient implements Contender {

    private final ApiClient client;
    private final ApiRequest<JsonNode> request = ApiRequest.get("work");

    PenstockClient(String uri, RetryPolicy policy, CircuitPolicy circuit) {
        this.client = ApiClient.builder(VendorSpec.generic("storm", URI.create(uri)))
                .retry(policy)
                .circuit(circuit)
                .build();
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
