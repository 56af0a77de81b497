package io.penstock.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.auth.AccessToken;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.FieldError;
import io.penstock.error.Retryability;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.picus.model.HostExposure;
import io.penstock.picus.model.NewSimulation;
import io.penstock.picus.model.RefreshToken;
import io.penstock.picus.model.ReportOrder;
import io.penstock.picus.model.ReportStatus;
import io.penstock.picus.model.RunResult;
import io.penstock.picus.model.Simulation;
import io.penstock.picus.model.SimulationStatus;
import io.penstock.picus.model.StartedSimulation;
import io.penstock.picus.model.Template;
import io.penstock.ratelimit.Quota;
import io.penstock.request.ApiRequest;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.picus.ErrorsMember;
import io.penstock.test.simulator.picus.ExpireAt;
import io.penstock.test.simulator.picus.ItemShape;
import io.penstock.test.simulator.picus.NullableShape;
import io.penstock.test.simulator.picus.PicusRules;
import io.penstock.test.simulator.picus.RefreshResult;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

/** The robustness cases P1 to P18 of Picus, its tokens and its retries, each over a real socket. */
@Tag("slow")
class PicusRobustnessTest extends PicusTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A short window, because a 429 is waited out until the quota's reset. */
    private static final PicusRules SHORT_WINDOW = PicusRules.documented().withRateWindow(Duration.ofSeconds(1));

    private int exchanges() {
        return simulator.requests().of("POST", "/v1/auth/token").size();
    }

    private StartedSimulation started(String name) {
        return picus.simulations()
                .create(NewSimulation.of(name, 1, 5L).startedNow())
                .block(PATIENCE);
    }

    @Test
    void p1SendsCredentialInAuthorizationExactlyOnce() {
        picus.agents().list().items().collectList().block(PATIENCE);

        LoggedRequest exchange =
                simulator.requests().of("POST", "/v1/auth/token").get(0);
        assertThat(exchange.headers()).doesNotContainKeys("authorization", "authentication");
        LoggedRequest sent = simulator.requests().of("GET", "/v1/agents").get(0);
        assertThat(sent.headers()).doesNotContainKey("authentication");
        assertThat(sent.headers().get("authorization"))
                .singleElement()
                .satisfies(value -> assertThat(value).startsWith("Bearer ").doesNotContain(simulator.secret()));
    }

    @ParameterizedTest
    @EnumSource(ExpireAt.class)
    void p2ExchangesShortLivedTokenOnceInEveryUnit(ExpireAt unit) {
        restart(PicusRules.documented().withExpireAt(unit).withAccessTokenLife(Duration.ofMinutes(6)));
        picus.agents().list().items().collectList().block(PATIENCE);
        picus.agents().list().items().collectList().block(PATIENCE);
        assertThat(exchanges()).isEqualTo(1);

        // A token is renewed five minutes before its end; a shorter life must not cause an exchange for every call.
        restart(PicusRules.documented().withExpireAt(unit).withAccessTokenLife(Duration.ofMinutes(4)));
        picus.agents().list().items().collectList().block(PATIENCE);
        picus.agents().list().items().collectList().block(PATIENCE);
        assertThat(exchanges()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "1654518145155,   2022-06-06T12:22:25.155Z",
        "1654518145,      2022-06-06T12:22:25Z",
        "'\"1654518145\"', 2022-06-06T12:22:25Z",
        "1,               2022-06-06T13:00:00Z",
        "1654425000,      2022-06-06T13:00:00Z",
        "99999999999999,  2022-06-06T13:00:00Z",
        "1e99,            2022-06-06T13:00:00Z",
        "-1,              2022-06-06T13:00:00Z",
        "12345678901234567890123, 2022-06-06T13:00:00Z",
        "'\"soon\"',      2022-06-06T13:00:00Z",
        "null,            2022-06-06T13:00:00Z",
        "{},              2022-06-06T13:00:00Z",
    })
    void p2ReadsExpiryByMagnitudeAndDefaultsToTwoHours(String told, Instant end) {
        AccessToken token = PicusVendor.SPEC
                .credential()
                .exchange()
                .reader()
                .apply(
                        JSON.readTree("{\"token\":\"abc\",\"expire_at\":" + told + "}"),
                        Instant.parse("2022-06-06T11:00:00Z"));

        assertThat(token.expiresAt()).isEqualTo(end);
    }

    @ParameterizedTest
    @EnumSource(RefreshResult.class)
    void p3ReadsReplacedRefreshTokenFromBodyOrHeaders(RefreshResult place) {
        restart(PicusRules.documented().withRefreshResult(place));
        String former = simulator.secret();

        RefreshToken replaced = picus.replaceRefreshToken(Secret.of(former)).block(PATIENCE);

        assertThat(replaced.id()).isEqualTo(2L);
        assertThat(replaced.name()).isEqualTo("token-2");
        assertThat(replaced.isExpired()).isFalse();
        assertThat(replaced.createdAt()).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(replaced.expiredAt()).isAfter(Instant.now().plus(Duration.ofDays(179)));
        assertThat(replaced.toString()).doesNotContain(replaced.token().reveal());
        assertThatObject(failureOf(picus.agents().list().items().collectList()).kind())
                .isEqualTo(ErrorKind.AUTHENTICATION);
        try (Picus next = connect(replaced.token().reveal())) {
            assertThat(next.agents().list().items().collectList().block(PATIENCE))
                    .isNotEmpty();
        }
        assertThat(simulator.refreshes()).isEqualTo(1);
    }

    @Test
    void p3FailsOnReplacementWithoutToken() {
        simulator.faults().on("POST", "/v1/auth/refresh", json(200, "{\"id\":2}"));

        ApiException failure = failureOf(picus.replaceRefreshToken(Secret.of(simulator.secret())));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure.certainty()).isEqualTo(Certainty.PROCESSED);
        assertThat(failure).hasMessageContaining("POST v1/auth/refresh");
    }

    @Test
    void p3DoesNotResendLostReplacement() {
        simulator.faults().on("POST", "/v1/auth/refresh", Fault.resetAfterEffect());

        ApiException failure = failureOf(picus.replaceRefreshToken(Secret.of(simulator.secret())));

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(simulator.refreshes()).isEqualTo(1);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void p4SendsPageParametersUnderNamesOfEachList() {
        assertThat(picus.users().list(ListQuery.of(3, 6)).next().block(PATIENCE).items())
                .extracting(user -> user.userId())
                .containsExactly(1240L, 1241L, 1242L);
        assertThat(picus.detectionContent()
                        .custom(ListQuery.of(4, 8))
                        .next()
                        .block(PATIENCE)
                        .items())
                .extracting(rule -> rule.get("content_id").longValue())
                .containsExactly(9L, 10L, 11L, 12L);

        assertThat(simulator.requests().of("GET", "/v1/users").get(0).uri()).endsWith("?limit=3&offset=6");
        assertThat(simulator
                        .requests()
                        .of("GET", "/v1/mitigation/detection-content/custom")
                        .get(0)
                        .uri())
                .endsWith("?Limit=4&Offset=8");
    }

    @Test
    void p4SendsPageSizeUnderItsOtherName() {
        restart(PicusRules.documented().withPageSizeParameter("size"));

        assertThat(picus.users()
                        .list(ListQuery.first().where("size", 4))
                        .next()
                        .block(PATIENCE)
                        .items())
                .hasSize(4);
    }

    @Test
    void p5ReadsWrappedAndBareObjectsAlike() {
        PicusRules rules = PicusRules.documented().withClock(Clock.fixed(Instant.now(), ZoneOffset.UTC));
        restart(rules.withItemShape(ItemShape.WRAPPED));
        List<Object> wrapped = singleObjects();
        restart(rules.withItemShape(ItemShape.BARE));
        List<Object> bare = singleObjects();

        assertThat(bare).isEqualTo(wrapped);
        assertThat(wrapped.get(0)).isInstanceOfSatisfying(Simulation.class, s -> {
            assertThat(s.simulationName()).isEqualTo("s");
            assertThat(s.more()).doesNotContainKey("Simulations");
        });
    }

    private List<Object> singleObjects() {
        started("s");
        return List.of(
                picus.simulations().get(1).block(PATIENCE),
                picus.agents().get(1).block(PATIENCE),
                picus.templates().get(1).block(PATIENCE),
                picus.threatLibrary().threat(1).block(PATIENCE),
                picus.threatLibrary().createThreat(Map.of("name", "t")).block(PATIENCE));
    }

    @ParameterizedTest
    @EnumSource(NullableShape.class)
    void p6ReadsNullablesInEveryShape(NullableShape shape) {
        restart(PicusRules.documented().withNullables(shape));

        StartedSimulation.Created with = picus.simulations()
                .create(NewSimulation.of("a", 1, 5L))
                .block(PATIENCE)
                .simulation();
        StartedSimulation.Created without = picus.simulations()
                .create(NewSimulation.of("b", 1, null))
                .block(PATIENCE)
                .simulation();

        assertThat(with.agentId()).isEqualTo(5L);
        assertThat(with.templateId()).isEqualTo(1L);
        assertThat(with.isActive()).isTrue();
        assertThat(without.agentId()).isNull();
    }

    @ParameterizedTest
    @EnumSource(ErrorsMember.class)
    void p7ReadsErrorsAsMapTextOrAbsent(ErrorsMember shape) {
        restart(PicusRules.documented().withErrorsMember(shape));

        ApiException failure =
                failureOf(picus.client().value(ApiRequest.get("v1/agents/{Id}").path("Id", "abc")));

        assertThat(failure).isInstanceOf(PicusException.class).hasMessageContaining("validation error");
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.VALIDATION);
        assertThat(failure.status()).isEqualTo(422);
        assertThat(failure.serverMessage()).isEqualTo("validation error");
        List<FieldError> errors = failure.fieldErrors();
        switch (shape) {
            case MAP -> {
                assertThat(errors).extracting(FieldError::field).containsExactly("parsing error");
                assertThat(errors.get(0).message()).contains("strconv.ParseUint");
            }
            case STRING -> assertThat(errors).extracting(FieldError::message).containsExactly("[\"parsing error\"]");
            case ABSENT -> assertThat(errors).isEmpty();
        }
        assertThat(simulator.requests().of("GET", "/v1/agents/abc")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    v1/agents,                                1001",
        "GET,    v1/mitigation/detection-content/custom/1, 400",
        "GET,    v2/mitigation/devices,                    400",
        "DELETE, v1/simulations/1,                         1001",
    })
    void p8ReadsEveryErrorShapeByItsMembers(Method method, String path, String code) {
        simulator.faults().on(method.name(), "/" + path, Fault.status(400));

        ApiException failure = failureOf(picus.client().value(ApiRequest.of(method, path)));

        assertThat(failure).isInstanceOf(PicusException.class);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.serverMessage()).isEqualTo("The error message");
        assertThat(failure.fieldErrors()).extracting(FieldError::field).containsExactly("error1", "error2");
        assertThat(failure.details().at("/error2").asString()).isEqualTo("message2");
    }

    @Test
    void p8ReportsSuccessFalseAsFailure() {
        simulator
                .faults()
                .on("DELETE", "/v1/simulations/1", json(200, "{\"message\":\"is running\",\"success\":false}"));

        ApiException failure = failureOf(picus.simulations().delete(1));

        assertThat(failure).isInstanceOf(PicusException.class).hasMessageContaining("is running");
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.VALIDATION);
        assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(simulator.requests().of("DELETE", "/v1/simulations/1")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"200, 200", "201, 204"})
    void p9AcceptsEveryStatusOfSuccess(int created, int deleted) {
        restart(PicusRules.documented().withCreatedStatus(created).withDeletedStatus(deleted));

        assertThat(started("s").simulation().id()).isEqualTo(1L);
        picus.simulations().delete(1).block(PATIENCE);
        picus.threatLibrary().deleteThreat(1).block(PATIENCE);

        assertThat(picus.simulations()
                        .list(ListQuery.first())
                        .next()
                        .block(PATIENCE)
                        .items())
                .isEmpty();
        assertThat(simulator.effects().count()).isEqualTo(3);
    }

    @Test
    void p10ReadsIdsNumbersAndTimesInEveryForm() {
        Instant before = Instant.now().minusSeconds(2);
        started("s");

        Simulation simulation = picus.simulations().get(1).block(PATIENCE);
        assertThat(simulation.runs()).singleElement().satisfies(run -> {
            assertThat(run.id()).isEqualTo(1L);
            assertThat(run.startedAt()).isBetween(before, Instant.now());
            assertThat(run.completedAt()).isNull();
        });
        assertThat(simulation.updatedAt()).isBetween(before, Instant.now());
        assertThat(picus.agents().get(1).block(PATIENCE).createdAt()).isEqualTo(Instant.ofEpochMilli(1650284604358L));
        assertThat(picus.users()
                        .activityLogs(ListQuery.of(2, 0))
                        .next()
                        .block(PATIENCE)
                        .items()
                        .get(0)
                        .eventTime())
                .isEqualTo(Instant.ofEpochSecond(1743141698));
        assertThat(picus.threatLibrary()
                        .createThreat(Map.of("name", "t"))
                        .block(PATIENCE)
                        .createdAt()
                        .toString())
                .endsWith(".729647660Z");
        assertThat(picus.exposureScores(List.of(new HostExposure("CVE-2022-21903", "asset-001")))
                        .items()
                        .blockFirst(PATIENCE)
                        .securityControlEffectiveness())
                .isEqualTo(new BigDecimal("75.0"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"17\"                       | \"1743141698\"                     | 17 | 2025-03-28T06:01:38Z |",
                "17.0                         | 1743141698000                      | 17 | 2025-03-28T06:01:38Z |",
                "{\"Int64\":17,\"Valid\":true}  | {\"Int64\":1743141698,\"Valid\":true} | 17 | 2025-03-28T06:01:38Z |",
                "{\"Int64\":17,\"Valid\":false} | \"0001-01-01T00:00:00Z\"           |    | |",
                "null                         | 0                                  |    | |",
                "\"\"                         | \"\"                               |    | |",
                "[1]                          | {\"at\":1}                         |    | | id created_at",
                "1e999999999                  | \"yesterday\"                      |    | | id created_at",
                "18446744073709551616         | -5                                 |    | | id created_at",
                "1.5                          | \"0001-01-01T00:00:00Z\"           |    | | id",
                "\"a\"                        | \"2025-03-28T08:01:38+02:00\"      |    | 2025-03-28T06:01:38Z | id",
            })
    void p10KeepsUnreadableMembersAndReadsTheRest(String id, String time, Long readId, Instant readTime, String kept) {
        simulator
                .faults()
                .on(
                        "GET",
                        "/v1/threat-library/threats/1",
                        json(200, "{\"id\":" + id + ",\"created_at\":" + time + ",\"name\":\"t\",\"new\":[1]}"));

        var threat = picus.threatLibrary().threat(1).block(PATIENCE);

        assertThat(threat.id()).isEqualTo(readId);
        assertThat(threat.createdAt()).isEqualTo(readTime);
        assertThat(threat.name()).isEqualTo("t");
        assertThat(threat.more()).containsOnlyKeys(("new" + (kept == null ? "" : " " + kept)).split(" "));
        if (time.equals("\"yesterday\"")) {
            assertThat(threat.more().get("created_at").asString()).isEqualTo("yesterday");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void p11KeepsEmbeddedTextAsTree(boolean text) {
        restart(PicusRules.documented().withEmbeddedText(text));

        Template template = picus.templates().get(1).block(PATIENCE);

        if (text) {
            assertThat(template.agentTypes().asString()).isEqualTo("[{id:1}]");
            assertThat(template.threats().asString()).startsWith("[{id: 1, Name: Threat 1}");
        } else {
            assertThat(template.agentTypes().at("/0/id").intValue()).isEqualTo(1);
            assertThat(template.threats().at("/1/name").asString()).isEqualTo("Threat 2");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void p12ReadsCountsInBothSpellings(boolean correct) {
        restart(PicusRules.documented().withCorrectSpelling(correct));
        started("s");
        simulator.advanceSimulation(1, "COMPLETED");

        RunResult.Objectives objectives = picus.latestRun(1)
                .result()
                .block(PATIENCE)
                .results()
                .prevention()
                .attackerObjectives();

        assertThat(objectives).isEqualTo(new RunResult.Objectives(1L, 1L, 0L, 2L));
    }

    @ParameterizedTest
    @CsvSource({
        "RUNNING, false",
        "NOT STARTED, false",
        "WAITING FOR THE FIRST RUN, false",
        "PAUSED, false",
        "COMPLETED, true",
        "STOPPED, true",
        "FAILED, true"
    })
    void p13ReturnsAnyStatusAndKnowsFinalOnes(String status, boolean last) {
        started("s");
        simulator.advanceSimulation(1, status);

        SimulationStatus told = picus.latestRun(1).result().block(PATIENCE).status();

        assertThat(told).isEqualTo(SimulationStatus.of(status)).hasToString(status);
        assertThat(told.isFinal()).isEqualTo(last);
        assertThat(picus.simulations().get(1).block(PATIENCE).status()).isEqualTo(told);
    }

    @Test
    void p13ContinuesPollingOnUnknownStatus() {
        started("s");
        simulator.advanceSimulation(1, "COMPLETED");
        simulator
                .faults()
                .on("GET", "/v1/simulations/1/run/latest", json(200, "{\"status\":\"DAY DREAMING\",\"results\":null}"));

        List<SimulationStatus> seen = picus.latestRun(1)
                .result()
                .map(RunResult::status)
                .repeat(5)
                .takeUntil(SimulationStatus::isFinal)
                .collectList()
                .block(PATIENCE);

        assertThat(seen).containsExactly(SimulationStatus.of("DAY DREAMING"), SimulationStatus.COMPLETED);
    }

    @Test
    void p13TreatsUnknownStatusOfReportAsIncomplete() {
        started("s");
        long report = picus.reports()
                .create(1, ReportOrder.ofLatestRun("PDF"))
                .block(PATIENCE)
                .get(0)
                .id();
        simulator.advanceReport(report, "SHARPENING THE PENCIL");

        ReportStatus status = picus.reports().get(1, report).block(PATIENCE).status();

        assertThat(status).isEqualTo(ReportStatus.of("SHARPENING THE PENCIL"));
        assertThat(status.isCompleted()).isFalse();
    }

    @Test
    void p14ReportsRetiredOperationWithItsSuccessor() {
        ApiException failure = failureOf(picus.client().value(ApiRequest.get("v1/mitigation/devices")));

        assertThat(failure).isInstanceOf(PicusException.class);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.GONE);
        assertThat(failure.retryability()).isEqualTo(Retryability.PERMANENT);
        assertThat(failure.serverMessage()).contains("this endpoint is retired");
        assertThat(failure.remedy()).contains("use v2/mitigation/devices and v2/mitigation/devices/{DeviceId}");
        assertThat(simulator.requests().of("GET", "/v1/mitigation/devices")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -1})
    void p15RejectsPageOfLessThanTwo(int limit) {
        ApiException failure = catchThrowableOfType(ApiException.class, () -> ListQuery.of(limit, 0));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(failure).hasMessageContaining("limit: " + limit).hasMessageContaining(">= 2");
        assertThat(picus.users().list(ListQuery.of(2, 0)).next().block(PATIENCE).items())
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"a\",{\"b\":1}]", "{\"token\":\"t\"}", "\"text\""})
    void p16ReturnsInstallTokenAsSent(String json) {
        restart(PicusRules.documented().withInstallToken(json));

        assertThat(picus.agents().installToken("Linux", null).block(PATIENCE)).isEqualTo(JSON.readTree(json));
    }

    @Test
    void p17KeepsMalformedErrorAsText() {
        restart(PicusRules.documented().withMalformedErrors(true));

        ApiException failure = failureOf(picus.agents().get(9));

        assertThat(failure).isInstanceOf(PicusException.class).hasMessageContaining("not JSON");
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(failure.serverMessage()).isNull();
        assertThat(failure.bodyExcerpt()).contains("not found error").contains("//");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"message\":\"auth header is empty\"}",
                "{\"message\":\"illegal base64 data at input byte 37\"}",
                "{\"message\":\"unauthorized error\"}",
                "{\"message\":\"something new\"}",
                "<html>"
            })
    void p18RetriesAnyUnauthorizedAnswerWithOneOtherToken(String body) {
        simulator.faults().on("GET", "/v1/agents", json(401, body));

        assertThat(picus.agents().list().items().collectList().block(PATIENCE)).hasSize(3);

        List<LoggedRequest> sent = simulator.requests().of("GET", "/v1/agents");
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).header("authorization")).isNotEqualTo(sent.get(0).header("authorization"));
        assertThat(exchanges()).isEqualTo(2);
    }

    @Test
    void reportsSecondUnauthorizedAnswer() {
        simulator.faults().on("GET", "/v1/agents", Fault.status(401), Fault.status(401), Fault.status(401));

        ApiException failure = failureOf(picus.agents().list().items().collectList());

        assertThat(failure).isInstanceOf(PicusException.class);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(simulator.requests().of("GET", "/v1/agents")).hasSize(2);
        assertThat(exchanges()).isEqualTo(2);
        assertThat(simulator.refreshes()).isZero();
    }

    @Test
    void repeatsPostWithAnotherToken() {
        picus.agents().list().items().collectList().block(PATIENCE);
        simulator.revokeAccessTokens();

        assertThat(started("s").simulation().id()).isEqualTo(1L);
        assertThat(simulator.effects().count("POST /v1/simulations")).isEqualTo(1);
    }

    @Test
    void failsOnRefusedRefreshTokenWithoutSendingMore() {
        simulator.revoke(simulator.secret());

        ApiException failure = failureOf(picus.agents().list().items().collectList());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(failure.retryability()).isEqualTo(Retryability.PERMANENT);
        assertThat(failure).hasMessageContaining("refresh token that exists");
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void retriesTokenExchange() {
        simulator.faults().on("POST", "/v1/auth/token", Fault.status(503), Fault.resetAfterEffect());

        assertThat(picus.agents().list().items().collectList().block(PATIENCE)).hasSize(3);
        assertThat(exchanges()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"expire_at\":1}", "{\"token\":\"\"}", "{\"token\":null}", "[]", "\"t\""})
    void failsOnExchangeWithoutToken(String json) {
        simulator.faults().on("POST", "/v1/auth/token", json(200, json));

        ApiException failure = failureOf(picus.agents().list().items().collectList());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure).hasMessageContaining("token: missing in the answer of POST v1/auth/token");
        assertThat(simulator.requests().of("GET", "/v1/agents")).isEmpty();
    }

    @Test
    void sharesOneExchangeAmongConcurrentCalls() {
        Flux.range(0, 20)
                .flatMap(i -> picus.agents().list().items().collectList(), 20)
                .blockLast(PATIENCE);
        assertThat(exchanges()).isEqualTo(1);

        simulator.revokeAccessTokens();
        List<?> all = Flux.range(0, 20)
                .flatMap(i -> picus.agents().list().items().collectList(), 20)
                .collectList()
                .block(PATIENCE);

        assertThat(all).hasSize(20);
        assertThat(exchanges()).isEqualTo(2);
        assertThat(simulator.refreshes()).isZero();
    }

    @Test
    void reportsLicenceLimitWithoutRetry() {
        restart(PicusRules.documented().withSimulationLicence(0));

        ApiException failure = failureOf(picus.simulations().create(NewSimulation.of("s", 1, null)));

        assertThat(failure).isInstanceOf(PicusException.LimitReached.class);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.PAYMENT_REQUIRED);
        assertThat(failure.retryability()).isEqualTo(Retryability.AFTER_ACTION);
        assertThat(failure.remedy()).contains("delete");
        assertThat(simulator.requests().of("POST", "/v1/simulations")).hasSize(1);
        assertThat(simulator.effects().count()).isZero();
    }

    @Test
    void classifiesNarrowScopeAsPermission() {
        try (Picus narrow = connect(simulator.issueRefreshToken("GET /v1/agents"))) {
            assertThat(narrow.agents().list().items().collectList().block(PATIENCE))
                    .hasSize(3);

            ApiException failure =
                    failureOf(narrow.users().list(ListQuery.first()).next());

            assertThat(failure).isInstanceOf(PicusException.class);
            assertThatObject(failure.kind()).isEqualTo(ErrorKind.PERMISSION);
            assertThat(failure.remedy()).contains("scope").contains("role");
            assertThat(simulator.requests().of("GET", "/v1/users")).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, VALIDATION, 1",
        "402, PAYMENT_REQUIRED, 1",
        "403, PERMISSION, 1",
        "404, NOT_FOUND, 1",
        "408, TIMEOUT, 4",
        "410, GONE, 1",
        "422, VALIDATION, 1",
        "429, RATE_LIMITED, 4",
        "500, SERVER_ERROR, 4",
        "502, SERVER_ERROR, 4",
        "503, UNAVAILABLE, 4",
        "504, SERVER_ERROR, 4"
    })
    void retriesEachStatusOfReadAsDocumented(int status, ErrorKind kind, int sends) {
        restart(SHORT_WINDOW);
        always("GET", "/v1/agents", Fault.status(status));

        ApiException failure = failureOf(picus.agents().list().items().collectList());

        assertThat(failure).isInstanceOf(PicusException.class);
        assertThatObject(failure.kind()).isEqualTo(kind);
        assertThat(simulator.requests().of("GET", "/v1/agents")).hasSize(sends);
    }

    @ParameterizedTest
    @CsvSource({"408, 1", "429, 2", "500, 1", "502, 1", "503, 1", "504, 1"})
    void resendsPostOnlyAfterRefusal(int status, int sends) {
        restart(SHORT_WINDOW);
        simulator.faults().on("POST", "/v1/simulations", Fault.status(status));

        if (sends == 1) {
            ApiException failure = failureOf(picus.simulations().create(NewSimulation.of("s", 1, null)));
            assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        } else {
            assertThat(picus.simulations()
                            .create(NewSimulation.of("s", 1, null))
                            .block(PATIENCE))
                    .isNotNull();
        }
        assertThat(simulator.requests().of("POST", "/v1/simulations")).hasSize(sends);
    }

    @Test
    void acceptsNotFoundAfterLostAnswerToDeletion() {
        started("s");
        simulator.faults().on("DELETE", "/v1/simulations/1", Fault.resetAfterEffect());

        picus.simulations().delete(1).block(PATIENCE);

        assertThat(simulator.requests().of("DELETE", "/v1/simulations/1")).hasSize(2);
        assertThat(simulator.effects().count("DELETE /v1/simulations/{Id}")).isEqualTo(1);
    }

    @Test
    void failsToDeleteMissingSimulation() {
        restart(SHORT_WINDOW);
        simulator.faults().on("DELETE", "/v1/simulations/7", Fault.status(429));

        ApiException failure = failureOf(picus.simulations().delete(7));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(simulator.requests().of("DELETE", "/v1/simulations/7")).hasSize(2);
    }

    @Test
    void waitsUntilQuotaIsFullAfterRefusal() {
        restart(SHORT_WINDOW.withRequestsPerMinute("GET /v1/agents", 1));
        picus.agents().list().items().collectList().block(PATIENCE);

        assertThat(picus.agents().list().items().collectList().block(PATIENCE)).isNotEmpty();

        assertThat(simulator.requests().of("GET", "/v1/agents")).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void tracksQuotaPerMethodAndPathTemplate() {
        restart(PicusRules.documented().withRequestsPerMinute("GET /v1/agents/{Id}", 30));
        picus.agents().list().items().collectList().block(PATIENCE);
        picus.agents().get(1).block(PATIENCE);
        picus.agents().get(2).block(PATIENCE);

        List<Quota> quotas = picus.client().inspect().quotas();

        assertThat(quotas)
                .extracting(Quota::partition, Quota::limit, Quota::remaining)
                .containsExactlyInAnyOrder(
                        tuple("POST v1/auth/token", 50L, 49L),
                        tuple("GET v1/agents", 100L, 99L),
                        tuple("GET v1/agents/{Id}", 30L, 28L));
        assertThat(quotas)
                .extracting(Quota::resetsAt)
                .allSatisfy(reset ->
                        assertThat(reset).isBetween(Instant.now(), Instant.now().plusSeconds(62)));
    }

    @Test
    void printsNoSecret() {
        picus.agents().list().items().collectList().block(PATIENCE);
        String refresh = simulator.secret();
        String access = simulator
                .requests()
                .of("GET", "/v1/agents")
                .get(0)
                .header("authorization")
                .substring("Bearer ".length());
        simulator
                .faults()
                .on("GET", "/v1/users", json(500, "{\"message\":\"bad " + refresh + "\",\"token\":\"" + access + "\"}"))
                .on(
                        "POST",
                        "/v1/auth/refresh",
                        json(400, "{\"message\":\"no\",\"refresh_token\":\"" + refresh + "\"}"));

        try (Picus once = Picus.over(Picus.configure()
                .baseUri(simulator.baseUri())
                .secret(Secret.of(refresh))
                .retry(PicusVendor.SPEC.retry().withMaxAttempts(1))
                .build())) {
            ApiException failure =
                    failureOf(once.users().list(ListQuery.first()).next());
            ApiException replacement = failureOf(once.replaceRefreshToken(Secret.of(refresh)));
            simulator.revoke(refresh);
            ApiException refused = failureOf(picus.agents().list().items().collectList());

            assertThat(failure.status()).isEqualTo(500);
            assertThat(replacement.status()).isEqualTo(400);
            assertThatObject(refused.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
            for (ApiException told : List.of(failure, replacement, refused)) {
                assertThat(told
                                + told.getMessage()
                                + told.failure()
                                + told.bodyExcerpt()
                                + told.serverMessage()
                                + told.journey()
                                + told.journey().timeline()
                                + told.journey().toJson())
                        .doesNotContain(refresh)
                        .doesNotContain(access);
            }
        }
        assertThat(picus.client().inspect().explain(ApiRequest.get("v1/agents"))
                        + picus.client()
                        + picus.client().spec())
                .contains("<token by POST v1/auth/token>")
                .doesNotContain(refresh)
                .doesNotContain(access);
    }

    @Test
    void p10KeepsOddMemberWithoutLosingList() {
        simulator
                .faults()
                .on(
                        "GET",
                        "/v1/simulations",
                        json(
                                200,
                                "{\"simulations\":[{\"simulation_id\":1,\"updated_at\":\"yesterday\",\"status_details\":\"none\"},"
                                        + "{\"simulation_id\":2,\"simulation_run\":7}],"
                                        + "\"pages\":{\"total_count\":2,\"limit\":25,\"offset\":0}}"));

        List<Simulation> simulations = picus.simulations()
                .list(ListQuery.first())
                .items()
                .collectList()
                .block(PATIENCE);

        assertThat(simulations).extracting(Simulation::simulationId).containsExactly(1L, 2L);
        assertThat(simulations.get(0).more().get("updated_at").asString()).isEqualTo("yesterday");
        assertThat(simulations.get(0).more().get("status_details").asString()).isEqualTo("none");
        assertThat(simulations.get(1).runs()).isEmpty();
        assertThat(simulations.get(1).more()).containsOnlyKeys("simulation_run");
    }
}
