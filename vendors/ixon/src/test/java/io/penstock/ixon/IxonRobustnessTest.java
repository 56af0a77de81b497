package io.penstock.ixon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.FieldError;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.ixon.model.Agent;
import io.penstock.ixon.model.BlobLink;
import io.penstock.ixon.model.DataQuery;
import io.penstock.ixon.model.Export;
import io.penstock.ixon.model.Group;
import io.penstock.ixon.model.Link;
import io.penstock.ixon.model.ListQuery;
import io.penstock.request.ApiRequest;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.ixon.CursorMode;
import io.penstock.test.simulator.ixon.ErrorShape;
import io.penstock.test.simulator.ixon.ExportFormat;
import io.penstock.test.simulator.ixon.IxonAccess;
import io.penstock.test.simulator.ixon.IxonErrors;
import io.penstock.test.simulator.ixon.IxonLimit;
import io.penstock.test.simulator.ixon.IxonLimits;
import io.penstock.test.simulator.ixon.IxonPaging;
import io.penstock.test.simulator.ixon.IxonRules;
import io.penstock.test.simulator.ixon.ListEnd;
import io.penstock.test.simulator.ixon.UndocumentedBody;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** The robustness cases X1 to X18 of IXON, each over a real socket. */
class IxonRobustnessTest extends IxonTest {

    private static final ListQuery ALL = ListQuery.all();
    private static final String UNKNOWN_TOKEN = "0123456789abcdef0123456789abcdef";

    private List<Agent> agents(ListQuery query) {
        return ixon.agents().list(query).items().collectList().block(PATIENCE);
    }

    private void addAgents(int count) {
        for (int i = 0; i < count; i++) {
            simulator.put("/agents", "{\"name\":\"more " + i + "\"}");
        }
    }

