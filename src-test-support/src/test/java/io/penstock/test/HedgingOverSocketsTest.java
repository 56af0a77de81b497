package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.hedge.HedgingPolicy;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.test.simulator.Fault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** A slow answer overtaken by a second send, over real connections that all come back. */
class HedgingOverSocketsTest extends ClientOverSockets {

    private static final Duration SLOW = Duration.ofMinutes(1);
    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage");

    private void learn() {
        client(b -> b.hedging(HedgingPolicy.standard().withShortestDelay(Duration.ofMillis(200))));
        Flux.range(0, 32).concatMap(i -> client().value(USAGE)).blockLast(PATIENCE);
    }

    @Test
    void answersFromSecondSendAndCancelsFirst() {
        learn();
        simulator.faults().next(Fault.delay(SLOW));

        ApiResponse<JsonNode> response = client().execute(USAGE).block(PATIENCE);

        assertThat(response).isNotNull();
        assertThat(response.journey().elapsed()).isLessThan(SLOW);
        assertThat(response.journey().attempts()).hasSize(2);
        assertThat(response.journey().attempts().get(0).decision())
                .isEqualTo("cancelled: the other send was answered first");
        assertThat(simulator.requests().all()).hasSize(34);
    }

    @Test
    void sendsSlowPostWithoutKeyOnce() {
        learn();
        simulator.faults().next(Fault.delay(Duration.ofMillis(600)));

        ApiResponse<JsonNode> response = client().execute(
                        ApiRequest.post("targets").body("{\"host\":\"shop.example.com\"}"))
                .onErrorComplete()
                .block(PATIENCE);

        assertThat(response == null || response.journey().attempts().size() == 1)
                .isTrue();
        assertThat(simulator.requests().all()).hasSize(33);
    }

    @Test
    void releasesConnectionsOfBothSendsOnCancel() {
        learn();
        simulator.faults().next(Fault.delay(SLOW), Fault.delay(SLOW));

        List<Object> signals = new CopyOnWriteArrayList<>();

        Disposable call = client().value(USAGE).subscribe(signals::add, signals::add);
        Eventually.until(() -> simulator.requests().count() == 34);
        call.dispose();

        Eventually.until(() -> client().inspect().connections().stream().allMatch(pool -> pool.active() == 0));
        assertThat(signals).isEmpty();
        assertThat(simulator.requests().all()).hasSize(34);
    }
}
