package io.penstock.test.simulator.invicti;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Running;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvictiQuotaTest {

    private final SteppedClock clock = SteppedClock.at("2023-03-23T13:59:00Z");

    @AutoClose
    private final Running<InvictiSimulator, InvictiRules> running =
            new Running<>(InvictiRules.documented().withClock(clock), InvictiSimulator::start);

    @Test
    void sendsHeadersOfTheSampleOnFifthRequest() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        for (int i = 0; i < 4; i++) {
            caller.get(Caller.ME);
        }
        Answer fifth = caller.get(Caller.ME);
        assertThat(fifth.header("X-RateLimit-Limit")).isEqualTo("100");
        assertThat(fifth.header("X-RateLimit-Remaining")).isEqualTo("95");
        assertThat(fifth.header("X-RateLimit-Reset")).isEqualTo("1679580000");
    }

    @Test
    void rejectsRequestBeyondLimitUntilWindowEnds() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withRequestsPerWindow(2));
        Caller caller = new Caller(invicti);
        caller.scan("t");
        caller.scan("t");
        clock.advance(Duration.ofMillis(47_500));
        Answer refused = caller.scan("t");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.text())
                .isEqualTo("{\"error\":\"TooManyRequests\",\"message\":\"Too many requests\",\"retryAfter\":13}");
        assertThat(refused.header("X-RateLimit-Remaining")).isEqualTo("0");
        assertThat(refused.header("X-RateLimit-Reset")).isEqualTo("1679580000");
        assertThat(refused.header("Retry-After")).isEmpty();
        assertThat(invicti.effects().count()).isEqualTo(2);
        clock.advance(Duration.ofMillis(12_499));
        assertThat(caller.get(Caller.ME).json().get("retryAfter").intValue()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        Answer admitted = caller.get(Caller.ME);
        assertThat(admitted.status()).isEqualTo(200);
        assertThat(admitted.header("X-RateLimit-Remaining")).isEqualTo("1");
        assertThat(admitted.header("X-RateLimit-Reset")).isEqualTo("1679580060");
    }

    @Test
    void roundsResetUpToFullSecond() throws Exception {
        clock.advance(Duration.ofMillis(1));
        assertThat(new Caller(running.start(rules -> rules)).get(Caller.ME).header("X-RateLimit-Reset"))
                .isEqualTo("1679580001");
    }

    @Test
    void admitsHundredRequestsByDefault() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        for (int i = 0; i < 100; i++) {
            assertThat(caller.get(Caller.ME).status()).isEqualTo(200);
        }
        assertThat(caller.get(Caller.ME).status()).isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource({"KEY,200", "ORGANIZATION,429", "ADDRESS,429"})
    void countsPerKeyOrganizationOrAddress(QuotaSubject subject, int status) throws Exception {
        InvictiSimulator invicti =
                running.start(rules -> rules.withRequestsPerWindow(1).withQuotaSubject(subject));
        assertThat(new Caller(invicti).get(Caller.ME).status()).isEqualTo(200);
        assertThat(new Caller(invicti).get(Caller.ME).status()).isEqualTo(429);
        assertThat(new Caller(invicti, invicti.issueKey()).get(Caller.ME).status())
                .isEqualTo(status);
    }

    @Test
    void keepsConfiguredWindowLength() throws Exception {
        Caller caller = new Caller(
                running.start(rules -> rules.withRequestsPerWindow(1).withRateWindow(Duration.ofSeconds(5))));
        caller.get(Caller.ME);
        assertThat(caller.get(Caller.ME).json().get("retryAfter").intValue()).isEqualTo(5);
        clock.advance(Duration.ofSeconds(5));
        assertThat(caller.get(Caller.ME).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsQuotaHeadersAsConfigured(boolean present) throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withQuotaHeaders(present)));
        Answer answer = caller.get(Caller.ME);
        assertThat(answer.header("X-RateLimit-Limit")).isEqualTo(present ? "100" : "");
        assertThat(answer.header("X-RateLimit-Remaining")).isEqualTo(present ? "99" : "");
        assertThat(answer.header("X-RateLimit-Reset").isEmpty()).isNotEqualTo(present);
        assertThat(caller.get("/api/v1/nothing").header("X-RateLimit-Remaining"))
                .isEqualTo(present ? "98" : "");
    }

    @Test
    void doesNotCountUnauthenticatedRequests() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        assertThat(caller.getWithoutKey(Caller.ME).header("X-RateLimit-Limit")).isEmpty();
        assertThat(caller.get(Caller.ME).header("X-RateLimit-Remaining")).isEqualTo("99");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void sendsConfiguredHintWithScriptedRefusal(int status) throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withRetryAfter(Duration.ofMillis(2_001)));
        invicti.faults().next(Fault.status(status));
        Answer refused = new Caller(invicti).scan("t");
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.json().get("retryAfter").intValue()).isEqualTo(3);
        assertThat(refused.header("X-RateLimit-Remaining")).isEqualTo("100");
        assertThat(invicti.effects().count()).isZero();
    }
}
