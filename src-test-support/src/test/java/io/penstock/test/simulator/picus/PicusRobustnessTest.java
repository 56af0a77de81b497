package io.penstock.test.simulator.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The contradictions P1 to P18 of the documentation; the simulator can show each side of them. */
class PicusRobustnessTest {

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private PicusSimulator picus = PicusSimulator.start(PicusRules.documented().withClock(clock));

    @ParameterizedTest
    @CsvSource({"Authorization, Authentication", "Authentication, Authorization"})
    void p1ReadsOnlyOneOfTwoHeaders(String read, String ignored) throws Exception {
        start(rules -> rules.withCredentialHeader(read));
        String bearer = "Bearer " + picus.issueAccessToken(picus.secret());
        assertThat(new Caller(picus, read, bearer).get("/v1/agents").status()).isEqualTo(200);
        assertThat(new Caller(picus, ignored, bearer).get("/v1/agents").text())
                .isEqualTo("{\"message\":\"auth header is empty\"}");
        assertThat(picus.requests().all().get(0).headers())
                .containsEntry(read.toLowerCase(Locale.ROOT), List.of(bearer));
    }

    @ParameterizedTest
    @EnumSource(ExpireAt.class)
    void p2WritesExpiryInMillisecondsOrSeconds(ExpireAt unit) throws Exception {
        start(rules -> rules.withExpireAt(unit));
        JsonNode expiry = Caller.exchange(picus, picus.secret()).json().get("expire_at");
        Instant at = clock.instant().plus(Duration.ofHours(2));
        assertThat(expiry.isString()).isEqualTo(unit == ExpireAt.SECONDS_AS_STRING);
        assertThat(expiry.asString())
                .isEqualTo(Long.toString(unit == ExpireAt.MILLISECONDS ? at.toEpochMilli() : at.getEpochSecond()));
    }

