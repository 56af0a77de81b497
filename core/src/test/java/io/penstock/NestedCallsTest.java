package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.http.Secret;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Operator.Position;
import io.penstock.pipeline.Reply;
import io.penstock.request.ApiRequest;
import io.penstock.timeout.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Calls inside an outer deadline or an outer retry loop. */
class NestedCallsTest {

    private final Lab lab = new Lab();
    private final StubTransport down = StubTransport.always(503, "");
    private final ApiClient inner = lab.client(down).build();

    @Test
    void appliesOneDeadlineToAllCallsOfChain() {
        StubTransport silent = new StubTransport(n -> Answer.of(0, ""));
        ApiClient slow =
                lab.client(silent).attemptTimeout(Duration.ofSeconds(3)).build();
        Mono<?> chain = slow.value(ApiRequest.get("a"))
                .onErrorResume(ErrorKind.TIMEOUT::matches, e -> slow.value(ApiRequest.get("b")))
                .onErrorResume(ErrorKind.DEADLINE_EXCEEDED::matches, e -> slow.value(ApiRequest.get("c")));

        ApiException e = lab.failure(chain.contextWrite(Deadline.in(Duration.ofSeconds(5), lab.time)));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(e.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(e).hasMessageContaining("no time left of the deadline that encloses this call");
        assertThat(silent.sent).extracting(StubTransport.Sent::line).noneMatch(line -> line.endsWith("/c"));
    }

    @Test
    void appliesEarliestDeadline() {
        ApiClient slow = lab.client(new StubTransport(n -> Answer.of(0, ""))).build();

        ApiException e = lab.failure(slow.value(ApiRequest.get("a").deadline(Duration.ofSeconds(1)))
                .contextWrite(Deadline.in(Duration.ofSeconds(2), lab.time))
                .contextWrite(Deadline.in(Duration.ofSeconds(9), lab.time)));
        ApiException outer = lab.failure(slow.value(ApiRequest.get("a"))
                .contextWrite(Deadline.in(Duration.ofSeconds(9), lab.time))
                .contextWrite(Deadline.in(Duration.ofSeconds(2), lab.time)));

        assertThat(e.journey().elapsed()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1050));
        assertThat(outer.journey().elapsed()).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2050));
    }

    @Test
    void namesParentInJourneyAndKeepsEnclosingDeadline() {
        ApiClient up = lab.client(StubTransport.always(200, "{}")).build();
        ApiClient silent = lab.client(new StubTransport(n -> Answer.of(0, ""))).build();

        Journey part = lab.value(up.runtime().partOf("GET scans, page 3", ApiRequest.get("scans")))
                .journey();
        ApiException late = lab.failure(silent.runtime()
                .partOf("GET scans, page 3", ApiRequest.get("scans"))
                .contextWrite(Deadline.in(Duration.ofSeconds(2), lab.time)));

        assertThat(part.parent()).isEqualTo("GET scans, page 3");
        assertThat(late.journey().parent()).isEqualTo("GET scans, page 3");
        assertThat(late.journey().elapsed()).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2050));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT9999999999H"})
    void refusesDeadlineOutOfRange(String total) {
        assertThatThrownBy(() -> Deadline.in(Duration.parse(total)))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("expected: more than zero");
    }

    private ApiClient around(Position position, StubTransport wire, Function<Mono<Reply>, Mono<Reply>> operator) {
        return lab.client(wire)
                .operator(position, Operator.of("nesting", (call, next) -> operator.apply(next.exchange(call))))
                .build();
    }

    @Test
    void retriesOnlyInOutermostOfNestedClients() {
        StubTransport up = StubTransport.always(200, "{}");
        ApiClient middle = around(
                Position.PER_ATTEMPT,
                up,
                reply -> inner.value(ApiRequest.get("quote")).then(reply));
        ApiClient outer = around(
                Position.PER_ATTEMPT,
                StubTransport.always(200, "{}"),
                reply -> middle.value(ApiRequest.get("price")).then(reply));

        ApiException e = lab.failure(outer.value(ApiRequest.get("order")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(down.sent)
                .as("five attempts of the outermost, one of each below")
                .hasSize(5);
        assertThat(((ApiException) e.getCause()).journey().parent()).isEqualTo("GET /v1/order #5");
    }

    @ParameterizedTest
    @EnumSource(Position.class)
    void ignoresCertaintyOfCallMadeByOperator(Position position) {
        ApiClient outer = around(
                position,
                StubTransport.always(200, "{}"),
                reply -> inner.value(ApiRequest.post("audit")).then(reply));

        ApiException e = lab.failure(outer.value(ApiRequest.get("order")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(e.certainty()).as("this one was not sent").isEqualTo(Certainty.NOT_SENT);
        assertThat(e.getCause())
                .isInstanceOfSatisfying(
                        ApiException.class,
                        cause -> assertThat(cause.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED));
        assertThat(down.sent)
                .as("an unsafe call is not repeated by the loop around it")
                .hasSize(1);
    }

    @Test
    void retriesNestedCallOutsideRetryLoop() {
        ApiClient outer = around(
                Position.PER_CALL,
                StubTransport.always(200, "{}"),
                reply -> inner.value(ApiRequest.get("quote")).then(reply));

        lab.failure(outer.value(ApiRequest.get("order")));

        assertThat(down.sent).hasSize(5);
    }

    @Test
    void retriesNestedCallInsideClientWithoutRetries() {
        ApiClient outer = lab.client(StubTransport.always(200, "{}"))
                .retry(Lab.STEADY.withMaxAttempts(1))
                .operator(
                        Position.PER_ATTEMPT,
                        Operator.of(
                                "nesting",
                                (call, next) ->
                                        inner.value(ApiRequest.get("quote")).then(next.exchange(call))))
                .build();

        lab.failure(outer.value(ApiRequest.get("order")));

        assertThat(down.sent).hasSize(5);
    }

    @Test
    void endsNestedCallAtDeadlineOfOuterCall() {
        ApiClient slow = lab.client(new StubTransport(n -> Answer.of(0, ""))).build();
        ApiClient outer = around(
                Position.PER_ATTEMPT,
                StubTransport.always(200, "{}"),
                reply -> slow.value(ApiRequest.get("quote")).then(reply));

        ApiException e = lab.failure(outer.value(ApiRequest.get("order").deadline(Duration.ofSeconds(2))));

        assertThat(e.journey().elapsed()).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2100));
        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(e.getCause())
                .isInstanceOfSatisfying(
                        ApiException.class,
                        nested -> assertThatObject(nested.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED));
    }

    @Test
    void fetchesSharedTokenBeyondDeadlineOfOneCall() {
        StubTransport wire = StubTransport.always(200, "{}");
        ApiClient client = lab.client(Lab.WITH_TOKEN, wire)
                .secret(Secret.of("refresh-token"))
                .operator(Position.PER_ATTEMPT, Operator.of("slow token", (call, next) -> {
                    Mono<Reply> reply = next.exchange(call);
                    return call.plan().target().endsWith("/token")
                            ? reply.delayElement(Duration.ofSeconds(2), lab.time)
                            : reply;
                }))
                .build();
        List<Object> first = new ArrayList<>();
        List<Object> second = new ArrayList<>();

        client.value(ApiRequest.get("a"))
                .contextWrite(Deadline.in(Duration.ofSeconds(1), lab.time))
                .subscribe(first::add, first::add);
        client.value(ApiRequest.get("b")).subscribe(second::add, second::add);
        lab.time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(first).singleElement().matches(e -> ErrorKind.DEADLINE_EXCEEDED.matches((Throwable) e));
        assertThat(second).singleElement().isInstanceOf(JsonNode.class);
    }

    @Test
    void failsCallWhenMonoOfOperatorThrowsOnSubscribe() {
        ApiClient client = lab.client(StubTransport.always(200, "{}"))
                .operator(Position.PER_ATTEMPT, Operator.of("broken", (call, next) -> new Mono<>() {
                    @Override
                    public void subscribe(CoreSubscriber<? super Reply> actual) {
                        throw new IllegalStateException("no subscribe");
                    }
                }))
                .build();

        ApiException e = lab.failure(client.value(ApiRequest.get("a")));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(e).hasRootCauseMessage("no subscribe");
    }
}
