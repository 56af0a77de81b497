package io.penstock.infraon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.ApiClient;
import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.FieldError;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.infraon.model.Attachment;
import io.penstock.infraon.model.CreatedIncident;
import io.penstock.infraon.model.Department;
import io.penstock.infraon.model.IncidentDetail;
import io.penstock.infraon.model.IncidentRow;
import io.penstock.infraon.model.ListQuery;
import io.penstock.infraon.model.NewDepartment;
import io.penstock.infraon.model.NewIncident;
import io.penstock.infraon.model.Result;
import io.penstock.request.ApiRequest;
import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.infraon.CreatedBody;
import io.penstock.test.simulator.infraon.InfraonRules;
import io.penstock.test.simulator.infraon.KeyForm;
import io.penstock.test.simulator.infraon.Quirk;
import io.penstock.test.simulator.infraon.ResultMessage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The robustness cases F1 to F19 of Infraon, each over a real socket. */
class InfraonRobustnessTest extends InfraonTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String INCIDENTS = "/ux/sd/inci/incident/";
    private static final String LOGIN = "/ux/api-token-auth/";
    private static final String CODED_LOGIN = "/ux/api-token/";
    private static final NewIncident INCIDENT = NewIncident.of("VPN down", "user@example.com");

    private Infraon loggedIn() {
        return connect(InfraonCredential.login(simulator.username()), simulator.password());
    }

    private static InfraonRules rules() {
        return InfraonRules.documented();
    }

    private static JsonNode json(LoggedRequest request) {
        return JSON.readTree(request.body());
    }

    /** Returns everything that a failure can print. */
    private static String shown(ApiException failure) {
        return failure.toString()
                + failure.failure()
                + failure.serverMessage()
                + failure.bodyExcerpt()
                + failure.fieldErrors()
                + failure.journey().timeline()
                + failure.journey().toJson();
    }

    // F1

    @Test
    void f1SendsKeyWithItsScheme() {
        infraon.incidents(ListQuery.first()).next().block(PATIENCE);

        assertThat(lastRequest().header("authorization")).isEqualTo("ApiKey " + simulator.secret());
    }

    @Test
    void f1SendsKeyRawWhereTenantTakesIt() {
        restart(rules().withKeyForm(KeyForm.RAW));
        Infraon raw = connect(InfraonCredential.raw(), simulator.secret());

        raw.incidents(ListQuery.first()).next().block(PATIENCE);

        assertThat(lastRequest().header("authorization")).isEqualTo(simulator.secret());
        assertThatObject(failureOf(infraon.incidents(ListQuery.first()).next()).kind())
                .isEqualTo(ErrorKind.AUTHENTICATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Infraon "})
    void f1SendsTokenOfLoginUnchangedWhateverItsPrefix(String prefix) {
        restart(rules().withTokenPrefix(prefix));

        loggedIn().incidents(ListQuery.first()).next().block(PATIENCE);

        assertThat(simulator.requests().all()).extracting(LoggedRequest::path).containsExactly(LOGIN, INCIDENTS);
        assertThat(simulator.requests().all().get(0).header("authorization")).isNull();
        assertThat(lastRequest().header("authorization")).matches(prefix + "[0-9a-z]{40}");
    }

    @Test
    void f1SharesOneLoginAmongWaitingCalls() {
        simulator.faults().on("POST", LOGIN, Fault.delay(Duration.ofMillis(200)));
        Infraon operator = loggedIn();

        Flux.range(0, 20)
                .flatMap(i -> operator.incidents(ListQuery.first()).next())
                .blockLast(PATIENCE);

        assertThat(simulator.requests().of("POST", LOGIN)).hasSize(1);
        assertThat(simulator.requests().of("GET", INCIDENTS)).hasSize(20);
    }

    @Test
    void f1ReplacesExpiredTokenByOneLoginAndRepeatsCallOnce() {
        Infraon operator = loggedIn();
        operator.incidents(ListQuery.first()).next().block(PATIENCE);
        simulator.revokeTokens();

        operator.createIncident(INCIDENT).block(PATIENCE);

        assertThat(simulator.requests().of("POST", LOGIN)).hasSize(2);
        assertThat(simulator.requests().of("POST", INCIDENTS)).hasSize(2);
        assertThat(simulator.effects().count("POST " + INCIDENTS)).isEqualTo(1);
    }

    @Test
    void f1ReportsSecondRefusalToCaller() {
        simulator.faults().on("GET", INCIDENTS, Fault.status(401), Fault.status(401));

        ApiException failure = failureOf(loggedIn().incidents(ListQuery.first()).next());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure).isInstanceOf(InfraonException.class);
        assertThat(simulator.requests().of("GET", INCIDENTS)).hasSize(2);
        assertThat(simulator.requests().of("POST", LOGIN)).hasSize(2);
    }

    // F2

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void f2ClassifiesMissingKeyAsAuthenticationAtAnyStatus(boolean quirk) {
        restart(quirk ? rules().with(Quirk.MISSING_KEY_IS_401) : rules());
        ApiClient without =
                closedAfterwards(Infraon.configure(simulator.baseUri()).build());

        ApiException failure =
                failureOf(Infraon.over(without).incidents(ListQuery.first()).next());

        assertThat(failure.status()).isEqualTo(quirk ? 401 : 403);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(failure.remedy()).isNotNull();
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong", "expired", "revoked"})
    void f2ClassifiesBadKeyAsAuthenticationWithoutRetry(String why) {
        SteppedClock clock = SteppedClock.startingNow();
        restart(rules().withClock(clock));
        String key = why.equals("wrong") ? "no-such-key" : simulator.issueKey(Duration.ofHours(1));
        Infraon holder = connect(InfraonCredential.apiKey(), key);
        if (!why.equals("wrong")) {
            holder.incidents(ListQuery.first()).next().block(PATIENCE);
        }
        clock.advance(why.equals("expired") ? Duration.ofHours(1) : Duration.ZERO);
        if (why.equals("revoked")) {
            simulator.revoke(key);
        }
        simulator.requests().clear();

        ApiException failure = failureOf(holder.incidents(ListQuery.first()).next());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure.status()).isEqualTo(401);
        assertThat(failure.serverMessage()).isEqualTo("Invalid API key.");
        assertThat(failure.remedy()).contains("authenticate again");
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void f2DoesNotLogInAgainAfterMissingKeyWith403() {
        simulator.faults().on("GET", INCIDENTS, Fault.status(403));

        ApiException failure = failureOf(loggedIn().incidents(ListQuery.first()).next());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure.status()).isEqualTo(403);
        assertThat(failure.retryability()).isEqualTo(Retryability.PERMANENT);
        assertThat(simulator.requests().count()).isEqualTo(2);
    }

    @Test
    void f2ClassifiesAnyOther403AsPermission() {
        answer(403, "{\"error\":\"No access to this module.\"}");

        assertThatObject(failureOf(infraon.incidents(ListQuery.first()).next()).kind())
                .isEqualTo(ErrorKind.PERMISSION);
    }

    // F3

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void f3DecodesBareArraysAndEnvelopes(boolean bare) {
        restart(bare ? rules().with(Quirk.BARE_LISTS) : rules());
        simulator.addIncidents(3);

        Page<IncidentRow> page =
                infraon.incidents(ListQuery.first().withItemsPerPage(2)).next().block(PATIENCE);

        assertThat(page.items()).extracting(IncidentRow::summary).containsExactly("Incident 1", "Incident 2");
        if (bare) {
            assertThat(page.more()).isEmpty();
        } else {
            assertThat(page.more().get("count").intValue()).isEqualTo(3);
        }
    }

    // F4

    @ParameterizedTest
    @ValueSource(strings = {"error", "failed", "failure", "Error", "FAILURE"})
    void f4ReportsFailureInside200WithoutRetry(String status) {
        answer(200, "{\"id\":7,\"status\":\"" + status + "\",\"msg\":\"Not updated.\"}");

        ApiException failure = failureOf(infraon.incidents(ListQuery.first()).next());

        assertThat(failure).isInstanceOf(InfraonException.OperationFailed.class);
        assertThat(failure.status()).isEqualTo(200);
        assertThat(failure.serverMessage()).isEqualTo("Not updated.");
        assertThat(failure.fieldErrors()).isEmpty();
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void f4ReportsFailedUpdate() {
        simulator.addIncidents(1);

        ApiException failure =
                failureOf(infraon.updateIncident("1", edit -> edit.incident().remove("basic_info")));

        assertThat(failure).isInstanceOf(InfraonException.OperationFailed.class);
        assertThat(failure.serverMessage()).isEqualTo("basic_info is missing.");
        assertThat(simulator.effects().count()).isZero();
    }

    @Test
    void f4ReportsFailureWhereNoBodyIsExpected() {
        simulator.addIncidents(1);
        answer(200, "{\"status\":\"error\",\"msg\":\"In use.\"}");
        assertThat(failureOf(infraon.deleteIncident("1"))).isInstanceOf(InfraonException.OperationFailed.class);

        answer(201, "{\"status\":\"error\",\"msg\":\"There is one.\"}");
        assertThat(failureOf(infraon.createDepartment(NewDepartment.of("IT", ""))))
                .isInstanceOf(InfraonException.OperationFailed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":\"Something went wrong. Please try again later.\"}",
                "\uFEFF{\"id\":7,\"error\":\"Something went wrong. Please try again later.\"}",
                "{\"\\u0065rror\":[\"Something went wrong.\",\"Please try again later.\"]}"
            })
    void f4ReportsErrorInsideSuccessAtAnyStatus(String body) {
        for (int status : new int[] {200, 201, 202}) {
            answer(status, body);

            ApiException failure = failureOf(infraon.createIncident(INCIDENT));

            assertThat(failure).isInstanceOf(InfraonException.OperationFailed.class);
            assertThat(failure.serverMessage()).contains("Something went wrong.", "Please try again later.");
            assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        }
        assertThat(simulator.requests().count()).isEqualTo(3);
        assertThat(simulator.effects().count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "false", "\"\""})
    void f4IgnoresEmptyError(String error) {
        answer(200, "{\"id\":1,\"error\":" + error + "}");

        assertThat(infraon.resource("jobs").get("1").block(PATIENCE).get("id").asInt())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"success", "Open", "errors", ""})
    void f4AcceptsAnyOtherStatusAsSuccess(String status) {
        answer(200, "{\"status\":\"" + status + "\"}");

        JsonNode answer = infraon.resource("jobs").get("1").block(PATIENCE);

        assertThat(answer.get("status").stringValue()).isEqualTo(status);
    }

    // F5

    @ParameterizedTest
    @EnumSource(ResultMessage.class)
    void f5ReturnsFirstNonBlankText(ResultMessage form) {
        restart(rules().withResultMessage(form));

        Result<CreatedIncident> result = infraon.createIncident(INCIDENT).block(PATIENCE);

        assertThat(result.text()).isEqualTo("Created successfully.");
        assertThat(result.more().get("status").stringValue()).isEqualTo("success");
    }

    @Test
    void f5PrefersMessageAndIgnoresBlankTexts() {
        answer(201, "{\"message\":\"one\",\"msg\":\"two\"}");
        assertThat(infraon.createIncident(INCIDENT).block(PATIENCE).text()).isEqualTo("one");
        answer(201, "{\"message\":null,\"msg\":\" \"}");
        assertThat(infraon.createIncident(INCIDENT).block(PATIENCE).text()).isNull();
    }

    // F6

    @Test
    void f6CompletesEmptyForOperationWithoutBody() {
        restart(rules().withCreatedBody(CreatedBody.EMPTY).with(Quirk.EMPTY_UPDATES));

        assertThat(infraon.createIncident(INCIDENT).blockOptional(PATIENCE)).isEmpty();
        assertThat(infraon.createChange(Map.of("summary", "s")).blockOptional(PATIENCE))
                .isEmpty();
        assertThat(infraon.updateIncident("1", edit -> edit.summary("other")).blockOptional(PATIENCE))
                .isEmpty();
        InfraonResource tags = infraon.resource("tags");
        assertThat(tags.create(Map.of("a", 1)).blockOptional(PATIENCE)).isEmpty();
        assertThat(tags.update("1", Map.of("a", 2)).blockOptional(PATIENCE)).isEmpty();
        assertThat(simulator.effects().count()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void f6AcceptsDeletionWithoutBodyAt200And204(boolean quirk) {
        restart(quirk ? rules().with(Quirk.DELETE_IS_200) : rules());
        simulator.addIncidents(1);

        infraon.deleteIncident("1").block(PATIENCE);

        assertThat(simulator.effects().count("DELETE " + INCIDENTS + "{id}/")).isEqualTo(1);
    }

    @Test
    void f6AcceptsConversationOperationsWithoutBody() {
        simulator.addIncidents(1);
        InfraonResource conversation = infraon.conversation("1");

        assertThat(conversation.create(Map.of("text", "a")).blockOptional(PATIENCE))
                .isEmpty();
        assertThat(conversation.list(ListQuery.first()).items().collectList().block(PATIENCE))
                .isEmpty();
        assertThat(conversation.get("1").blockOptional(PATIENCE)).isEmpty();
        assertThat(conversation.update("1", Map.of("text", "b")).blockOptional(PATIENCE))
                .isEmpty();
        conversation.delete("1").block(PATIENCE);
        assertThat(simulator.effects().count()).isEqualTo(3);
    }

    // F7

    @Test
    void f7AddsNoPrefixToPath() {
        JsonNode user = infraon.client().value(ApiRequest.get("/api/user")).block(PATIENCE);
        infraon.client().value(ApiRequest.get("ux/tags/")).block(PATIENCE);

        assertThat(user.get("status").stringValue()).isEqualTo("success");
        assertThat(simulator.requests().all())
                .extracting(LoggedRequest::path)
                .containsExactly("/api/user", "/ux/tags/");
    }

    // F8

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void f8ReadsIdsAsNumbersAndTexts(boolean texts) {
        restart(texts ? rules().with(Quirk.TEXT_IDS) : rules());
        simulator.addIncidents(1);

        IncidentRow row = infraon.incidents(ListQuery.first())
                .next()
                .block(PATIENCE)
                .items()
                .get(0);
        Result<CreatedIncident> created = infraon.createIncident(INCIDENT).block(PATIENCE);

        assertThat(row.incidentId()).isEqualTo("1");
        assertThat(row.createdBy()).isEqualTo("1");
        assertThat(created.id()).isEqualTo("2");
        assertThat(created.data().id()).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"incident_id", "id", "uuid"})
    void f8ReadsIdOfRowUnderThreeNames(String member) {
        restart(rules().withRowIdMember(member));
        simulator.addIncidents(1);

        IncidentRow row = infraon.incidents(ListQuery.first())
                .next()
                .block(PATIENCE)
                .items()
                .get(0);

        assertThat(row.pathId()).isEqualTo("1");
        assertThat(infraon.incident(row.pathId())
                        .block(PATIENCE)
                        .incident()
                        .path("display_id")
                        .asString())
                .isEqualTo(row.displayId());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"false | \"1, 2\"", "true | [1,2]"})
    void f8ReadsHeadOfDepartmentInBothForms(boolean quirk, String head) {
        restart(quirk ? rules().with(Quirk.DEPT_HEAD_AS_ARRAY) : rules());
        infraon.createDepartment(new NewDepartment("IT", List.of(1, 2), "", List.of(3)))
                .block(PATIENCE);

        Department one = infraon.department("1").block(PATIENCE);
        Department listed = infraon.departments(ListQuery.first())
                .next()
                .block(PATIENCE)
                .items()
                .get(0);

        assertThat(one.deptHead()).hasToString(head);
        assertThat(listed).isEqualTo(one);
        assertThat(one.primeUser()).hasToString("[3]");
    }

    // F9

    @ParameterizedTest
    @CsvSource({"false, organization_name", "true, queryparam"})
    void f9KeepsRequesterAsTree(boolean quirk, String member) {
        restart(quirk ? rules().with(Quirk.REQUESTER_AS_LOOKUP) : rules());
        simulator.addIncidents(1);

        IncidentRow row = infraon.incidents(ListQuery.first())
                .next()
                .block(PATIENCE)
                .items()
                .get(0);

        assertThat(row.requester().has(member)).isTrue();
    }

    // F10

    @Test
    void f10AlwaysSendsPaging() {
        restart(rules().with(Quirk.PAGING_REQUIRED));

        assertThat(infraon.incidents(ListQuery.first()).next().block(PATIENCE).items())
                .isEmpty();
        assertThat(lastRequest().query("page")).isEqualTo("1");
        assertThat(lastRequest().query("items_per_page")).isEqualTo("100");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void f10ContinuesAfterCutPageWithLimitOfServer(boolean totalPages) {
        restart((totalPages ? rules().with(Quirk.TOTAL_PAGES) : rules()).withMaxPageLimit(10));
        simulator.addIncidents(25);

        List<String> summaries = walk(ListQuery.first().withItemsPerPage(10_000));

        assertThat(summaries).hasSize(25).doesNotHaveDuplicates();
        assertThat(simulator.requests().all())
                .extracting(request -> request.query("items_per_page"))
                .containsExactly("10000", "10", "10");
    }

    @Test
    void f10IgnoresLimitThatServerExceeds() {
        ListQuery query = ListQuery.first().withItemsPerPage(4);
        answer(200, "{\"results\":[{},{},{},{}],\"next\":\"x\",\"max_page_limit\":2}");

        infraon.incidents(query).take(2).blockLast(PATIENCE);

        assertThat(simulator.requests().all())
                .extracting(request -> request.query("page"), request -> request.query("items_per_page"))
                .containsExactly(tuple("1", "4"), tuple("2", "4"));
    }

    private List<String> walk(ListQuery from) {
        return infraon.incidents(from)
                .items()
                .map(IncidentRow::summary)
                .collectList()
                .block(PATIENCE);
    }

    // F11

    @Test
    void f11SendsFiltersInBodyOfGet() {
        simulator.addIncidents(3);

        Page<IncidentRow> page = infraon.incidents(ListQuery.first().filteredBy(Map.of("summary", "Incident 3")))
                .next()
                .block(PATIENCE);

        assertThat(page.items()).extracting(IncidentRow::summary).containsExactly("Incident 3");
        assertThat(lastRequest().method()).isEqualTo("GET");
        assertThat(lastRequest().body()).isEqualTo("{\"filters\":{\"summary\":\"Incident 3\"}}");
        assertThat(lastRequest().header("content-type")).isEqualTo("application/json");
    }

    @Test
    void f11SendsGetWithoutBodyWhenUnfiltered() {
        infraon.incidents(ListQuery.first()).next().block(PATIENCE);

        assertThat(lastRequest().body()).isEmpty();
        assertThat(lastRequest().headers()).doesNotContainKeys("content-type", "transfer-encoding");
    }

    // F12

    @Test
    void f12NamesIncidentOfAttachmentInCamelCase() {
        simulator.addIncidents(1);
        byte[] content = "hello".repeat(300).getBytes(StandardCharsets.UTF_8);

        infraon.addAttachments("1", List.of(Attachment.of("a.txt", "text/plain", content)))
                .block(PATIENCE);

        assertThat(json(lastRequest()).propertyNames()).containsExactlyInAnyOrder("incidentId", "files");
        assertThat(json(lastRequest()).at("/files/0").propertyNames())
                .containsExactlyInAnyOrder("file_data", "formatted_size", "file_name");
        assertThat(simulator.attachments("1")).singleElement().satisfies(file -> {
            assertThat(file.content()).isEqualTo(content);
            assertThat(file.mediaType()).isEqualTo("text/plain");
            assertThat(file.formattedSize()).isEqualTo("1.5 KB");
            assertThat(file.fileName()).isEqualTo("a.txt");
        });
    }

    // F13

    @Test
    void f13SendsStampedInnerObjectAndKeepsUnknownMembers() {
        infraon.createIncident(INCIDENT.with("custom", Map.of("deep", List.of(1, 2))))
                .block(PATIENCE);
        ObjectNode before = infraon.incident("1").block(PATIENCE).incident();
        Instant start = Instant.now();

        infraon.updateIncident("1", edit -> edit.summary("VPN up").status("Resolved"))
                .block(PATIENCE);

        ObjectNode sent = (ObjectNode)
                json(simulator.requests().of("PUT", INCIDENTS + "1/").get(0));
        assertThat(sent.at("/basic_info/summary").stringValue()).isEqualTo("VPN up");
        assertThat(sent.at("/basic_info/status")).hasToString("{\"id\":2,\"name\":\"Resolved\"}");
        assertThat(Instant.parse(sent.get("last_update_time").stringValue())).isBetween(start, Instant.now());
        assertThat(sent.at("/custom/deep")).hasToString("[1,2]");
        for (ObjectNode incident : List.of(before, sent)) {
            incident.remove("last_update_time");
            ((ObjectNode) incident.get("basic_info")).remove(List.of("summary", "status"));
        }
        assertThat(sent).isEqualTo(before);
    }

    @Test
    void f13DoesNotResendLostUpdateAndReadsAgainOnSubscribe() {
        simulator.addIncidents(1);
        simulator.faults().on("PUT", INCIDENTS + "1/", Fault.resetAfterEffect());
        Mono<Result<JsonNode>> update = infraon.updateIncident(
                "1",
                edit -> edit.summary(
                        edit.read().incident().at("/basic_info/summary").stringValue() + "!"));

        ApiException failure = failureOf(update);

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(simulator.requests().of("PUT", INCIDENTS + "1/")).hasSize(1);
        update.block(PATIENCE);
        assertThat(simulator.requests().of("GET", INCIDENTS + "1/")).hasSize(2);
        assertThat(json(lastRequest()).at("/basic_info/summary").stringValue()).isEqualTo("Incident 1!!");
    }

    @Test
    void f13DoesNotResendThrottledUpdateWithoutReadingAgain() {
        simulator.addIncidents(1);
        simulator.faults().on("PUT", INCIDENTS + "1/", Fault.status(429));
        Mono<Result<JsonNode>> update = infraon.updateIncident("1", edit -> edit.summary("x"));

        ApiException failure = failureOf(update);

        assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(simulator.requests().of("PUT", INCIDENTS + "1/")).hasSize(1);
        update.block(PATIENCE);
        assertThat(simulator.requests().of("GET", INCIDENTS + "1/")).hasSize(2);
        assertThat(simulator.effects().count("PUT " + INCIDENTS + "{id}/")).isEqualTo(1);
    }

    @Test
    void f13DoesNotWriteBackAnswerWithoutIncident() {
        answer(200, "{\"options\":{}}");

        ApiException failure = failureOf(infraon.updateIncident("1", edit -> edit.summary("x")));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    // F14

    @Test
    void f14SendsPasswordPlainToOneLoginAndCodedToTheOther() {
        String coded = Base64.getEncoder().encodeToString(simulator.password().getBytes(StandardCharsets.UTF_8));

        loggedIn().incidents(ListQuery.first()).next().block(PATIENCE);
        connect(InfraonCredential.codedLogin(simulator.username()), simulator.password())
                .incidents(ListQuery.first())
                .next()
                .block(PATIENCE);

        assertThat(json(simulator.requests().of("POST", LOGIN).get(0))
                        .get("password")
                        .stringValue())
                .isEqualTo(simulator.password());
        assertThat(json(simulator.requests().of("POST", CODED_LOGIN).get(0))
                        .get("password")
                        .stringValue())
                .isEqualTo(coded);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void f14PrintsNoPassword(boolean isCoded) {
        String password = simulator.password();
        String coded = Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8));
        Infraon operator = connect(
                isCoded
                        ? InfraonCredential.codedLogin(simulator.username())
                        : InfraonCredential.login(simulator.username()),
                password);
        String echo = "{\"error\":\"Bad login " + password + "\",\"password\":\"" + coded + "\"}";
        answer(400, echo);

        ApiException failure = failureOf(operator.incidents(ListQuery.first()).next());

        assertThat(simulator.requests().all()).hasSize(1);
        assertThat(shown(failure)
                        + operator.client()
                        + operator.client().spec()
                        + operator.client().inspect().explain(ApiRequest.get("ux/tags/")))
                .doesNotContain(password)
                .doesNotContain(coded)
                .contains("Bad login ****")
                .contains(isCoded ? "POST ux/api-token/" : "POST ux/api-token-auth/");
    }

    // F15

    @Test
    void f15KeepsTrailingSlashOfEveryPath() {
        simulator.addIncidents(1);
        infraon.incidents(ListQuery.first()).next().block(PATIENCE);
        infraon.incident("1").block(PATIENCE);
        infraon.resource("/tags/").create(Map.of("a", 1)).block(PATIENCE);
        infraon.resource("tags").get("1").block(PATIENCE);
        infraon.conversation("1").delete("7").onErrorComplete().block(PATIENCE);

        assertThat(simulator.requests().all())
                .extracting(LoggedRequest::path)
                .containsExactly(
                        INCIDENTS, INCIDENTS + "1/", "/ux/tags/", "/ux/tags/1/", INCIDENTS + "1/conversation/7/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/"})
    void f15AcceptsAddressWithOrWithoutTrailingSlash(String end) {
        ApiClient client = closedAfterwards(Infraon.configure(URI.create(simulator.baseUri() + end))
                .secret(Secret.of(simulator.secret()))
                .build());

        Infraon.over(client).teams(ListQuery.first()).next().block(PATIENCE);

        assertThat(lastRequest().path()).isEqualTo("/ux/common/teams/profile/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void f15DoesNotFollowRedirectToTrailingSlash(String method) {
        restart(rules().with(Quirk.REDIRECT_TO_SLASH));
        ApiRequest<JsonNode> request = method.equals("GET")
                ? ApiRequest.get("ux/tags")
                : ApiRequest.post("ux/tags").body(Map.of("a", 1));

        ApiException failure = failureOf(infraon.client().value(request));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNEXPECTED_STATUS);
        assertThat(failure.status()).isEqualTo(301);
        assertThat(simulator.requests().count()).isEqualTo(1);
        assertThat(simulator.effects().count()).isZero();
    }

    // F16

    @Test
    void f16SendsPathAsGiven() {
        restart(rules().with(Quirk.DECLARED_PATHS_ONLY));
        simulator.serve("/ux/vendor/");

        assertThat(infraon.resource("vendor")
                        .list(ListQuery.first())
                        .next()
                        .block(PATIENCE)
                        .items())
                .isEmpty();
        ApiException failure = failureOf(
                infraon.resource("vendor-managemment").list(ListQuery.first()).next());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(lastRequest().path()).isEqualTo("/ux/vendor-managemment/");
    }

    // F17

    @ParameterizedTest
    @CsvSource({
        "400, API key is missing., VALIDATION",
        "403, Invalid API key., PERMISSION",
        "400, Incorrect username or password., VALIDATION",
        "404, Something went wrong. Please try again later., NOT_FOUND",
        "403, api key is missing. Please send one., AUTHENTICATION",
    })
    void f17ClassifiesByStatusWhateverTheText(int status, String text, ErrorKind kind) {
        answer(status, "{\"error\":\"" + text + "\"}");

        ApiException failure = failureOf(infraon.incidents(ListQuery.first()).next());

        assertThatObject(failure.kind()).isEqualTo(kind);
        assertThat(failure.serverMessage()).isEqualTo(text);
        assertThat(failure.code()).isNull();
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":\"a\",\"msg\":\"b\",\"message\":\"c\",\"detail\":\"d\"} | a",
                "{\"error\":\" \",\"msg\":\"b\",\"message\":\"c\",\"detail\":\"d\"} | b",
                "{\"message\":\"c\",\"detail\":\"d\"} | c",
                "{\"detail\":\"d\",\"other\":1} | d",
            })
    void f17TakesFirstNonBlankTextOfErrorAsMessage(String body, String message) {
        answer(409, body);

        ApiException failure = failureOf(infraon.incidents(ListQuery.first()).next());

        assertThat(failure.serverMessage()).isEqualTo(message);
        assertThat(failure.fieldErrors()).isEmpty();
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.CONFLICT);
    }

    @Test
    void f17ReadsMapOfFieldsAsComplaints() {
        ApiException failure = failureOf(infraon.createIncident(NewIncident.of("s", "")));

        assertThat(failure.status()).isEqualTo(400);
        assertThat(failure.serverMessage()).isNull();
        assertThat(failure.fieldErrors()).extracting(FieldError::field).containsExactly("requester_email");
        assertThat(failure.fieldErrors()).extracting(FieldError::message).containsExactly("This field is required.");
    }

    @Test
    void f17KeepsEveryTextOfList() {
        answer(400, "{\"error\":[\"Too long.\",\"No such priority.\"]}");

        ApiException failure = failureOf(infraon.createIncident(INCIDENT));

        assertThat(failure.serverMessage()).isEqualTo("Too long.; No such priority.");
        assertThat(failure.fieldErrors())
                .extracting(FieldError::field, FieldError::message)
                .containsExactly(tuple("error", "Too long."), tuple("error", "No such priority."));

        answer(400, "{\"summary\":[\"Too long.\",\"No HTML.\"],\"status\":[\"Unknown.\"]}");

        assertThat(failureOf(infraon.createIncident(INCIDENT)).fieldErrors())
                .extracting(FieldError::field, FieldError::message)
                .containsExactly(
                        tuple("summary", "Too long."), tuple("summary", "No HTML."), tuple("status", "Unknown."));
    }

    @Test
    void f17KeepsRawTextOfError() {
        simulator.faults().next(Fault.status(400, Map.of(), "text/plain", "Bad things."));

        ApiException failure = failureOf(infraon.incidents(ListQuery.first()).next());

        assertThat(failure.serverMessage()).isNull();
        assertThat(failure.bodyExcerpt()).isEqualTo("Bad things.");
    }

    // F18

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void f18ReadsOptionsAsListsAndMaps(boolean maps) {
        restart(maps ? rules().with(Quirk.OPTIONS_AS_MAP) : rules());
        simulator.addIncidents(1);

        IncidentDetail detail = infraon.incident("1").block(PATIENCE);
        assertThat(detail.choices("urgency"))
                .extracting(choice -> choice.get("name").stringValue())
                .containsExactly("High", "Medium", "Low");
        assertThat(detail.choices("nothing")).isEmpty();

        infraon.updateIncident("1", edit -> edit.urgency("Low").priority("High", "<p>why</p>"))
                .block(PATIENCE);
        JsonNode sent = json(lastRequest());
        assertThat(sent.at("/basic_info/urgency")).hasToString("{\"id\":3,\"name\":\"Low\"}");
        assertThat(sent.at("/temp_priority")).isEqualTo(sent.at("/basic_info/priority"));
        assertThat(sent.at("/comment"))
                .hasToString("{\"description\":\"<p>why</p>\",\"type\":\"Priority Change\",\"is_private\":false}");
    }

    @ParameterizedTest
    @CsvSource({"ENVELOPE, 3", "TOTAL_PAGES, 3", "BARE_LISTS, 3", "PROXY, 3"})
    void f18EndsWalkBySignOfEveryListForm(String form, int requests) {
        InfraonRules rules = rules();
        restart(
                switch (form) {
                    case "TOTAL_PAGES" -> rules.with(Quirk.TOTAL_PAGES);
                    case "BARE_LISTS" -> rules.with(Quirk.BARE_LISTS);
                    case "PROXY" -> rules.withLinkOrigin("http://10.0.0.1:8080");
                    default -> rules;
                });
        simulator.addIncidents(5);

        assertThat(walk(ListQuery.first().withItemsPerPage(2)))
                .containsExactly("Incident 1", "Incident 2", "Incident 3", "Incident 4", "Incident 5");
        assertThat(simulator.requests().all())
                .hasSize(requests)
                .extracting(request -> request.query("page"))
                .containsExactly("1", "2", "3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"id\":1},{\"id\":2}]",
                "{\"results\":[{\"id\":1},{\"id\":2}],\"next\":\"x\",\"count\":4}",
                "{\"results\":[{\"id\":1},{\"id\":2}],\"next\":\"x\",\"count\":2}",
                "{\"results\":[{\"id\":1},{\"id\":2}],\"total_pages\":9}"
            })
    void f18FailsWhenServerRepeatsPage(String body) {
        for (int i = 0; i < 5; i++) {
            answer(200, body);
        }
        List<String> ids = new ArrayList<>();

        ApiException failure = failureOf(infraon.incidents(ListQuery.first().withItemsPerPage(2))
                .items()
                .doOnNext(row -> ids.add(row.id()))
                .then());

        assertThat(failure).isInstanceOf(InfraonException.class);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure).hasMessageContaining("page 2 has the items of a page that was read before");
        assertThat(failure.resumeToken()).isNotNull();
        assertThat(ids).containsExactly("1", "2");
        assertThat(simulator.requests().count()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"results\":[],\"next\":\"x\",\"count\":9} | false",
                "{\"results\":[],\"total_pages\":9} | false",
                "{\"results\":[{},{}],\"total_pages\":1} | false",
                "{\"results\":[{},{}],\"total_pages\":2,\"next\":null} | true",
                "{\"results\":[{},{}],\"next\":null,\"count\":9} | false",
                "{\"results\":[{},{}],\"next\":\"x\",\"count\":2} | true",
                "{\"results\":[{},{}],\"count\":2} | false",
                "{\"results\":[{},{}],\"count\":3} | true",
                "{\"results\":[{}]} | false",
                "{\"results\":[{},{}]} | true",
                "[{}] | false",
                "[{},{}] | true",
                "[] | false",
            })
    void f18EndsListAtEachSign(String body, boolean goesOn) {
        answer(200, body);
        ListQuery query = ListQuery.first().withItemsPerPage(2);

        Page<IncidentRow> page = infraon.incidents(query).next().block(PATIENCE);

        assertThat(page.resumeToken() != null).isEqualTo(goesOn);
    }

    // F19

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void f19ClassifiesLoginWithoutTokenAsAuthentication(boolean coded) {
        restart(rules().with(Quirk.LOGIN_WITHOUT_TOKEN));
        String user = simulator.username();
        Infraon operator = connect(
                coded ? InfraonCredential.codedLogin(user) : InfraonCredential.login(user), simulator.password());

        ApiException failure = failureOf(operator.incidents(ListQuery.first()).next());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failure).hasMessageContaining("no token");
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(simulator.requests().all())
                .extracting(LoggedRequest::path)
                .containsExactly(coded ? CODED_LOGIN : LOGIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "{\"token\":null}", "{\"token\":\"\"}", "{\"token\":\" \"}", "{\"token\":7}", "[]"})
    void f19SendsNoInvalidToken(String body) {
        answer(200, body);

        ApiException failure = failureOf(loggedIn().incidents(ListQuery.first()).next());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void f19LogsInAgainOnNextCall() {
        answer(200, "{}");
        Infraon operator = loggedIn();
        failureOf(operator.incidents(ListQuery.first()).next());

        operator.incidents(ListQuery.first()).next().block(PATIENCE);

        assertThat(simulator.requests().of("POST", LOGIN)).hasSize(2);
    }

    @Test
    void f8KeepsOddMemberWithoutLosingList() {
        answer(200, "[{\"id\":1,\"summary\":[\"a\"]},{\"id\":2,\"summary\":\"b\",\"created_by\":{\"id\":7}}]");

        List<IncidentRow> rows =
                infraon.incidents(ListQuery.first()).items().collectList().block(PATIENCE);

        assertThat(rows).extracting(IncidentRow::id).containsExactly("1", "2");
        assertThat(rows).extracting(IncidentRow::summary).containsExactly(null, "b");
        assertThat(rows.get(0).more().get("summary")).hasToString("[\"a\"]");
        assertThat(rows.get(1).more().get("created_by")).hasToString("{\"id\":7}");
    }
}
