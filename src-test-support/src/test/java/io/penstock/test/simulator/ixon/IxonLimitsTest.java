package io.penstock.test.simulator.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Running;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IxonLimitsTest {

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final Running<IxonSimulator, IxonRules> running =
            new Running<>(IxonRules.documented().withClock(clock), IxonSimulator::start);

    @Test
    void blocksAddressForTenMinutesUnderNewestLimit() throws Exception {
        Caller caller = start(IxonLimits.newest());
        times(caller, 250);
        Answer refused = caller.get("/agents");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isEmpty();
        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(caller.get("/agents").status()).isEqualTo(429);
        clock.advance(Duration.ofMillis(1));
        assertThat(caller.get("/agents").status()).isEqualTo(200);
    }

    @Test
    void limitsTwoMinutesToFortyPerSecondUnderNewestLimit() throws Exception {
        assertThat(IxonLimits.newest().limits())
                .containsExactly(
                        new IxonLimit(250, Duration.ofSeconds(5), false),
                        new IxonLimit(4_800, Duration.ofMinutes(2), false));
        Caller caller = start(IxonLimits.newest()
                .withLimits(
                        new IxonLimit(5, Duration.ofSeconds(5), false),
                        new IxonLimit(8, Duration.ofMinutes(2), false)));
        times(caller, 5);
        clock.advance(Duration.ofSeconds(5));
        times(caller, 3);
        assertThat(caller.get("/agents").status()).isEqualTo(429);
    }

    @Test
    void limitsToEightyPerSecondWithoutBlockUnderMiddleLimit() throws Exception {
        Caller caller = start(IxonLimits.middle());
        times(caller, 400);
        assertThat(caller.get("/agents").status()).isEqualTo(429);
        clock.advance(Duration.ofSeconds(5));
        assertThat(caller.get("/agents").status()).isEqualTo(200);
    }

    @Test
    void limitsToThirtyPerSecondUnderOldestLimit() throws Exception {
        Caller caller = start(IxonLimits.oldest());
        times(caller, 30);
        assertThat(caller.get("/agents").status()).isEqualTo(429);
        clock.advance(Duration.ofSeconds(1));
        assertThat(caller.get("/agents").status()).isEqualTo(200);
        assertThat(IxonLimits.oldest().limits()).contains(new IxonLimit(100_000, Duration.ofDays(1), true));
    }

    @Test
    void exemptsRequestsWithoutCompanyFromCompanyLimit() throws Exception {
        Caller caller = start(IxonLimits.oldest().withLimits(new IxonLimit(2, Duration.ofDays(1), true)));
        times(caller, 2);
        assertThat(caller.get("/agents").status()).isEqualTo(429);
        assertThat(caller.with("Api-Company", null).get("/server-time").status())
                .isEqualTo(200);
    }

    @Test
    void causesNoEffectWhenRefusing() throws Exception {
        IxonLimits one = IxonLimits.newest().withLimits(new IxonLimit(1, Duration.ofSeconds(1), false));
        IxonSimulator ixon = running.start(rules -> rules.withLimits(one));
        Caller caller = new Caller(ixon);
        caller.post("/groups", "[{\"name\":\"a\"}]");
        caller.post("/groups", "[{\"name\":\"b\"}]");
        assertThat(ixon.effects().count("POST /groups")).isEqualTo(1);
        assertThat(ixon.requests().of("POST", "/api/groups")).hasSize(2);
    }

    @Test
    void countsWrongRequests() throws Exception {
        Caller caller = start(IxonLimits.newest().withLimits(new IxonLimit(1, Duration.ofSeconds(1), false)));
        assertThat(caller.with("Api-Version", null).get("/agents").status()).isEqualTo(400);
        assertThat(caller.get("/agents").status()).isEqualTo(429);
    }

    @Test
    void sendsRetryAfterOnRequest() throws Exception {
        Caller caller = start(IxonLimits.newest()
                .withLimits(new IxonLimit(1, Duration.ofSeconds(5), false))
                .withBlock(Duration.ofSeconds(90))
                .withRetryAfter(true));
        times(caller, 1);
        assertThat(caller.get("/agents").header("retry-after")).isEqualTo("90");
        clock.advance(Duration.ofMillis(1_500));
        assertThat(caller.get("/agents").header("retry-after")).isEqualTo("89");
    }

    @ParameterizedTest
    @EnumSource
    void answersRefusalWithConfiguredBody(UndocumentedBody body) throws Exception {
        Caller caller = start(IxonLimits.newest()
                .withLimits(new IxonLimit(1, Duration.ofSeconds(5), false))
                .withBody(body));
        times(caller, 1);
        Answer refused = caller.get("/agents");
        assertThat(refused.status()).isEqualTo(429);
        switch (body) {
            case ENVELOPE ->
                assertThat(refused.json().get("status").stringValue()).isEqualTo("error");
            case HTML -> assertThat(refused.header("content-type")).startsWith("text/html");
            case EMPTY -> assertThat(refused.text()).isEmpty();
        }
    }

    @Test
    void admitsNoMoreThanTheLimitPerWindow() throws Exception {
        Random random = new Random(42);
        int limit = 5;
        Caller caller = start(IxonLimits.middle().withLimits(new IxonLimit(limit, Duration.ofSeconds(1), false)));
        int admitted = 0;
        long windowStart = clock.millis() - 1_000;
        for (int i = 0; i < 300; i++) {
            clock.advance(Duration.ofMillis(random.nextInt(300)));
            if (clock.millis() - windowStart >= 1_000) {
                windowStart = clock.millis();
                admitted = 0;
            }
            boolean fits = admitted < limit;
            assertThat(caller.get("/agents").status()).isEqualTo(fits ? 200 : 429);
            admitted += fits ? 1 : 0;
        }
    }

    private static void times(Caller caller, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertThat(caller.get("/agents").status()).isEqualTo(200);
        }
    }

    private Caller start(IxonLimits limits) {
        return new Caller(running.start(rules -> rules.withLimits(limits)));
    }
}
