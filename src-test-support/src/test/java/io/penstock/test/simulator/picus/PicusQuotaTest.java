package io.penstock.test.simulator.picus;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PicusQuotaTest {

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final PicusSimulator picus = PicusSimulator.start(PicusRules.documented()
            .withClock(clock)
            .withRequestsPerMinute("GET /v1/agents/{Id}", 3)
            .withRequestsPerMinute("POST /v1/simulations", 2));

    private final Caller caller = new Caller(picus);

    @ParameterizedTest
    @CsvSource({
        "/v1/agents, 100",
        "/v1/templates/7, 2500",
        "/v1/integrations, 100",
    })
    void sendsLimitOfOperationWithEveryAnswer(String path, int limit) throws Exception {
        Answer answer = caller.get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().headers().map()).containsKeys("x-ratelimit-limit");
        assertThat(answer.header("X-Ratelimit-Limit")).isEqualTo(Integer.toString(limit));
        assertThat(answer.header("X-Ratelimit-Remaining")).isEqualTo(Integer.toString(limit - 1));
        assertThat(answer.header("X-Ratelimit-Reset"))
                .isEqualTo(Long.toString(clock.instant().getEpochSecond() + 61));
    }

    @Test
    void limitsWritesMoreThanReads() throws Exception {
        assertThat(caller.post("/v1/templates", "{\"name\":\"t\"}").header("X-Ratelimit-Limit"))
                .isEqualTo("50");
    }

    @Test
    void countsPerPathTemplate() throws Exception {
        for (int id = 1; id <= 3; id++) {
            Answer answer = caller.get("/v1/agents/" + id);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("X-Ratelimit-Remaining")).isEqualTo(Integer.toString(3 - id));
        }
        Answer refused = caller.get("/v1/agents/1");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.text()).isEqualTo("{\"message\":\"too many requests\"}");
        assertThat(refused.header("X-Ratelimit-Remaining")).isEqualTo("0");
        assertThat(refused.header("Retry-After")).isEmpty();
        assertThat(caller.get("/v1/agents").status()).isEqualTo(200);
    }

    @Test
    void countsPerAddressNotPerToken() throws Exception {
        for (int i = 0; i < 3; i++) {
            caller.get("/v1/agents/1");
        }
        Caller other = new Caller(picus, picus.issueAccessToken(picus.issueRefreshToken()));
        assertThat(other.get("/v1/agents/1").status()).isEqualTo(429);
    }

    @Test
    void admitsRequestsFromTheReset() throws Exception {
        for (int i = 0; i < 3; i++) {
            caller.get("/v1/agents/1");
        }
        clock.advance(Duration.ofSeconds(60).minusMillis(1));
        Answer refused = caller.get("/v1/agents/1");
        assertThat(refused.status()).isEqualTo(429);
        long reset = Long.parseLong(refused.header("X-Ratelimit-Reset"));
        assertThat(reset * 1000).isGreaterThan(clock.millis());
        clock.advance(Duration.ofMillis(reset * 1000 - clock.millis()));
        assertThat(caller.get("/v1/agents/1").header("X-Ratelimit-Remaining")).isEqualTo("2");
    }

    @Test
    void causesNoEffectWhenRefusing() throws Exception {
        for (int i = 0; i < 3; i++) {
            caller.simulate("s" + i);
        }
        assertThat(picus.effects().count("POST /v1/simulations")).isEqualTo(2);
        assertThat(picus.requests().of("POST", "/v1/simulations")).hasSize(3);
    }

    @Test
    void countsRequestWithoutTokenAndSendsQuota() throws Exception {
        Answer refused = Caller.anonymous(picus.origin().resolve("/v1/agents/1"));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("X-Ratelimit-Remaining")).isEqualTo("2");
    }

    @Test
    void limitsExchangeOfTokens() throws Exception {
        assertThat(Caller.exchange(picus, picus.secret()).header("X-Ratelimit-Limit"))
                .isEqualTo("50");
    }

    @Test
    void reportsNothingLeftInScriptedRefusalAtNoCost() throws Exception {
        picus.faults().on("GET", "/v1/agents/1", Fault.status(429));
        Answer refused = caller.get("/v1/agents/1");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("X-Ratelimit-Remaining")).isEqualTo("0");
        assertThat(caller.get("/v1/agents/1").header("X-Ratelimit-Remaining")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsRetryAfterAsConfigured(boolean present) throws Exception {
        try (PicusSimulator strict = PicusSimulator.start(PicusRules.documented()
                .withClock(clock)
                .withReadsPerMinute(1)
                .withRateWindow(Duration.ofSeconds(5))
                .withRetryAfter(present))) {
            Caller strictly = new Caller(strict);
            strictly.get("/v1/integrations");
            Answer refused = strictly.get("/v1/integrations");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).isEqualTo(present ? "5" : "");
            clock.advance(Duration.ofSeconds(5));
            assertThat(strictly.get("/v1/integrations").status()).isEqualTo(200);
        }
    }
}
