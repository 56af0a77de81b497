package io.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.ScriptedWire;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class PipelineTest {

    private final List<String> seen = new ArrayList<>();
    private final Call call = Call.start(Plans.get(), VirtualTimeScheduler.create());

    /** Answers 503, body and all, as a transport has to. */
    private final Transport transport = new ScriptedWire() {
        @Override
        public Mono<Reply> exchange(Attempt sent, Receiver receiver) {
            return Mono.fromSupplier(() -> {
                seen.add("transport");
                ResponseHead head = new ResponseHead(503, Headers.none());
                receiver.onHead(sent, head);
                assertThat(receiver.limit(sent, head)).isEqualTo(7);
                return receiver.onBody(sent, head, Unpooled.EMPTY_BUFFER, true);
            });
        }
    };

    private final Receiver receiver = new Receiver() {
        @Override
        public void onHead(Attempt sent, ResponseHead head) {
            seen.add("receiver head");
        }

        @Override
        public int limit(Attempt sent, ResponseHead head) {
            return 7;
        }

        @Override
        public Reply onBody(Attempt sent, ResponseHead head, ByteBuf body, boolean complete) {
            seen.add("receiver body");
            return new Reply(head, "ok", 0);
        }
    };

    private Operator recording(String name) {
        return Operator.of(name, (c, next) -> {
            seen.add(name);
            return next.exchange(c);
        });
    }

    @Test
    void keepsOrderOfStages() {
        Pipeline.Builder builder = Pipeline.around(transport, receiver, "reads all");
        List<Stage> insideOut = new ArrayList<>(List.of(Stage.values()));
        Collections.reverse(insideOut);
        for (Stage stage : insideOut) {
            builder.with(stage, recording(stage + " a")).with(stage, recording(stage + " b"));
        }
        List<String> expected = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            expected.add(stage + " a");
            expected.add(stage + " b");
        }
        expected.addAll(List.of("transport", "receiver head", "receiver body"));

        StepVerifier.create(builder.build().exchange(call)).expectNextCount(1).verifyComplete();

        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void sendsNothingBeforeSubscription() {
        Mono<Reply> reply =
                Pipeline.around(transport, receiver, "reads all").build().exchange(call);

        assertThat(seen).isEmpty();
        StepVerifier.create(reply).expectNextCount(1).verifyComplete();
    }

    @Test
    void letsOperatorAnswerWithoutTransport() {
        Pipeline pipeline = Pipeline.around(transport, receiver, "reads all")
                .with(Stage.PER_CALL, Operator.of("cache", (c, next) -> Mono.just(Plans.reply(200, "cached"))))
                .build();

        StepVerifier.create(pipeline.exchange(call))
                .expectNextMatches(r -> "cached".equals(r.value()))
                .verifyComplete();
        assertThat(seen).isEmpty();
    }

    @Test
    void describesStagesFromOutsideIn() {
        Pipeline pipeline = Pipeline.around(transport, receiver, "reads all")
                .with(Stage.PER_ATTEMPT, recording("second"))
                .with(Stage.PER_CALL, recording("first"))
                .with(Stage.PER_ATTEMPT, recording("third"))
                .describing(Stage.HEADER_TRACKING, "reads the quota")
                .build();

        assertThat(pipeline.describe().lines())
                .containsExactly(
                        "  deadline                    –",
                        "  per call                    first",
                        "  redirect                    –",
                        "  classified retry            –",
                        "  hedging                     –",
                        "  circuit breaker             –",
                        "  admission gate              –",
                        "  authentication              –",
                        "  per attempt                 second",
                        "  per attempt                 third",
                        "  circuit permit              –",
                        "  listeners                   –",
                        "  attempt timeout             –",
                        "  transport                   a stub",
                        "  header rate-limit tracking  reads the quota",
                        "  envelope decoding           reads all");
    }

    @Test
    void buildsIndependentPipelines() {
        Pipeline.Builder builder = Pipeline.around(transport, receiver, "reads all");
        Pipeline without = builder.build();
        builder.with(Stage.PER_CALL, recording("late"));

        StepVerifier.create(without.exchange(call)).expectNextCount(1).verifyComplete();

        assertThat(seen).doesNotContain("late");
        assertThat(without.describe()).doesNotContain("late");
    }

    @Test
    void adaptsPublisherTransformationAsOperator() {
        Operator twice =
                Operator.transforming("twice", replies -> Mono.from(replies).repeat(1));

        StepVerifier.create(twice.apply(call, c -> Mono.just(Plans.reply(200, "ok"))))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(twice.describe()).isEqualTo("twice");
    }

    @Test
    void sharesHeadersOfCallButNotOfAttempt() {
        call.header("x-call", "1");
        Attempt first = call.attempt(1);
        first.header("x-attempt", "1");
        Attempt second = call.attempt(2);

        assertThat(first.addedHeaders()).containsExactly("x-call", "1", "x-attempt", "1");
        assertThat(second.addedHeaders()).containsExactly("x-call", "1");
        assertThat(call.addedHeaders()).containsExactly("x-call", "1");
        assertThatThrownBy(() -> first.header("x-a", "b\r\nc"))
                .matches(io.penstock.error.ErrorKind.INVALID_REQUEST::matches);
    }
}
