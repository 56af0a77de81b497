package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.StubTransport.Answer;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.circuit.CircuitState;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.hedge.HedgingPolicy;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/** Lifetime and renewal of exchanged tokens. */
class TokenRenewalTest {

    private static final Answer NEVER = TokenServer.answer(0, "");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final TokenServer server = new TokenServer();
    private final SkewedClock clock = new SkewedClock(time);
    private final ApiClient client = client(Duration.ofSeconds(60));
    private final List<Object> results = new ArrayList<>();

    private ApiClient client(Duration renewBefore) {
        return builder(renewBefore).build();
    }

    private ApiClientBuilder builder(Duration renewBefore) {
        return ApiClient.builder(TokenServer.spec(renewBefore))
                .transport(server.wire())
                .scheduler(clock)
                .retry(Lab.STEADY)
                .secret(Secret.of(TokenServer.SECRET));
    }

    /** A wall clock that a test sets, and a monotonic clock that is not affected by it. */
    private static final class SkewedClock extends ForwardingScheduler {
        private long offMillis;

        SkewedClock(VirtualTimeScheduler steady) {
            super(steady);
        }

        @Override
        public long now(TimeUnit unit) {
            long millis = unit == TimeUnit.MILLISECONDS || unit == TimeUnit.SECONDS ? offMillis : 0;
            return super.now(unit) + unit.convert(millis, TimeUnit.MILLISECONDS);
        }
    }

    private Disposable call() {
        return call(client);
    }

    private Disposable call(ApiClient client) {
        return client.value(ApiRequest.get("things")).map(JsonNode::toString).subscribe(results::add, results::add);
    }

    private void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    private static String by(int token) {
        return "{\"by\":\"token-" + token + "\"}";
    }

    private Object last() {
        return results.get(results.size() - 1);
    }

