package io.penstock.test.simulator.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Running;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of the simulator; those for contradictions of the documentation are in {@link PicusRobustnessTest}. */
class PicusRulesTest {

    @AutoClose
    private final Running<PicusSimulator, PicusRules> running =
            new Running<>(PicusRules.documented(), PicusSimulator::start);

    @Test
    void expiresTokensAfterConfiguredLifetimes() throws Exception {
        SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");
        PicusSimulator picus = running.start(rules -> rules.withClock(clock)
                .withAccessTokenLife(Duration.ofMinutes(1))
                .withRefreshTokenLife(Duration.ofMinutes(3)));
        Caller caller = new Caller(picus);
        clock.advance(Duration.ofMinutes(1));
        assertThat(caller.get("/v1/agents").status()).isEqualTo(401);
        assertThat(Caller.exchange(picus, picus.secret()).status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(2));
        assertThat(Caller.exchange(picus, picus.secret()).status()).isEqualTo(401);
    }

    @Test
    void limitsReadsWritesAndSingleOperations() throws Exception {
        Caller caller = new Caller(running.start(rules ->
                rules.withReadsPerMinute(7).withWritesPerMinute(5).withRequestsPerMinute("GET /v1/integrations", 3)));
        assertThat(limit(caller.get("/v1/users"))).isEqualTo(7);
        assertThat(limit(caller.post("/v1/templates", "{}"))).isEqualTo(5);
        assertThat(limit(caller.get("/v1/integrations"))).isEqualTo(3);
        assertThat(limit(caller.get("/v1/templates/1"))).isEqualTo(2500);
    }

    @Test
    void admitsHundredReadsOfAgentsByDefault() throws Exception {
        Caller caller =
                new Caller(running.start(rules -> rules.withClock(SteppedClock.at("2026-04-29T14:11:09.250Z"))));
        for (int i = 0; i < 100; i++) {
            assertThat(caller.get("/v1/agents").status()).isEqualTo(200);
        }
        assertThat(caller.get("/v1/agents").status()).isEqualTo(429);
        assertThat(caller.get("/v1/agents/1").status()).isEqualTo(200);
    }

    @Test
    void limitsPageSizeWhereNoneIsDocumented() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withPageMaximum(5)));
        assertThat(caller.get("/v1/users").json().get("users")).hasSize(5);
        assertThat(caller.get("/v1/users?limit=6").status()).isEqualTo(422);
        assertThat(caller.get("/v1/threat-library/files?limit=50").status()).isEqualTo(200);
    }

    @Test
    void limitsDefaultPageOfCustomContent() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withPageMaximum(5)));
        Answer page = caller.get("/v1/mitigation/detection-content/custom");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.json().get("rules")).hasSize(5);
    }

    @Test
    void listsConfiguredNumberOfItems() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withListedItems(3)));
        for (String path : new String[] {"users", "templates", "activity-logs", "threat-library/threats"}) {
            assertThat(caller.get("/v1/" + path).number("/pages/total_count")).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"token\":\"t\"}", "\"t\"", "[1]", "null"})
    void returnsConfiguredInstallToken(String json) throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withInstallToken(json)));
        assertThat(caller.get("/v1/agents/install-token?agent_type=Windows").text())
                .isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource({"200, 204", "201, 200"})
    void answersCreatesAndDeletesWithConfiguredStatus(int created, int deleted) throws Exception {
        Caller caller = new Caller(
                running.start(rules -> rules.withCreatedStatus(created).withDeletedStatus(deleted)));
        assertThat(caller.simulate("s").status()).isEqualTo(created);
        assertThat(caller.post("/v1/threat-library/threats", "{\"name\":\"t\"}").status())
                .isEqualTo(created);
        for (String path : new String[] {
            "/v1/simulations/1",
            "/v1/users/1234",
            "/v1/threat-library/threats/1",
            "/v1/mitigation/detection-content/custom/1"
        }) {
            Answer answer = caller.delete(path);
            assertThat(answer.status()).isEqualTo(deleted);
            assertThat(answer.text().isEmpty()).isEqualTo(deleted == 204);
        }
    }

    @Test
    void copiesRulesOnChange() {
        PicusRules rules = PicusRules.documented();
        assertThat(rules.withItemShape(ItemShape.BARE)).isNotEqualTo(rules);
        assertThat(rules.itemShape()).isEqualTo(ItemShape.WRAPPED);
        assertThat(rules.withItemShape(ItemShape.BARE).withItemShape(ItemShape.WRAPPED))
                .isEqualTo(rules);
        assertThatThrownBy(() -> rules.requestsPerMinute().put("GET /v1/agents", 1))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void rejectsUndocumentedValues() {
        assertRefused(rules -> rules.withAccessTokenLife(Duration.ZERO), "accessTokenLife: PT0S (expected: > 0)");
        assertRefused(rules -> rules.withRefreshTokenLife(Duration.ZERO), "refreshTokenLife: PT0S (expected: > 0)");
        assertRefused(rules -> rules.withRateWindow(Duration.ZERO), "rateWindow: PT0S (expected: > 0)");
        assertRefused(
                rules -> rules.withCredentialHeader("Cookie"),
                "credentialHeader: Cookie (expected: Authorization or Authentication)");
        assertRefused(rules -> rules.withPageSizeParameter("max"), "pageSizeParameter: max (expected: limit or size)");
        assertRefused(rules -> rules.withMinimumPageSize(3), "minimumPageSize: 3 (expected: 1 or 2)");
        assertRefused(rules -> rules.withCreatedStatus(204), "createdStatus: 204 (expected: 200 or 201)");
        assertRefused(rules -> rules.withDeletedStatus(201), "deletedStatus: 201 (expected: 200 or 204)");
        assertRefused(rules -> rules.withReadsPerMinute(0), "readsPerMinute: 0 (expected: >= 1)");
        assertRefused(rules -> rules.withWritesPerMinute(0), "writesPerMinute: 0 (expected: >= 1)");
        assertRefused(
                rules -> rules.withRequestsPerMinute("GET /v1/agents", 0),
                "requestsPerMinute of GET /v1/agents: 0 (expected: >= 1)");
        assertRefused(rules -> rules.withPageMaximum(1), "pageMaximum: 1 (expected: >= 2)");
        assertRefused(rules -> rules.withPollsToFinish(-1), "pollsToFinish: -1 (expected: >= 0)");
        assertRefused(rules -> rules.withSimulationLicence(-1), "simulationLicence: -1 (expected: >= 0)");
        assertRefused(rules -> rules.withListedItems(0), "listedItems: 0 (expected: >= 1)");
    }

    private static void assertRefused(UnaryOperator<PicusRules> change, String message) {
        assertThatThrownBy(() -> change.apply(PicusRules.documented()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static int limit(Answer answer) {
        return Integer.parseInt(answer.header("X-Ratelimit-Limit"));
    }
}
