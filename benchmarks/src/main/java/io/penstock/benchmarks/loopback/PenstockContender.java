package io.penstock.benchmarks.loopback;

import io.penstock.ApiClient;
import io.penstock.http.Secret;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Penstock with its defaults: gate, retry, circuit breaker, deadline and journey. */
final class PenstockContender implements Contender {

    private final ApiClient client;
    private final Map<Scenario, ApiRequest<?>> gets = new EnumMap<>(Scenario.class);

    PenstockContender(Target target) {
        this(target, target.connections());
    }

    /** Creates a client with a pool of another size than one connection for each caller. */
    PenstockContender(Target target, int connections) {
        ConnectionOptions standard = target.trusted() == null
                ? ConnectionOptions.standard()
                : ConnectionOptions.standard().withTrusted(target.trusted());
        this.client = ApiClient.builder(VendorSpec.generic("loopback", target.base()))
                .secret(Secret.of(Target.TOKEN))
                .connections(standard.withPool(
                        connections,
                        standard.pool().maxPending(),
                        standard.pool().acquireTimeout()))
                .gate(GatePolicy.standard().withMaxConcurrent(connections))
                .build();
        for (Scenario scenario : Scenario.values()) {
            gets.put(scenario, ApiRequest.get(scenario.path()).as(scenario.type()));
        }
    }

    @Override
    public void call(Scenario scenario, Caller caller) {
        ApiRequest<?> request = scenario == Scenario.POST
                ? ApiRequest.post(scenario.path()).body(Scenario.BODY).as(Scenario.Item.class)
                : Objects.requireNonNull(gets.get(scenario));
        Mono<? extends ApiResponse<?>> call = client.execute(request);
        call.<Object>mapNotNull(ApiResponse::value).subscribe(caller);
    }
}
