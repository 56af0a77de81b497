package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.request.ApiRequest;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.util.RaceTestUtils;
import tools.jackson.databind.JsonNode;

/** Demand and cancel of a streamed call that has not been answered yet. */
class StreamSubscriptionTest {

    private static final ApiRequest<JsonNode> ITEMS = ApiRequest.get("items").elements(JsonNode.class);
    private static final int ROUNDS = 2_000;

    private final Lab lab = new Lab();
    private final Unanswered wire = new Unanswered();
    private final ApiClient client =
            lab.client(StubTransport.always(200, "")).transport(wire).build();

    /** Counts attempts and cancels. */
    private static final class Unanswered extends ScriptedWire {
        final AtomicInteger sent = new AtomicInteger();
        final AtomicInteger cancelled = new AtomicInteger();

        @Override
        public Mono<Reply> exchange(Attempt call, Receiver receiver) {
            return Mono.<Reply>never()
                    .doOnSubscribe(s -> sent.incrementAndGet())
                    .doOnCancel(cancelled::incrementAndGet);
        }
    }

    /** A subscriber that requests nothing by itself. */
    private static class Asking extends BaseSubscriber<Object> {
        @Override
        protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
            // requests when the test says so
        }
    }

    @Test
    void startsNoCallOnDemandAfterCancel() {
        client.stream(ITEMS).subscribe(new Asking() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                subscription.cancel();
                subscription.request(1);
            }
        });

        assertThat(wire.sent).hasValue(0);
    }

    @Test
    void cancelsCallWhenCancelRacesWithFirstDemand() {
        for (int round = 0; round < ROUNDS; round++) {
            Asking caller = new Asking();
            client.stream(ITEMS).subscribe(caller);

            RaceTestUtils.race(30, Schedulers.boundedElastic(), () -> caller.request(1), caller::cancel);

            assertThat(wire.cancelled.get()).as("round %d", round).isEqualTo(wire.sent.get());
        }
        assertThat(wire.sent.get()).as("rounds in which the demand came first").isPositive();
    }
}