    private DataQuery query(int seconds) {
        Instant start = Instant.parse("2024-01-01T00:00:00Z");
        return DataQuery.of(
                simulator.dataSourceId(),
                start,
                start.plusSeconds(seconds),
                DataQuery.Tag.of("temp", "a", Map.of("step", 1)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void x1ReadsListOfOneAsArrayOrRow(boolean asObject) {
        restart(paging(paging -> paging.withSingleRowAsObject(asObject)));

        assertThat(agents(ALL)).extracting(Agent::publicId).containsExactly(simulator.agentId());
        List<Group> created =
                ixon.groups().create(List.of(Map.of("name", "only"))).block(PATIENCE);
        assertThat(created).hasSize(1);

        addAgents(2);
        assertThat(agents(ALL)).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void x2EndsListAtEverySign(ListEnd end) {
        restart(paging(paging -> paging.withEnd(end)));
        addAgents(4);

        assertThat(agents(ALL.pageSize(2))).hasSize(5).doesNotHaveDuplicates();
        assertThat(simulator.requests().count()).isEqualTo(3);
    }

    @Test
    void x2FailsOnRepeatedCursor() {
        restart(paging(paging -> paging.withCursors(CursorMode.REPEATED).withPageSize(1)));
        addAgents(2);

        ApiException failure = failureOf(() -> agents(ALL));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure).hasMessageContaining("cursor");
        assertThat(simulator.requests().count()).isEqualTo(2);
    }

    @Test
    void x2ContinuesAfterEmptyPage() {
        restart(paging(paging -> paging.withCursors(CursorMode.EMPTY_BETWEEN).withPageSize(1)));
        addAgents(2);

        assertThat(agents(ALL)).hasSize(3);
    }

    @Test
    void x3SendsPageSizeAndPageAfter() {
        addAgents(2);

        assertThat(agents(ALL.pageSize(2))).hasSize(3);

        List<LoggedRequest> sent = simulator.requests().all();
        assertThat(sent).extracting(r -> r.query("page-size")).containsExactly("2", "2");
        assertThat(sent.get(0).query("page-after")).isNull();
        assertThat(sent.get(1).query("page-after")).isNotEmpty();
    }

    @Test
    void x3ReadsWholeListFromServerThatIgnoresPaging() {
        restart(paging(paging -> paging.withHonoured(false)));
        addAgents(30);

        assertThat(agents(ALL.pageSize(2))).hasSize(31);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void x3FetchesNoPageAheadOfDemand() {
        addAgents(5);

        StepVerifier.create(ixon.agents().list(ALL.pageSize(2)).items(), 1)
                .expectNextCount(1)
                .thenAwait(Duration.ofMillis(200))
                .then(() -> assertThat(simulator.requests().count()).isEqualTo(1))
                .thenRequest(2)
                .expectNextCount(2)
                .then(() -> assertThat(simulator.requests().count()).isEqualTo(2))
                .thenCancel()
                .verify(PATIENCE);
    }

    @ParameterizedTest
    @EnumSource
    void x4DoesNotRetryFromBlockedAddress(UndocumentedBody body) {
        restart(rules -> rules.withLimits(IxonLimits.newest()
                .withLimits(new IxonLimit(1, Duration.ofMinutes(5), false))
                .withBody(body)));
        agents(ALL);

        ApiException failure = failureOf(() -> agents(ALL));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        IxonException.RateLimited.class,
                        e -> assertThat(e.block()).isEqualTo(Duration.ofMinutes(10)));
        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(failure.remedy()).contains("10 minutes");
        assertThat(simulator.requests().count()).isEqualTo(2);
    }

    @Test
    void x4KeepsHintOfServerForCaller() {
        restart(rules -> rules.withLimits(IxonLimits.newest()
                .withLimits(new IxonLimit(1, Duration.ofMinutes(5), false))
                .withRetryAfter(true)));
        agents(ALL);

        ApiException failure = failureOf(() -> agents(ALL));

        assertThat(((IxonException.RateLimited) failure).block())
                .isBetween(Duration.ofSeconds(590), Duration.ofSeconds(600));
        assertThat(failure.retryAt()).isAfter(failure.journey().startedAt().plusSeconds(500));
        assertThat(simulator.requests().count()).isEqualTo(2);
    }

    @Test
    void x4DeclaresNewestLimits() {
        assertThat(ixon.client().inspect().explain(ApiRequest.get("agents")))
                .contains("burst 250 per 5 s and address")
                .contains("steady 4800 per 120 s and address");
    }

    @Test
    void x5SetsAttemptTimeoutAboveLimitsAndDeadlineAboveThat() {
        assertThat(IxonVendor.SPEC.attemptTimeout()).isEqualTo(Duration.ofSeconds(65));
        assertThat(ixon.client().inspect().explain(ApiRequest.get("agents"))).contains("deadline 150000 ms");
    }

    @ParameterizedTest
    @EnumSource
    void x5AdvisesToNarrowSlowRequestWithoutRetry(UndocumentedBody body) {
        restart(rules -> rules.withTimeLimit(Duration.ofSeconds(50))
                .withRowsPerSecond(1)
                .withErrors(rules.errors().withServerErrorBody(body)));

        ApiException failure = failureOf(() -> ixon.data(List.of(query(55))).block(PATIENCE));

        assertThat(failure.status()).isEqualTo(504);
        assertThat(failure.retryability()).isEqualTo(Retryability.AFTER_ACTION);
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(failure.remedy()).contains("narrow");
        assertThat(simulator.requests().count()).isEqualTo(1);
        assertThat(ixon.data(List.of(query(50))).block(PATIENCE)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, true,  AUTHENTICATION, AFTER_RENEWAL",
        "401, true,  AUTHENTICATION, AFTER_RENEWAL",
        "403, true,  AUTHENTICATION, AFTER_RENEWAL",
        "422, true,  AUTHENTICATION, AFTER_RENEWAL",
        "401, false, AUTHENTICATION, AFTER_RENEWAL",
        "400, false, VALIDATION,     PERMANENT",
    })
    void x6RecognisesWrongTokenByPropertyOr401WithoutRetry(
            int status, boolean named, ErrorKind kind, Retryability retryability) {
        restart(errors(errors -> errors.withAuthenticationStatus(status).withAuthorizationNamed(named)));
        try (Ixon other = connect(UNKNOWN_TOKEN)) {
            ApiException failure =
                    failureOf(() -> other.agents().list(ALL).items().blockLast(PATIENCE));

            assertThatObject(failure.kind()).isEqualTo(kind);
            assertThat(failure.retryability()).isEqualTo(retryability);
            assertThat(failure)
                    .isInstanceOf(
                            kind == ErrorKind.AUTHENTICATION
                                    ? IxonException.Authorization.class
                                    : IxonException.Content.class);
            assertThat(failure.status()).isEqualTo(status);
            assertThat(simulator.requests().count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403})
    void x6RenewsExpiredTokenOfLoginOnceAtAnyStatus(int status) {
        restart(errors(errors -> errors.withAuthenticationStatus(status)));
        try (Ixon person = login()) {
            person.agents().list(ALL).items().blockLast(PATIENCE);
            simulator.revoke(bearer());

            assertThat(person.agents().list(ALL).items().collectList().block(PATIENCE))
                    .hasSize(1);

            assertThat(simulator.requests().of("POST", "/api/access-tokens")).hasSize(2);
            assertThat(simulator.requests().of("GET", "/api/agents")).hasSize(3);
        }
    }

    @Test
    void x6FailsWhenTokenIsRefusedRepeatedly() {
        String refusal = "{\"data\":[{\"message\":\"Invalid value\",\"propertyName\":\"Authorization\"}],"
                + "\"moreAfter\":null,\"status\":\"error\",\"type\":\"Error\"}";
        always("GET", "/api/agents", json(400, refusal));
        try (Ixon person = login()) {
            ApiException failure =
                    failureOf(() -> person.agents().list(ALL).items().blockLast(PATIENCE));

            assertThat(failure).isInstanceOf(IxonException.Authorization.class);
            assertThat(simulator.requests().of("GET", "/api/agents")).hasSize(2);
            assertThat(simulator.requests().of("POST", "/api/access-tokens")).hasSize(2);
        }
    }

    private void refuseTokens(String message, int times) {
        String refusal = "{\"type\":\"Error\",\"data\":[{\"propertyName\":\"Authorization\",\"message\":\"" + message
                + "\"}],\"status\":\"error\"}";
        for (int i = 0; i < times; i++) {
            simulator.faults().on("GET", "/api/agents", json(400, refusal));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Value is too short",
                "Value is too long",
                "Value does not match regex expression",
                "Authorization must start with a type and have a credentials"
            })
    void x6GeneratesMalformedTokenOnceMore(String message) {
        refuseTokens(message, 1);
        try (Ixon person = login()) {
            assertThat(person.agents().list(ALL).items().collectList().block(PATIENCE))
                    .hasSize(1);

            assertThat(simulator.requests().of("POST", "/api/access-tokens")).hasSize(2);
            assertThat(simulator.requests().of("GET", "/api/agents")).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Value is too short",
                "Value is too long",
                "Value does not match regex expression",
                "Authorization must start with a type and have a credentials"
            })
    void x6ClassifiesMalformedFreshTokenAsPermanent(String message) {
        refuseTokens(message, 2);
        try (Ixon person = login()) {
            ApiException failure =
                    failureOf(() -> person.agents().list(ALL).items().blockLast(PATIENCE));

            assertThat(failure).isInstanceOf(IxonException.Authorization.class);
            assertThat(failure.retryability()).isEqualTo(Retryability.PERMANENT);
            assertThat(failure.remedy())
                    .contains("generate the token once more")
                    .contains("a fresh one is refused too");
            assertThat(simulator.requests().of("POST", "/api/access-tokens")).hasSize(2);
            assertThat(simulator.requests().of("GET", "/api/agents")).hasSize(2);

            assertThat(person.agents().list(ALL).items().collectList().block(PATIENCE))
                    .as("with another login")
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403})
    void x6ReportsMissingSecondFactorWithoutRepeatingLogin(int status) {
        restart(errors(errors -> errors.withAuthenticationStatus(status)));
        simulator.requireTwoFactor();
        try (Ixon person = login()) {
            ApiException failure =
                    failureOf(() -> person.agents().list(ALL).items().blockLast(PATIENCE));

            assertThatObject(failure.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
            assertThat(failure).hasMessageContaining("2FA is required").hasMessageContaining("one-time password");
            assertThat(simulator.requests().of("POST", "/api/access-tokens")).hasSize(1);
            assertThat(simulator.requests().count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void x7ReadsErrorMembersInAnyOrder(ErrorShape shape) {
        restart(errors(errors -> errors.withShape(shape)));
        simulator.requireTwoFactor();

        ApiException twoFactor = failureOf(() -> ixon.login(simulator.email(), "", Secret.of(simulator.password()))
                .block(PATIENCE));
        ApiException header =
                failureOf(() -> ixon.client().value(ApiRequest.get("agents")).block(PATIENCE));

        assertThat(twoFactor).isInstanceOf(IxonException.Authorization.class);
        assertThat(twoFactor.retryability()).isEqualTo(Retryability.AFTER_ACTION);
        assertThat(header).isInstanceOf(IxonException.Header.class);
        assertThat(header.serverMessage()).isEqualTo("Required header");
        assertThat(header.fieldErrors()).extracting(FieldError::field).containsExactly("Api-Company");
    }

    @Test
    void x8AcceptsCreatedForReadAndIgnoresBodyOfDeletion() {
        assertThat(ixon.data(List.of(query(10))).block(PATIENCE).get(0).points())
                .hasSize(10);
        Group group = ixon.groups()
                .create(List.of(Map.of("name", "a")))
                .block(PATIENCE)
                .get(0);

        ixon.groups().delete(List.of(group.publicId())).block(PATIENCE);

        assertThat(ixon.groups().list(ALL).items().collectList().block(PATIENCE))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void x9KeepsEmptySlotOfOneTimePassword(boolean twoParts) {
        restart(rules -> rules.withAccess(IxonAccess.documented().withTwoPartBasic(twoParts)));
        try (Ixon person = login()) {
            person.agents().list(ALL).items().blockLast(PATIENCE);

            LoggedRequest sent =
                    simulator.requests().of("POST", "/api/access-tokens").get(0);
            assertThat(decoded(sent)).isEqualTo(simulator.email() + "::" + simulator.password());
            assertThat(sent.query("fields")).isEqualTo("secretId");
        }
    }

    @Test
    void x10SendsCompanyOnlyWithOperationsThatNeedIt() {
        restart(rules -> rules.withAccess(IxonAccess.documented().withCompanyForbidden(true)));

        agents(ALL);
        ixon.me().block(PATIENCE);
        ixon.companies().list(ALL).items().blockLast(PATIENCE);

        assertThat(simulator.requests().all())
                .extracting(r -> r.header("api-company"))
                .containsExactly(simulator.companyId(), null, null);
    }

    @Test
    void x10FailsWithoutCompanyBeforeSending() {
        Ixon without = Ixon.over(ixon.client());

        ApiException failure =
                failureOf(() -> without.agents().list(ALL).items().blockLast(PATIENCE));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_CONFIGURATION);
        assertThat(failure)
                .hasMessageContaining("api-company")
                .hasMessageContaining("GET agents")
                .hasMessageContaining("forCompany");
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(simulator.requests().count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "APPLICATION, short",
        "APPLICATION, AAAAAAAAAAA-",
        "APPLICATION, AAAAAAAAAAAAA",
        "COMPANY, 99-99",
        "COMPANY, aaaa-aaaa-aaaa-aaaa-aaaa",
        "BRANDING, localhost",
        "DEVICE, my-phone",
    })
    void x11RejectsMalformedHeaderBeforeSending(IxonHeader header, String value) {
        ApiException failure = failureOf(() -> header.checked(value));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_CONFIGURATION);
        assertThat(failure).hasMessageContaining(header.headerName()).hasMessageContaining("expected");
        assertThat(failure.getMessage()).doesNotContain(value);
    }

    @ParameterizedTest
    @CsvSource({"api-application, AAAAAAAAAAAA", "api-company, 1111-1111-1111-1111-1111", "api-branding, localhost"})
    void x11ClassifiesRefusedHeaderAsConfigurationError(String header, String value) {
        ApiRequest<JsonNode> request = ApiRequest.get("agents").header(header, value);

        ApiException failure = failureOf(() -> ixon.client()
                .value(header.equals("api-company") ? request : request.header("api-company", simulator.companyId()))
                .block(PATIENCE));

        assertThat(failure).isInstanceOf(IxonException.Header.class);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_CONFIGURATION);
        assertThat(failure.retryability()).isEqualTo(Retryability.PERMANENT);
        assertThat(failure.remedy()).containsIgnoringCase(header);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void x11ChecksApplicationAndCompanyWhereGiven() {
        assertThatObject(failureOf(() -> Ixon.configure("short")).kind()).isEqualTo(ErrorKind.INVALID_CONFIGURATION);
        assertThatObject(failureOf(() -> Ixon.configure("short", "user@example.com"))
                        .kind())
                .isEqualTo(ErrorKind.INVALID_CONFIGURATION);
        assertThatObject(failureOf(() -> ixon.forCompany("1234")).kind()).isEqualTo(ErrorKind.INVALID_CONFIGURATION);
        assertThat(IxonHeader.BRANDING.checked("portal.ixon.cloud")).isEqualTo("portal.ixon.cloud");
        assertThat(IxonHeader.DEVICE.checked("123e4567-e89b-12d3-a456-426614174000"))
                .isNotEmpty();
        assertThat(simulator.requests().count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void x12NamesFailingElementsOfBulk(boolean atomic) {
        restart(rules -> rules.withBulkAtomic(atomic));

        ApiException failure = failureOf(() -> ixon.groups()
                .create(List.of(Map.of("name", "a"), Map.of("name", ""), Map.of("name", "c"), Map.of("name", 7)))
                .block(PATIENCE));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        IxonException.Content.class,
                        e -> assertThat(e.listIndexes()).containsExactly(1, 3));
        assertThat(failure.fieldErrors()).extracting(FieldError::field).containsExactly("name", "name");
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void x13ReadsExportByItsContentType(ExportFormat format) {
        restart(rules -> rules.withExportFormat(format));

        Export data = ixon.dataExport(query(3)).block(PATIENCE);
        Export log = ixon.auditLogsExport().block(PATIENCE);

        assertThat(List.of(data.isCsv(), log.isCsv()))
                .containsExactly(format == ExportFormat.CSV, format == ExportFormat.CSV);
        assertThat(data.contentType()).startsWith(format == ExportFormat.CSV ? "text/csv" : "application/json");
        assertThat(data.text()).startsWith(format == ExportFormat.CSV ? "time,a\r\n" : "{");
        assertThat(data.toString()).doesNotContain("time,a");
    }

    @Test
    void x14ReportsErrorWithSuccessfulStatus() {
        restart(errors(errors -> errors.withStatus200(true)));
        try (Ixon other = connect(UNKNOWN_TOKEN)) {
            ApiException wrongToken =
                    failureOf(() -> other.agents().list(ALL).items().blockLast(PATIENCE));
            ApiException wrongName = failureOf(
                    () -> ixon.groups().create(List.of(Map.of("name", ""))).block(PATIENCE));
            ApiException wrongId =
                    failureOf(() -> ixon.groups().delete(List.of("nobody")).block(PATIENCE));

            assertThat(wrongToken).isInstanceOf(IxonException.Authorization.class);
            assertThat(wrongToken.status()).isEqualTo(200);
            assertThat(wrongName).isInstanceOf(IxonException.Content.class);
            assertThat(wrongName.status()).isBetween(200, 201);
            assertThat(((IxonException.Content) wrongName).listIndexes()).containsExactly(0);
            assertThat(wrongId).isInstanceOf(IxonException.Content.class);
            assertThat(failureOf(() -> other.auditLogsExport().block(PATIENCE)))
                    .isInstanceOf(IxonException.Authorization.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"502, HTML", "502, EMPTY", "503, HTML", "500, ENVELOPE"})
    void x15ReportsGatewayErrorAndRetriesReads(int status, UndocumentedBody body) {
        restart(errors(errors -> errors.withServerErrorBody(body)));
        simulator.faults().next(Fault.status(status));
        assertThat(agents(ALL)).hasSize(1);
        assertThat(simulator.requests().count()).isEqualTo(2);

        simulator.faults().next(Fault.status(status));
        ApiException failure = failureOf(
                () -> ixon.groups().create(List.of(Map.of("name", "a"))).block(PATIENCE));

        assertThat(failure).isInstanceOf(IxonException.class).hasMessageStartingWith(status + " ");
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(failure.fieldErrors()).hasSize(body == UndocumentedBody.ENVELOPE ? 1 : 0);
        assertThat(simulator.requests().count()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void x15ReportsGatewayTimeoutWithoutRetry(UndocumentedBody body) {
        restart(errors(errors -> errors.withServerErrorBody(body)));
        simulator.faults().next(Fault.status(504));

        ApiException failure = failureOf(() -> agents(ALL));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(failure.retryability()).isEqualTo(Retryability.AFTER_ACTION);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void x15RejectsGatewayPageWithSuccessfulStatus() {
        simulator.faults().next(Fault.htmlPage(200));

        ApiException failure = failureOf(() -> agents(ALL));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure).hasMessageContaining("text/html");
    }

    @Test
    void x16FollowsDiscoveryOnlyAtOwnHost() {
        Discovery own = ixon.discovery().block(PATIENCE);
        assertThat(own.path("AgentList")).isEqualTo("/api/agents");
        assertThat(own.address("AgentDataRealTimeWebSocket").getScheme()).isEqualTo("ws");
        assertThat(ixon.client()
                        .value(ApiRequest.get(own.path("AgentList")).header("api-company", simulator.companyId()))
                        .block(PATIENCE)
                        .at("/data")
                        .size())
                .isEqualTo(1);
        assertThat(simulator.requests().all().get(0).headers())
                .doesNotContainKeys("authorization", "api-company")
                .containsEntry("api-version", List.of("2"));

        restart(rules -> rules.withForeignDiscovery(true));
        Discovery foreign = ixon.discovery().block(PATIENCE);
        ApiException failure = failureOf(() -> foreign.path("AgentList"));
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(failure).hasMessageContaining(simulator.foreignOrigin().toString());
        assertThat(simulator.foreignRequests().count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "https://portal.ixon.cloud/api/agents, true",
        "https://portal.ixon.cloud:443/api/agents, true",
        "wss://PORTAL.ixon.cloud/agents, true",
        "https://portal.ixon.cloud:8443/api/agents, false",
        "http://portal.ixon.cloud:443/api/agents, false",
        "ws://portal.ixon.cloud/agents, false",
        "https://portal.ixon.cloud.example.com/api/agents, false",
        "https://portal.ixon.cloud@example.com/api/agents, false",
        "/api/agents, false",
    })
    void x16RejectsDiscoveryOfForeignHostPortOrScheme(String href, boolean own) {
        Discovery discovery = new Discovery(
                IxonVendor.SPEC.baseUri(), List.of(new Link("AgentList", href, List.of("GET"), Map.of())));

        if (own) {
            assertThat(discovery.path("AgentList")).endsWith("/agents");
        } else {
            assertThatObject(failureOf(() -> discovery.path("AgentList")).kind())
                    .isEqualTo(ErrorKind.INVALID_REQUEST);
        }
    }

    @Test
    void x16SupportsOlderHostWithoutBasePath() {
        restart(rules -> rules.withBasePath(""));

        assertThat(agents(ALL)).hasSize(1);
        assertThat(ixon.discovery().block(PATIENCE).path("AgentList")).isEqualTo("/agents");
    }

    @Test
    void x16DownloadsBlobToFileWithoutIxonHeaders(@TempDir Path directory) throws Exception {
        BlobLink link = ixon.objectUpload(simulator.agentId(), Map.of("name", "a b/ü.bin"))
                .block(PATIENCE);
        put(link.url(), "content");
        BlobLink there = ixon.objectDownload(simulator.agentId(), Map.of("name", "a b/ü.bin"))
                .block(PATIENCE);
        simulator.foreignRequests().clear();

        assertThat(ixon.blob(there, directory.resolve("blob")).block(PATIENCE).path())
                .hasContent("content");

        LoggedRequest foreign = simulator.foreignRequests().all().get(0);
        assertThat(foreign.headers().keySet())
                .noneMatch(name -> name.startsWith("api-") || name.equals("authorization"));
        assertThat(foreign.uri())
                .isEqualTo(there.url().getRawPath() + "?" + there.url().getRawQuery());
    }

    @Test
    void x16FetchesBlobWithoutIxonHeaders() throws Exception {
        BlobLink link = ixon.objectUpload(simulator.agentId(), Map.of("name", "a b/ü.bin"))
                .block(PATIENCE);
        put(link.url(), "content");
        BlobLink there = ixon.objectDownload(simulator.agentId(), Map.of("name", "a b/ü.bin"))
                .block(PATIENCE);
        simulator.foreignRequests().clear();

        byte[] content = ixon.blob(there).block(PATIENCE);

        assertThat(new String(content, StandardCharsets.UTF_8)).isEqualTo("content");
        LoggedRequest foreign = simulator.foreignRequests().all().get(0);
        assertThat(foreign.headers().keySet())
                .noneMatch(name -> name.startsWith("api-") || name.equals("authorization"));
        assertThat(foreign.uri())
                .isEqualTo(there.url().getRawPath() + "?" + there.url().getRawQuery());
        assertThat(there.toString()).doesNotContain("sig").contains(there.url().getRawPath());
    }

    @Test
    void x16RejectsPlainBlobWhenApiUsesTls() {
        try (Ixon safe = Ixon.connect(simulator.applicationId(), Secret.of(simulator.secret()))) {
            BlobLink link = new BlobLink(simulator.foreignOrigin().resolve("/x?sig=y"), "other", Map.of());

            ApiException failure = failureOf(() -> safe.blob(link).block(PATIENCE));

            assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
            assertThat(failure.getMessage()).doesNotContain("sig=y");
            assertThat(simulator.foreignRequests().count()).isZero();
        }
    }

    @Test
    void x16FetchesNoBlobAfterClose() {
        BlobLink link =
                ixon.objectUpload(simulator.agentId(), Map.of("name", "a")).block(PATIENCE);
        ixon.close();

        assertThatObject(failureOf(() -> ixon.blob(link).block(PATIENCE)).kind())
                .isEqualTo(ErrorKind.CLIENT_CLOSED);
        assertThat(simulator.foreignRequests().count()).isZero();
    }

    @Test
    void x17SendsBodyWithDeletion() {
        List<Group> groups = ixon.groups()
                .create(List.of(Map.of("name", "a"), Map.of("name", "b")))
                .block(PATIENCE);
        List<String> ids = groups.stream().map(g -> g.publicId()).toList();

        ixon.groups().delete(ids).block(PATIENCE);

        assertThat(simulator.requests().of("DELETE", "/api/groups").get(0).body())
                .isEqualTo("[{\"publicId\":\"" + ids.get(0) + "\"},{\"publicId\":\"" + ids.get(1) + "\"}]");
        assertThat(simulator.effects().count("DELETE /groups")).isEqualTo(2);
    }

    @Test
    void x17AcceptsNotFoundAfterLostAnswerToDeletion() {
        List<Group> groups = ixon.groups()
                .create(List.of(Map.of("name", "a"), Map.of("name", "b")))
                .block(PATIENCE);
        List<String> ids = groups.stream().map(g -> g.publicId()).toList();
        simulator.faults().on("DELETE", "/api/groups", Fault.resetAfterEffect());

        ixon.groups().delete(ids).block(PATIENCE);

        assertThat(simulator.requests().of("DELETE", "/api/groups")).hasSize(2);
        assertThat(simulator.effects().count("DELETE /groups")).isEqualTo(2);
    }

    @Test
    void x17ReportsNotFoundAtFirstAttemptOrForSome() {
        String known = ixon.groups()
                .create(List.of(Map.of("name", "a")))
                .block(PATIENCE)
                .get(0)
                .publicId();

        ApiException first =
                failureOf(() -> ixon.groups().delete(List.of("nobody")).block(PATIENCE));
        simulator.faults().on("DELETE", "/api/groups", Fault.resetBeforeRequestActs());
        ApiException some =
                failureOf(() -> ixon.groups().delete(List.of("nobody", known)).block(PATIENCE));

        assertThatObject(first.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThatObject(some.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(((IxonException.Content) some).listIndexes()).containsExactly(0);
        assertThat(simulator.effects().count("DELETE /groups")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"true, 400", "false, 400", "true, 401", "false, 401"})
    void x18ClassifiesBothWordingsOfMessageAlike(boolean named, int status) {
        for (String message : List.of(IxonErrors.CREDENTIALS_SAMPLE, IxonErrors.CREDENTIALS_TEXT)) {
            restart(errors(errors -> errors.withCredentialsMessage(message)
                    .withAuthenticationStatus(status)
                    .withAuthorizationNamed(named)));

            ApiException failure = failureOf(() -> ixon.client()
                    .value(ApiRequest.get("users/me").anonymous().header("authorization", "Bearer"))
                    .block(PATIENCE));

            assertThat(failure.serverMessage()).isEqualTo(message);
            assertThat(failure).isInstanceOf(IxonException.Authorization.class);
            assertThat(failure.retryability()).isEqualTo(Retryability.PERMANENT);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"data":{"message":"Invalid value","propertyName":"Authorization"},"status":"error"} | Authorization | Invalid value
                    {"data":{"message":"Required header","propertyName":"Api-Company"},"status":"error"} | Api-Company | Required header
                    {"data":{"message":"2FA is required"},"status":"error","type":"Error"} | | 2FA is required
                    {"data":{"message":"Too long","propertyName":null,"listIndex":3}} | | Too long
                    {"data":["Too long"]} | | Too long
                    {"data":"Too long"} | | Too long
                    """)
    void x18ReadsComplaintFromListOrAlone(String body, String property, String message) {
        simulator.faults().next(json(400, body));

        ApiException failure = failureOf(() -> ixon.agents().list(ALL).items().blockLast(PATIENCE));

        assertThat(failure.serverMessage()).isEqualTo(message);
        assertThat(failure.fieldErrors()).singleElement().satisfies(error -> {
            assertThat(error.field()).isEqualTo(property);
            assertThat(error.message()).isEqualTo(message);
        });
        assertThat(failure)
                .isInstanceOf(
                        "Api-Company".equals(property)
                                ? IxonException.Header.class
                                : message.startsWith("Too")
                                        ? IxonException.Content.class
                                        : IxonException.Authorization.class);
        if (body.contains("listIndex")) {
            assertThat(((IxonException.Content) failure).listIndexes()).containsExactly(3);
        }
    }

    private String bearer() {
        List<LoggedRequest> sent = simulator.requests().of("GET", "/api/agents");
        return sent.get(sent.size() - 1).header("authorization").substring("Bearer ".length());
    }

    private static String decoded(LoggedRequest login) {
        String basic = login.header("authorization").substring("Basic ".length());
        return new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
    }

    private static void put(URI url, String content) throws Exception {
        HttpResponse<Void> stored = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(url)
                                .PUT(HttpRequest.BodyPublishers.ofString(content))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        assertThat(stored.statusCode()).isEqualTo(201);
    }

    private static UnaryOperator<IxonRules> paging(UnaryOperator<IxonPaging> change) {
        return rules -> rules.withPaging(change.apply(rules.paging()));
    }

    private static UnaryOperator<IxonRules> errors(UnaryOperator<IxonErrors> change) {
        return rules -> rules.withErrors(change.apply(rules.errors()));
    }

    @Test
    void x18KeepsOddMemberWithoutLosingList() {
        simulator
                .faults()
                .next(json(
                        200,
                        "{\"status\":\"success\",\"type\":\"AgentList\",\"data\":[{\"publicId\":\"a\",\"type\":\"router\"},"
                                + "{\"publicId\":\"b\",\"name\":{\"en\":\"B\"}}],\"moreAfter\":null}"));

        List<Agent> agents = agents(ALL);

        assertThat(agents).extracting(Agent::publicId).containsExactly("a", "b");
        assertThat(agents.get(0).type()).isNull();
        assertThat(agents.get(0).more().get("type").asString()).isEqualTo("router");
        assertThat(agents.get(1).more().get("name")).hasToString("{\"en\":\"B\"}");
    }
}