    @ParameterizedTest
    @EnumSource(RefreshResult.class)
    void p3ReturnsRefreshedTokenInBodyOrHeaders(RefreshResult place) throws Exception {
        start(rules -> rules.withRefreshResult(place));
        Answer answer = Caller.anonymous(picus, "/v1/auth/refresh", "{\"refresh_token\":\"" + picus.secret() + "\"}");
        boolean inBody = place == RefreshResult.BODY;
        assertThat(answer.text().isEmpty()).isNotEqualTo(inBody);
        for (String member : List.of("created_at", "expired_at", "id", "is_expired", "name", "token")) {
            assertThat(answer.header(member).isEmpty()).as(member).isEqualTo(inBody);
        }
        String token = inBody ? answer.at("/token") : answer.header("token");
        assertThat(Caller.exchange(picus, token).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "limit, /v1/users?limit=3&size=4, /users, 3",
        "size,  /v1/users?limit=3&size=4, /users, 4",
        "limit, /v1/mitigation/detection-content/custom?limit=3&Limit=4, /rules, 4",
        "size,  /v1/mitigation/detection-content/sigma/rules?limit=3&Limit=4, /rules, 3",
    })
    void p4ReadsPageSizeUnderThreeNames(String name, String path, String items, int size) throws Exception {
        start(rules -> rules.withPageSizeParameter(name));
        assertThat(caller().get(path).json().at(items)).hasSize(size);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/simulations/1,               Simulations, simulation_name",
        "/v1/agents/1,                    Agent,       platform_name",
        "/v1/templates/1,                 Template,    category_name",
        "/v1/threat-library/threats/1,    threat,      created_at",
        "/v1/threat-library/actions/1,    action,      name",
    })
    void p5WrapsSingleObjectOrNot(String path, String wrapper, String member) throws Exception {
        caller().simulate("s");
        JsonNode wrapped = caller().get(path).json();
        assertThat(wrapped.propertyNames()).containsExactly(wrapper);
        start(rules -> rules.withItemShape(ItemShape.BARE));
        caller().simulate("s");
        JsonNode bare = caller().get(path).json();
        assertThat(bare.has(member)).isTrue();
        assertThat(bare).isEqualTo(wrapped.get(wrapper));
    }

    @Test
    void p6WritesNullablesAsStructsPlainOrNull() throws Exception {
        String with = "{\"name\":\"a\",\"template_id\":1,\"agent_id\":5}";
        String without = "{\"name\":\"b\",\"template_id\":1}";
        JsonNode struct = caller().post("/v1/simulations", with).json().get("simulation");
        assertThat(struct.get("agent_id").toString()).isEqualTo("{\"Int64\":5,\"Valid\":true}");
        assertThat(struct.get("template_id").toString()).isEqualTo("{\"Int64\":1,\"Valid\":true}");
        assertThat(struct.get("is_active").toString()).isEqualTo("{\"Bool\":true,\"Valid\":true}");
        assertThat(caller().post("/v1/simulations", without).json().at("/simulation/agent_id"))
                .hasToString("{\"Int64\":0,\"Valid\":false}");
        start(rules -> rules.withNullables(NullableShape.PLAIN));
        JsonNode plain = caller().post("/v1/simulations", with).json().get("simulation");
        assertThat(plain.get("agent_id")).hasToString("5");
        assertThat(plain.get("is_active")).hasToString("true");
        assertThat(plain.get("integrations").isNull()).isTrue();
        assertThat(caller().post("/v1/simulations", without)
                        .json()
                        .at("/simulation/agent_id")
                        .isNull())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(ErrorsMember.class)
    void p7WritesErrorsAsMapStringOrNotAtAll(ErrorsMember shape) throws Exception {
        start(rules -> rules.withErrorsMember(shape));
        JsonNode body = caller().get("/v1/agents/abc").json();
        assertThat(body.get("message").stringValue()).isEqualTo("validation error");
        switch (shape) {
            case MAP -> assertThat(body.get("errors").isObject()).isTrue();
            case STRING -> assertThat(body.get("errors").stringValue()).isEqualTo("[\"parsing error\"]");
            case ABSENT -> assertThat(body.has("errors")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /v1/agents                                     | message error_code errors",
                "GET    | /v1/mitigation/detection-content/custom/1      | code message errors success",
                "GET    | /v2/mitigation/devices                         | code message errors success",
                "DELETE | /v1/simulations/1                              | message error_code errors success",
            })
    void p8VariesErrorShapeByOperation(String method, String path, String members) throws Exception {
        picus.faults().next(Fault.status(400));
        assertThat(caller().send(method, path, "").json().propertyNames()).containsExactly(members.split(" "));
        assertThat(caller().get("/v1/agents/abc").json().propertyNames()).containsExactly("message", "errors");
    }

    @ParameterizedTest
    @CsvSource({"200, 200", "201, 204"})
    void p9AnswersSuccessWithConfiguredStatus(int created, int deleted) throws Exception {
        start(rules -> rules.withCreatedStatus(created).withDeletedStatus(deleted));
        assertThat(caller().simulate("s").status()).isEqualTo(created);
        assertThat(caller().delete("/v1/simulations/1").status()).isEqualTo(deleted);
    }

    @Test
    void p10WritesIdsAndTimesInManyTypes() throws Exception {
        caller().simulate("s");
        long seconds = clock.instant().getEpochSecond();
        JsonNode detail = caller().get("/v1/simulations/1").json().get("Simulations");
        assertThat(detail.get("simulation_id").isIntegralNumber()).isTrue();
        assertThat(detail.at("/simulation_run/0/id").stringValue()).isEqualTo("1");
        assertThat(detail.get("updated_at").longValue()).isEqualTo(seconds);
        assertThat(caller().get("/v1/agents").number("/agents/0/created_at")).isEqualTo(1650284604358L);
        assertThat(caller().get("/v1/activity-logs")
                        .json()
                        .at("/activity_logs/0/event_time")
                        .isString())
                .isTrue();
        assertThat(caller().post("/v1/threat-library/threats", "{\"name\":\"t\"}")
                        .at("/threat/created_at"))
                .isEqualTo("2026-04-29T14:11:09.72964766Z");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void p11WritesTreesAsMalformedText(boolean text) throws Exception {
        start(rules -> rules.withEmbeddedText(text));
        JsonNode template = caller().get("/v1/templates/1").json().get("Template");
        if (text) {
            assertThat(template.get("agent_types").stringValue()).isEqualTo("[{id:1}]");
            assertThat(template.get("threats").stringValue()).startsWith("[{id: 1, Name: Threat 1}");
        } else {
            assertThat(template.at("/agent_types/0/id").intValue()).isEqualTo(1);
            assertThat(template.at("/threats/0/name").stringValue()).isEqualTo("Threat 1");
        }
    }

    @ParameterizedTest
    @CsvSource({"false, achived_count, unachived_count", "true, achieved_count, unachieved_count"})
    void p12MisspellsCountsOrNot(boolean correct, String achieved, String unachieved) throws Exception {
        start(rules -> rules.withCorrectSpelling(correct));
        caller().simulate("s");
        picus.advanceSimulation(1, "COMPLETED");
        JsonNode counts =
                caller().get("/v1/simulations/1/run/latest").json().at("/results/prevention/attacker_objectives");
        assertThat(counts.propertyNames()).containsExactly(achieved, unachieved, "not_tested_count", "total_count");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOT STARTED", "FAILED", "STOPPED", "PAUSED"})
    void p13ShowsAnyStatus(String status) throws Exception {
        caller().simulate("s");
        picus.advanceSimulation(1, status);
        assertThat(caller().get("/v1/simulations/1/run/latest").at("/status")).isEqualTo(status);
    }

    @Test
    void p14RetiresOperationAndNamesItsSuccessor() throws Exception {
        Answer answer = caller().get("/v1/mitigation/devices?simulation_ids=1");
        assertThat(answer.status()).isEqualTo(410);
        assertThat(answer.json().propertyNames()).containsExactly("message");
        assertThat(answer.at("/message")).contains("/v2/mitigation/devices");
        assertThat(caller().get("/v2/mitigation/devices").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"2, 422", "1, 200"})
    void p15RejectsPageOfOneOrNot(int minimum, int status) throws Exception {
        start(rules -> rules.withMinimumPageSize(minimum));
        assertThat(caller().get("/v1/users?limit=1").status()).isEqualTo(status);
        assertThat(caller().get("/v1/users?limit=2").status()).isEqualTo(200);
        assertThat(caller().get("/v1/users?limit=0").status()).isEqualTo(422);
    }

    @Test
    void p16ReturnsAnyJsonAsInstallToken() throws Exception {
        start(rules -> rules.withInstallToken("[\"a\",{\"b\":1}]"));
        assertThat(caller().get("/v1/agents/install-token?agent_type=Linux").text())
                .isEqualTo("[\"a\",{\"b\":1}]");
    }

    @Test
    void p17AnswersErrorWithMalformedJson() throws Exception {
        start(rules -> rules.withMalformedErrors(true));
        Answer answer = caller().get("/v1/agents/9");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).contains("not found error").contains("//").doesNotContain("}");
        assertThatThrownBy(answer::json).isInstanceOf(RuntimeException.class);
    }

    @Test
    void p18VariesTextOfUnauthorizedByCause() throws Exception {
        String token = picus.issueAccessToken(picus.secret());
        picus.revoke(token);
        assertThat(Caller.anonymous(picus.origin().resolve("/v1/agents")).text())
                .isEqualTo("{\"message\":\"auth header is empty\"}");
        assertThat(new Caller(picus, token.substring(0, 37) + "!")
                        .get("/v1/agents")
                        .text())
                .isEqualTo("{\"message\":\"illegal base64 data at input byte 37\"}");
        assertThat(new Caller(picus, token).get("/v1/agents").text()).isEqualTo("{\"message\":\"unauthorized error\"}");
    }

    private Caller caller() {
        return new Caller(picus);
    }

    private void start(UnaryOperator<PicusRules> change) {
        picus.close();
        picus = PicusSimulator.start(change.apply(PicusRules.documented().withClock(clock)));
    }
}
