package io.penstock.pentify;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.http.Secret;
import io.penstock.pipeline.Operator;
import io.penstock.request.ApiRequest;
import io.penstock.test.ScriptedTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/** Behaviour under the published limit, in virtual time. */
class PentifyQuotaTest {

    /** The limit is 60 a minute and key: with the default settings the last of 200 calls wait for three minutes. */
    @Test
    void answers200ConcurrentCallsWithoutError() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        ScriptedTransport wire = ScriptedTransport.of(
                Collections.nCopies(200, ScriptedTransport.answer(200, "{}")).toArray(new ScriptedTransport.Step[0]));
        List<Long> sentAt = new ArrayList<>();
        Operator timing = Operator.of("times of sends", (call, next) -> {
            sentAt.add(time.now(TimeUnit.MILLISECONDS));
            return next.exchange(call);
        });
        ApiClient client = Pentify.configure()
                .operator(Operator.Position.PER_ATTEMPT, timing)
                .secret(Secret.of("pt_live_0123456789"))
                .transport(wire)
                .scheduler(time)
                .build();
        List<JsonNode> answers = new ArrayList<>();
        List<Throwable> errors = new ArrayList<>();

        for (int i = 0; i < 200; i++) {
            client.value(ApiRequest.get("usage")).subscribe(answers::add, errors::add);
        }
        for (int second = 0; second < 200; second++) {
            time.advanceTimeBy(Duration.ofSeconds(1));
        }

        assertThat(errors).isEmpty();
        assertThat(answers).hasSize(200);
        assertThat(sentAt).hasSize(200);
        for (int i = 60; i < sentAt.size(); i++) {
            assertThat(sentAt.get(i) - sentAt.get(i - 60)).as("send %d", i).isGreaterThanOrEqualTo(60_000);
        }
    }
}