    private ApiException failure() {
        assertThat(last()).isInstanceOf(ApiException.class);
        return (ApiException) last();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 429, 500, 503, 0})
    void usesTokenToItsEndWhileRenewalFails(int status) {
        call();
        server.down(TokenServer.answer(status, "{\"error\":\"temporarily out of order\"}"));
        for (int second = 1; second < 60; second++) {
            pass(Duration.ofSeconds(1));
            call();
            assertThat(last()).as("after %d s", second).isEqualTo(by(1));
        }

        assertThat(results).hasSize(60);
        assertThat(server.exchanges).as("tried again now and then").isBetween(2, 8);
    }

    @Test
    void failsCallsWithFailureOfExchangeAfterTokenExpired() {
        call();
        server.down(TokenServer.answer(402, "{\"message\":\"pay first\"}"));
        pass(Duration.ofSeconds(62));
        call();

        assertThatObject(failure().kind()).isEqualTo(ErrorKind.PAYMENT_REQUIRED);
        assertThat(failure().certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(server.uses("token-1")).isEqualTo(1);
    }

    @Test
    void renewsStaleTokenWithoutDelayingCalls() {
        server.life = "7200";
        call();
        pass(Duration.ofSeconds(7200 - 59));
        server.then(NEVER);
        call();
        assertThat(results).as("without waiting").containsExactly(by(1), by(1));
        call();
        assertThat(server.exchanges).as("one at a time").isEqualTo(2);

        pass(Duration.ofSeconds(35)); // the attempt timeout ends the first, the backoff follows
        call();
        assertThat(last()).isEqualTo(by(1));
        call();
        assertThat(last()).isEqualTo(by(2));
        assertThat(server.exchanges).isEqualTo(3);
    }

    @Test
    void exchangesNothingWithoutCalls() {
        call();
        pass(Duration.ofDays(1));

        assertThat(server.exchanges).isEqualTo(1);
    }

    @Test
    void renewsTokenShorterThanRenewBeforeAtHalfItsLife() {
        server.life = "10";
        for (int i = 0; i < 50; i++) {
            call();
            pass(Duration.ofMillis(100));
        }
        assertThat(server.exchanges).isEqualTo(1);
        call();
        assertThat(server.exchanges).isEqualTo(2);
        assertThat(results).containsOnly(by(1));
    }

    @Test
    void renewsNothingAheadWhenRenewBeforeIsZero() {
        ApiClient punctual = client(Duration.ZERO);
        punctual.value(ApiRequest.get("things")).subscribe(results::add, results::add);
        pass(Duration.ofMillis(60_900));
        punctual.value(ApiRequest.get("things")).subscribe(results::add, results::add);
        assertThat(server.exchanges).isEqualTo(1);
        pass(Duration.ofMillis(200));
        punctual.value(ApiRequest.get("things")).subscribe(results::add, results::add);

        assertThat(results).map(Object::toString).containsExactly(by(1), by(1), by(2));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "0",
                "-1",
                "-99999999999",
                "9999999999999999999",
                "\"soon\"",
                "\"2001-01-01T00:00:00Z\"",
                "null",
                "1e99"
            })
    void usesTokenWithInvalidLifetimeUntilRefused(@Nullable String life) {
        server.life = life;
        for (int i = 0; i < 20; i++) {
            call();
            pass(Duration.ofSeconds(1));
        }
        assertThat(results).hasSize(20).containsOnly(by(1));
        assertThat(server.exchanges).isEqualTo(1);

        server.revoke("token-1");
        call();
        pass(Duration.ofSeconds(1));
        assertThat(last()).isEqualTo(by(2));
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400_000, 86_400_000})
    void measuresLifetimeOnMonotonicClock(long jumpMillis) {
        call();
        clock.offMillis = jumpMillis;
        server.down(TokenServer.answer(503, "{}"));
        pass(Duration.ofSeconds(59));
        for (int i = 0; i < 10; i++) {
            call();
            assertThat(last()).isEqualTo(by(1));
        }
        assertThat(server.exchanges).isEqualTo(2);
        server.down(null);

        pass(Duration.ofSeconds(3));
        call();
        assertThat(last()).as("over, whatever the wall clock says").isEqualTo(by(2));
    }

    @Test
    void renewsTokenThatExpiredByWallClock() {
        server.life = "7200";
        call();
        clock.offMillis = Duration.ofHours(3).toMillis(); // as after a suspended process
        call();
        call();

        assertThat(results).containsExactly(by(1), by(1), by(2));
        assertThat(server.exchanges).isEqualTo(2);
    }

    @Test
    void fetchesOneTokenPerLifetimeForThousandCallers() {
        server.wire().taking(Duration.ofMillis(50));
        for (int round = 1; round <= 2; round++) {
            for (int i = 0; i < 1_000; i++) {
                call();
            }
            pass(Duration.ofSeconds(2));
            assertThat(results).hasSize(1_000).containsOnly(by(round));
            assertThat(server.exchanges).isEqualTo(round);
            results.clear();
            pass(Duration.ofSeconds(61));
        }
    }

    @Test
    void spacesExchangesWhileThousandCallersRetry() {
        server.down(TokenServer.answer(503, "{\"message\":\"down\"}"));
        ApiClient failing = builder(Duration.ofSeconds(60))
                .circuit(CircuitPolicy.standard().failFast())
                .build();
        for (int i = 0; i < 1_000; i++) {
            call(failing);
            pass(Duration.ofMillis(7));
        }
        pass(Duration.ofMinutes(2));

        assertThat(results).hasSize(1_000).allMatch(r -> r instanceof ApiException e && e.status() == 503);
        for (int i = 5; i < server.exchanges; i++) {
            assertThat(server.exchangedAt.get(i) - server.exchangedAt.get(i - 1))
                    .isGreaterThanOrEqualTo(700L);
        }
    }

    @Test
    void continuesRenewalWhenItsCallIsCancelled() {
        call();
        pass(Duration.ofSeconds(45));
        server.wire().taking(Duration.ofMillis(100));
        call().dispose();
        pass(Duration.ofMillis(200));
        call();
        pass(Duration.ofMillis(200));

        assertThat(results).containsExactly(by(1), by(2));
        assertThat(server.exchanges).isEqualTo(2);
    }

    @Test
    void usesRenewalUnderWayWhenTokenIsRefused() {
        call();
        pass(Duration.ofSeconds(45));
        server.wire().taking(Duration.ofMillis(100));
        call(); // starts the renewal
        pass(Duration.ofMillis(50));
        server.revoke("token-1");
        call(); // refused after the renewal has ended
        pass(Duration.ofSeconds(1));

        assertThat(results).containsExactly(by(1), by(1), by(2));
        assertThat(server.exchanges).isEqualTo(2);
    }

    @Test
    void repeatsHedgedCallWithAnotherTokenWhenBothSendsAreRefused() {
        ApiClient hedging = builder(Duration.ofSeconds(60))
                .hedging(HedgingPolicy.standard())
                .build();
        server.wire().taking(Duration.ofMillis(100));
        for (int i = 0; i < 40; i++) {
            call(hedging);
            pass(Duration.ofMillis(200));
        }
        server.revoke("token-1");
        server.wire().taking(Duration.ofSeconds(5));
        call(hedging);
        pass(Duration.ofSeconds(20));

        assertThat(server.uses("token-1")).as("both sends").isEqualTo(42);
        assertThat(last()).isEqualTo(by(2));
    }

    @Test
    void fetchesTokenForTrialOfOpenCircuit() {
        ApiClient waiting = builder(Duration.ofSeconds(60))
                .circuit(CircuitPolicy.standard()
                        .withOpenWait(new Backoff(Duration.ofSeconds(30), 1, Duration.ofSeconds(30), 0)))
                .deadline(Duration.ofMinutes(5))
                .build();
        server.down(TokenServer.answer(503, "{\"message\":\"down\"}"));
        while (waiting.inspect().circuits().isEmpty()
                || waiting.inspect().circuits().get(0).phase() != CircuitState.Phase.OPEN) {
            call(waiting);
            pass(Duration.ofSeconds(1));
        }
        server.down(null);
        results.clear();
        call(waiting);
        pass(Duration.ofSeconds(35));

        assertThat(results).contains(by(1)).allMatch(by(1)::equals);
        assertThat(waiting.inspect().circuits().get(0).phase()).isEqualTo(CircuitState.Phase.CLOSED);
    }

    @Test
    void failsFastWhenExchangeWouldWaitForCircuit() {
        ApiClient waiting = builder(Duration.ofSeconds(60))
                .circuit(CircuitPolicy.standard()
                        .withScope(CircuitPolicy.Scope.OPERATION)
                        .withOpenWait(new Backoff(Duration.ofSeconds(30), 1, Duration.ofSeconds(30), 0)))
                .deadline(Duration.ofMinutes(5))
                .build();
        server.down(TokenServer.answer(503, "{\"message\":\"down\"}"));
        while (waiting.inspect().circuits().stream().noneMatch(c -> c.phase() == CircuitState.Phase.OPEN)) {
            call(waiting);
            pass(Duration.ofSeconds(1));
        }
        results.clear();
        waiting.value(ApiRequest.get("others").failFast()).subscribe(results::add, results::add);

        assertThat(results).hasSize(1);
        assertThatObject(failure().kind()).isEqualTo(ErrorKind.CIRCUIT_OPEN);
        assertThat(failure()).hasMessageStartingWith("no token: exchange POST token: circuit ");
        assertThat(failure().certainty()).isEqualTo(Certainty.NOT_SENT);
    }

    @Test
    void failsWithFailureOfExchangeAfterTokenIsRefused() {
        call();
        server.revoke("token-1");
        server.down(TokenServer.answer(400, "{\"message\":\"temporarily out of order\"}"));
        call();

        assertThat(failure().status()).isEqualTo(400);
        assertThat(failure().serverMessage()).isEqualTo("temporarily out of order");
        assertThat(failure().certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(failure()).hasMessageNotContaining("may have been processed");
        call();
        assertThat(server.uses("token-1"))
                .as("the refused one is not used again")
                .isEqualTo(2);
    }

    @Test
    void endsWaitingCallsWhenClosedDuringRenewal() {
        server.down(TokenServer.answer(503, "{}"));
        call();
        client.close();
        pass(Duration.ofMinutes(1));

        assertThat(results).hasSize(1);
        assertThatObject(failure().kind()).isIn(ErrorKind.CLIENT_CLOSED, ErrorKind.UNAVAILABLE);
        int exchanges = server.exchanges;
        call();
        pass(Duration.ofMinutes(1));
        assertThatObject(failure().kind()).isEqualTo(ErrorKind.CLIENT_CLOSED);
        assertThat(server.exchanges).isEqualTo(exchanges);
    }
}
