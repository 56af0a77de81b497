package io.penstock.benchmarks.loopback;

import io.penstock.ApiClient;
import io.penstock.ApiRequest;
import io.penstock.ApiResponse;
import io.penstock.Secret;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.transport.ConnectionOptions;
import io.penstock.vendor.VendorSpec;
import reactor.core.publisher.Mono;

/** Penstock as it comes: gate, retry, circuit breaker, deadline and journey. */
final class PenstockContender implements Contender {

    private final ApiClient client;
    private final ApiRequest<Item> small =
            ApiRequest.get(Scenario.GET_SMALL.path()).as(Item.class);
    private final ApiRequest<Listing> collection =
            ApiRequest.get(Scenario.GET_COLLECTION.path()).as(Listing.class);

    PenstockContender(Target target) {
        this(target, target.connections());
    }

    /** With another pool than one connection for each caller. */
    PenstockContender(Target target, int connections) {
        ConnectionOptions standard = ConnectionOptions.standard();
        this.client = ApiClient.builder(VendorSpec.generic("loopback", target.base()))
                .secret(Secret.of(Target.TOKEN))
                .connections(standard.withPool(connections, standard.maxPending(), standard.acquireTimeout()))
                .gate(GatePolicy.standard().withMaxConcurrent(connections))
                .build();
    }

    @Override
    public void call(Scenario scenario, Caller caller) {
        Mono<? extends ApiResponse<?>> call = switch (scenario) {
            case GET_SMALL -> client.execute(small);
            case GET_COLLECTION -> client.execute(collection);
            case POST ->
                client.execute(
                        ApiRequest.post(scenario.path()).body(Scenario.BODY).as(Item.class));
        };
        call.<Object>map(ApiResponse::value).subscribe(caller);
    }

    @Override
    public void close() {
        client.close();
    }
}
