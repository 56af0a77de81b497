package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.StubTransport.Answer;
import io.penstock.polling.JobShape;
import io.penstock.polling.Poll;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.request.ApiRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** Races of demand, waits, answers and cancels on several threads. */
class PollRacesTest {

    private static final Duration MIN = Duration.ofMillis(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int STATES = 20;

    private static StubTransport job() {
        return new StubTransport(n -> Answer.of(200, "{\"status\":\"" + (n < STATES ? "s" + n : "done") + "\"}"));
    }

    private static Poll<JsonNode> poll(StubTransport wire, Scheduler scheduler) {
        ApiClient client =
                ApiClient.builder(Lab.SPEC).transport(wire).scheduler(scheduler).build();
        return client.poll(Polling.of(ApiRequest.get("jobs/1"), JobShape.at("/status", StateWords.succeeding("done")))
                .withPolicy(PollPolicy.every(MIN).steady().withJitter(0)));
    }

    /** Another thread requests each element at the moment at which the loop may be going idle. */
    @Test
    void losesNoDemandWhileLoopGoesIdle() {
        List<Long> counts = Flux.range(0, 100)
                .flatMap(
                        i -> poll(job(), Schedulers.parallel())
                                .observations()
                                .limitRate(1)
                                .publishOn(Schedulers.boundedElastic(), 1)
                                .limitRate(1)
                                .count(),
                        16)
                .collectList()
                .block(PATIENCE);

        assertThat(counts).hasSize(100).containsOnly((long) STATES);
    }

    /**
     * All sends are made on one thread. A task that is submitted to it after the cancel runs after any send that had
     * begun, however long that takes: a later send would come from a polling that has ended.
     */
    @Test
    void sendsNothingAfterCancelFromOtherThread() throws InterruptedException {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        Scheduler single = Schedulers.newSingle("polls");
        try {
            for (int i = 0; i < 200; i++) {
                StubTransport wire = job();
                var subscription = poll(wire, single).subscribeOn(single).subscribe();
                TimeUnit.MICROSECONDS.sleep(random.nextInt(3_000));

                subscription.dispose();
                int sent = sentUntilNow(wire, single);
                TimeUnit.MILLISECONDS.sleep(4);

                assertThat(sentUntilNow(wire, single))
                        .as("seed %d, round %d", seed, i)
                        .isEqualTo(sent);
            }
        } finally {
            single.dispose();
        }
    }

    private static int sentUntilNow(StubTransport wire, Scheduler single) {
        return Objects.requireNonNull(
                Mono.fromSupplier(wire.sent::size).subscribeOn(single).block(PATIENCE));
    }
}
