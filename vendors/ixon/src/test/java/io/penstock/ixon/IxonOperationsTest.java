package io.penstock.ixon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.ixon.model.Agent;
import io.penstock.ixon.model.AlarmOccurrence;
import io.penstock.ixon.model.AuditLog;
import io.penstock.ixon.model.BlobLink;
import io.penstock.ixon.model.DataPoint;
import io.penstock.ixon.model.DataQuery;
import io.penstock.ixon.model.DataSeries;
import io.penstock.ixon.model.DataTag;
import io.penstock.ixon.model.Group;
import io.penstock.ixon.model.ListQuery;
import io.penstock.ixon.model.Resource;
import io.penstock.ixon.model.Role;
import io.penstock.ixon.model.ServiceAccount;
import io.penstock.ixon.model.TokenInfo;
import io.penstock.ixon.model.WebhookSubscription;
import io.penstock.ixon.model.WebhookTrigger;
import io.penstock.paging.Pages;
import io.penstock.request.ApiRequest;
import io.penstock.spec.Vendors;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.ixon.IxonSimulator;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Every typed operation of IXON against the simulator. */
class IxonOperationsTest extends IxonTest {

    private static final ListQuery ALL = ListQuery.all();
    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

    private static <T> List<T> list(Flux<T> flux) {
        return flux.collectList().block(PATIENCE);
    }

    private static DataQuery query(IxonSimulator simulator) {
        return DataQuery.of(
                simulator.dataSourceId(),
                START,
                START.plusSeconds(180),
                DataQuery.Tag.of("temp", "a", Map.of("step", 60, "postAggr", "mean", "factor", "1.5")));
    }

    /** A typed operation and its number of sends when the first answer is lost. */
    record Operation(String name, int sends, BiFunction<Ixon, IxonSimulator, ? extends Publisher<?>> call) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Operation operation(
            String name, int sends, BiFunction<Ixon, IxonSimulator, ? extends Publisher<?>> call) {
        return new Operation(name, sends, call);
    }

    private static final String NAMED = "{\"name\":\"a\"}";
    private static final List<Map<String, String>> NEW_ROW = List.of(Map.of("name", "a"));

    private static String row(IxonSimulator simulator, String path) {
        return simulator.put(path.replace("{agentId}", simulator.agentId()), NAMED);
    }

    private static Stream<Operation> readable(
            String name, String path, BiFunction<Ixon, String, ReadableRows<?>> rows) {
        return Stream.of(
                operation(
                        name + ".list",
                        2,
                        (i, s) -> rows.apply(i, s.agentId()).list(ALL).items()),
                operation(name + ".get", 2, (i, s) -> rows.apply(i, s.agentId()).get(row(s, path))));
    }

    private static Stream<Operation> editable(
            String name, String path, BiFunction<Ixon, String, EditableRows<?>> rows) {
        return Stream.concat(
                readable(name, path, rows::apply),
                Stream.of(
                        operation(
                                name + ".update",
                                2,
                                (i, s) -> rows.apply(i, s.agentId())
                                        .update(List.of(Map.of("publicId", row(s, path), "name", "b")))),
                        operation(
                                name + ".update",
                                2,
                                (i, s) -> rows.apply(i, s.agentId()).update(row(s, path), Map.of("name", "b")))));
    }

    private static Stream<Operation> removable(
            String name, String path, BiFunction<Ixon, String, RemovableRows<?>> rows) {
        return Stream.concat(
                editable(name, path, rows::apply),
                Stream.of(
                        operation(
                                name + ".delete",
                                2,
                                (i, s) -> rows.apply(i, s.agentId()).delete(List.of(row(s, path)))),
                        operation(
                                name + ".delete",
                                2,
                                (i, s) -> rows.apply(i, s.agentId()).delete(row(s, path)))));
    }

    private static Stream<Operation> full(String name, String path, BiFunction<Ixon, String, Rows<?>> rows) {
        return Stream.concat(
                removable(name, path, rows::apply),
                Stream.of(operation(
                        name + ".create",
                        1,
                        (i, s) -> rows.apply(i, s.agentId()).create(NEW_ROW))));
    }

    /** Returns the operations on collections. Those that are not of an agent ignore its id. */
    private static Stream<Operation> ofCollections() {
        return Stream.of(
                        readable("accessTokens", "/access-tokens", (i, a) -> i.accessTokens()),
                        removable("agents", "/agents", (i, a) -> i.agents()),
                        full("agentMemberships", "/agents/memberships", (i, a) -> i.agentMemberships()),
                        editable("alarmOccurrences", "/agents/{agentId}/alarm-occurrences", Ixon::alarmOccurrences),
                        full("dataAlarms", "/agents/{agentId}/data-alarms", Ixon::dataAlarms),
                        full("dataSources", "/agents/{agentId}/data-sources", Ixon::dataSources),
                        full("dataTags", "/agents/{agentId}/data-tags", Ixon::dataTags),
                        full("dataVariables", "/agents/{agentId}/data-variables", Ixon::dataVariables),
                        full("devices", "/agents/{agentId}/devices", Ixon::devices),
                        full("reportSchedules", "/agents/{agentId}/report-schedules", Ixon::reportSchedules),
                        full("servers", "/agents/{agentId}/servers", Ixon::servers),
                        full("assets", "/assets", (i, a) -> i.assets()),
                        full("assetMemberships", "/assets/memberships", (i, a) -> i.assetMemberships()),
                        readable("companies", "/companies", (i, a) -> i.companies()),
                        full("groups", "/groups", (i, a) -> i.groups()),
                        readable("licences", "/licences", (i, a) -> i.licences()),
                        full("memberships", "/users/memberships", (i, a) -> i.memberships()),
                        removable("messages", "/messages", (i, a) -> i.messages()),
                        full("messageFilters", "/message-filters", (i, a) -> i.messageFilters()),
                        full("roles", "/roles", (i, a) -> i.roles()),
                        readable("users", "/users", (i, a) -> i.users()),
                        full("webhookSubscriptions", "/webhook-subscriptions", (i, a) -> i.webhookSubscriptions()))
                .flatMap(Function.identity());
    }

    static Stream<Operation> operations() {
        return Stream.concat(ofCollections(), otherOperations());
    }

    private static Stream<Operation> otherOperations() {
        return Stream.of(
                operation("serverTime", 2, (i, s) -> i.serverTime()),
                operation("discovery", 2, (i, s) -> i.discovery()),
                operation("login", 1, (i, s) -> i.login(s.email(), "", Secret.of(s.password()))),
                operation("currentToken", 2, (i, s) -> i.currentToken()),
                operation("revokeTokens", 2, (i, s) -> i.revokeTokens(List.of(s.put("/access-tokens", NAMED)))),
                operation("revokeToken", 2, (i, s) -> i.revokeToken(s.put("/access-tokens", NAMED))),
                operation("me", 2, (i, s) -> i.me()),
                operation("updateMe", 2, (i, s) -> i.updateMe(Map.of("name", "b"))),
                operation("createCompanies", 1, (i, s) -> i.createCompanies(NEW_ROW)),
                operation("deleteCompanies", 2, (i, s) -> i.deleteCompanies(List.of(s.put("/companies", NAMED)))),
                operation("deleteUsers", 2, (i, s) -> i.deleteUsers(List.of(s.put("/users", NAMED)))),
                operation("deleteUser", 2, (i, s) -> i.deleteUser(s.put("/users", NAMED))),
                operation("deleteCompany", 2, (i, s) -> i.deleteCompany(s.put("/companies", NAMED))),
                operation("updateAllMessages", 2, (i, s) -> i.updateAllMessages(Map.of("read", true))),
                operation("changeNotificationToken", 2, (i, s) -> i.changeNotificationToken(Duration.ofMinutes(5))),
                operation(
                        "webhookTriggers",
                        2,
                        (i, s) -> i.webhookTriggers(s.put("/webhook-subscriptions", NAMED), ALL)
                                .items()),
                operation("company", 2, (i, s) -> i.company()),
                operation("updateCompany", 2, (i, s) -> i.updateCompany(Map.of("name", "b"))),
                operation("rebootAgent", 1, (i, s) -> i.rebootAgent(s.agentId())),
                operation(
                        "agentAuditLogs",
                        2,
                        (i, s) -> i.agentAuditLogs(s.agentId(), ALL).items()),
                operation("auditLogs", 2, (i, s) -> i.auditLogs(ALL).items()),
                operation("createInAsset", 1, (i, s) -> i.createInAsset(s.put("/assets", NAMED), Map.of("name", "a"))),
                operation("createLicences", 1, (i, s) -> i.createLicences(NEW_ROW)),
                operation("createServiceAccounts", 1, (i, s) -> i.createServiceAccounts(List.of("a"))),
                operation("data", 2, (i, s) -> i.data(List.of(query(s)))),
                operation("dataExport", 2, (i, s) -> i.dataExport(query(s))),
                operation("auditLogsExport", 2, (i, s) -> i.auditLogsExport()),
                operation("liveDataToken", 2, (i, s) -> i.liveDataToken(Duration.ofMinutes(5), List.of(s.agentId()))),
                // The address alone has no effect: the content follows it.
                operation(
                        "objectUpload",
                        1,
                        (i, s) -> i.objectUpload(s.agentId(), Map.of("name", "a"))
                                .flatMap(IxonOperationsTest::putContent)),
                operation(
                        "objectDownload",
                        2,
                        (i, s) -> i.objectDownload(
                                s.agentId(), Map.of("name", s.putObject(s.agentId(), "a", new byte[] {1})))));
    }

    /** Puts the content where the address of an upload points, which is not an operation of the API. */
    private static Mono<Integer> putContent(BlobLink link) {
        return Mono.fromCallable(() -> {
                    HttpRequest put = HttpRequest.newBuilder(link.url())
                            .timeout(PATIENCE)
                            .PUT(HttpRequest.BodyPublishers.ofString("content"))
                            .build();
                    return HttpClient.newHttpClient()
                            .send(put, HttpResponse.BodyHandlers.discarding())
                            .statusCode();
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    @ParameterizedTest
    @MethodSource("operations")
    void resendsOnlyOperationsThatCannotActTwice(Operation operation) {
        simulator.faults().next(Fault.resetBeforeRequestActs());
        Flux<?> call = Flux.from(operation.call().apply(ixon, simulator));

        if (operation.sends() == 1) {
            assertThatObject(failureOf(() -> call.blockLast(PATIENCE)).kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        } else {
            call.blockLast(PATIENCE);
        }

        assertThat(simulator.requests().count()).isEqualTo(operation.sends());
    }

    /** Checks the names only: {@link IxonConformanceTest} compares what they send with the contract. */
    @Test
    void callsEveryTypedOperation() {
        List<String> notCalls = List.of(
                "connect",
                "configure",
                "over",
                "forCompany",
                "client",
                "close",
                "resource",
                "blob",
                "uploads",
                "watchAction",
                "actionPolling",
                // These end the client's own access.
                "revokeCurrentToken",
                "deleteMe");
        assertThat(operations()
                        .map(operation -> operation.name().replaceAll("\\..*", ""))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(Stream.of(Ixon.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(method -> method.getName())
                        .filter(method -> !notCalls.contains(method))
                        .distinct()
                        .toList());
    }

    @Test
    void isFoundByServiceLoader() {
        assertThat(Vendors.byId("ixon").baseUri()).isEqualTo(URI.create("https://portal.ixon.cloud/api"));
    }

    @Test
    void sendsVersionAndApplicationWithEveryRequest() {
        ixon.serverTime().block(PATIENCE);
        list(ixon.agents().list(ALL).items());
        ixon.client().value(ApiRequest.get("users/me")).block(PATIENCE);

        assertThat(simulator.requests().all()).hasSize(3).allSatisfy(request -> {
            assertThat(request.headers()).containsEntry("api-version", List.of("2"));
            assertThat(request.header("api-application")).isEqualTo(simulator.applicationId());
        });
    }

    @Test
    void requestsPublicResourcesWithoutToken() {
        assertThat(ixon.serverTime().block(PATIENCE).datetime())
                .isBefore(Instant.now().plusSeconds(60));
        assertThat(ixon.discovery().block(PATIENCE).links()).isNotEmpty();

        assertThat(simulator.requests().all())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("authorization"));
    }

    @Test
    void encodesFieldsAndFilters() {
        simulator.put("/agents", "{\"name\":\"other, one\",\"description\":\"x\"}");

        List<Agent> found = list(ixon.agents()
                .list(ALL.fields("name", "description", "type(publicId,name)").filter("eq(name,\"other, one\")"))
                .items());

        assertThat(found).extracting(Agent::description).containsExactly("x");
        LoggedRequest sent = simulator.requests().all().get(0);
        assertThat(sent.query("fields")).isEqualTo("name,description,type(publicId,name)");
        assertThat(sent.uri()).doesNotContain("\"").doesNotContain("(").doesNotContain(",");
    }

    @Test
    void rejectsNegativePageSize() {
        assertThatObject(failureOf(() -> ALL.pageSize(-1)).kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
    }

    @Test
    void readsChangesAndRestartsAgent() {
        ixon.agents()
                .update(List.of(Map.of("publicId", simulator.agentId(), "description", "north", "new", 7)))
                .block(PATIENCE);
        ixon.rebootAgent(simulator.agentId()).block(PATIENCE);

        Agent agent = ixon.agents().get(simulator.agentId(), "*").block(PATIENCE);
        assertThat(agent.description()).isEqualTo("north");
        assertThat(agent.more().get("new").intValue()).isEqualTo(7);
        assertThat(simulator.effects().count("POST /agents/{agentId}/reboot")).isEqualTo(1);

        simulator.finishActions(simulator.agentId());
        assertThat(list(ixon.agentAuditLogs(simulator.agentId(), ALL.fields("*"))
                        .items()))
                .extracting(AuditLog::action)
                .contains("UPDATE", "TRIGGER");
        assertThat(list(ixon.auditLogs(ALL.fields("*")).items())).allSatisfy(entry -> {
            assertThat(entry.time()).isNotNull();
            assertThat(entry.target().path("publicId").asString()).isEqualTo(simulator.agentId());
        });
    }

    @Test
    void readsResourcesBelowAgentWithNestedParts() {
        String agent = simulator.agentId();
        simulator.put(
                "/agents/" + agent + "/data-tags",
                "{\"name\":\"Temp\",\"slug\":\"temp\",\"retentionPolicy\":\"eternal\",\"later\":null,"
                        + "\"variable\":{\"name\":\"t\",\"type\":\"float\",\"width\":\"32\",\"factor\":\"0.1\",\"signed\":true}}");
        simulator.put(
                "/agents/" + agent + "/alarm-occurrences",
                "{\"alarm\":{\"publicId\":\"a\",\"name\":\"Hot\",\"severity\":\"apocalyptic\",\"type\":\"boolean\"},"
                        + "\"acknowledged\":false,\"occurredOn\":\"2024-01-01T01:00:00+01:00\",\"rtnOn\":null}");
        simulator.put("/agents/" + agent + "/data-variables", "{\"name\":\"v\",\"factor\":\"2\",\"width\":16}");

        DataTag tag = list(ixon.dataTags(agent).list(ALL.fields("*")).items()).get(0);
        AlarmOccurrence alarm =
                list(ixon.alarmOccurrences(agent).list(ALL.fields("*")).items()).get(0);

        assertThat(tag.retentionPolicy()).isEqualTo("eternal");
        assertThat(tag.variable().factor()).isEqualTo("0.1");
        assertThat(tag.variable().more()).containsKey("signed");
        assertThat(tag.more()).containsKey("later");
        assertThat(alarm.alarm().severity()).isEqualTo("apocalyptic");
        assertThat(alarm.occurredOn()).isEqualTo(START);
        assertThat(alarm.rtnOn()).isNull();
        assertThat(list(ixon.dataVariables(agent).list(ALL.fields("*")).items())
                        .get(0)
                        .width())
                .isEqualTo("16");
        assertThat(list(ixon.devices(agent).list(ALL).items()).get(0).name()).isEqualTo("Example device");
        assertThat(list(ixon.dataSources(agent).list(ALL).items()))
                .extracting(Resource::publicId)
                .containsExactly(simulator.dataSourceId());
    }

    @Test
    void readsUnchangedRowsOnceFromChangingList() {
        List<String> groups = ixon
                .groups()
                .create(IntStream.range(0, 5)
                        .mapToObj(i -> Map.of("name", "g" + i))
                        .toList())
                .block(PATIENCE)
                .stream()
                .map(Group::publicId)
                .toList();
        Pages<Group> pages = ixon.groups().list(ALL.pageSize(2));
        Page<Group> first = pages.blockFirst(PATIENCE);

        ixon.groups().delete(List.of(groups.get(0), groups.get(3))).block(PATIENCE);
        String late = ixon.groups()
                .create(List.of(Map.of("name", "late")))
                .block(PATIENCE)
                .get(0)
                .publicId();

        assertThat(first.items()).extracting(Group::publicId).isEqualTo(groups.subList(0, 2));
        assertThat(list(pages.resumeFrom(first.resumeToken()).items()))
                .extracting(Group::publicId)
                .containsExactly(groups.get(2), groups.get(4), late);
    }

    @Test
    void createsListsChangesAndDeletesGroups() {
        Group group = ixon.groups()
                .create(List.of(Map.of("name", "a")))
                .block(PATIENCE)
                .get(0);
        ixon.groups()
                .update(List.of(Map.of("publicId", group.publicId(), "name", "b", "isCompanyGroup", true)))
                .block(PATIENCE);

        Group read = list(ixon.groups().list(ALL.fields("*")).items()).get(0);
        assertThat(read.publicId()).isEqualTo(group.publicId());
        assertThat(read.name()).isEqualTo("b");
        assertThat(read.isCompanyGroup()).isTrue();

        ixon.groups().delete(List.of(group.publicId())).block(PATIENCE);
        assertThat(list(ixon.groups().list(ALL).items())).isEmpty();
    }

    @Test
    void readsSparselyDocumentedResourcesWithIdentifier() {
        String role = simulator.put("/roles", "{\"name\":\"r\",\"enforce2fa\":true,\"permissions\":[1]}");
        String asset = simulator.put("/assets", "{\"name\":\"line\"}");
        String licence = simulator.put("/licences", "{\"name\":\"l\"}");
        String member = simulator.put("/users/memberships", "{\"user\":{\"publicId\":\"u\"}}");
        String message = simulator.put("/messages", "{\"name\":\"m\"}");

        Role read = list(ixon.roles().list(ALL.fields("*")).items()).get(0);
        assertThat(read.publicId()).isEqualTo(role);
        assertThat(read.enforce2fa()).isTrue();
        assertThat(read.more()).containsKey("permissions");
        assertThat(list(ixon.assets().list(ALL).items()))
                .extracting(Resource::publicId)
                .containsExactly(asset);
        assertThat(list(ixon.licences().list(ALL).items()))
                .extracting(Resource::publicId)
                .containsExactly(licence);
        assertThat(list(ixon.memberships().list(ALL.fields("*")).items())).allSatisfy(m -> {
            assertThat(m.publicId()).isEqualTo(member);
            assertThat(m.more()).containsKey("user");
        });
        assertThat(list(ixon.messages().list(ALL).items()))
                .extracting(Resource::publicId)
                .containsExactly(message);
        assertThat(list(ixon.companies().list(ALL).items()))
                .extracting(Resource::publicId)
                .containsExactly(simulator.companyId());
        assertThat(ixon.company("name").block(PATIENCE).name()).isEqualTo("Example company");
        assertThat(ixon.me("emailAddress").block(PATIENCE).more()).containsKey("emailAddress");
    }

    @Test
    void subscribesListsAndEndsWebhooksWithoutCompany() {
        Ixon without = Ixon.over(ixon.client());
        WebhookSubscription created = without.webhookSubscriptions()
                .create(List.of(Map.of("name", "a", "timeout", 10, "callbackUrl", "https://example.com/hook")))
                .block(PATIENCE)
                .get(0);
        simulator.put(
                "/webhook-subscriptions/" + created.publicId() + "/triggers",
                "{\"ok\":false,\"retrying\":true,\"tryCount\":3,\"status\":500,\"nextTry\":\"2024-01-01T00:00:00Z\"}");

        WebhookSubscription read = list(without.webhookSubscriptions()
                        .list(ALL.fields("*"))
                        .items())
                .get(0);
        WebhookTrigger trigger = list(without.webhookTriggers(created.publicId(), ALL.fields("*"))
                        .items())
                .get(0);
        assertThat(read.callbackUrl()).isEqualTo("https://example.com/hook");
        assertThat(read.more()).containsKey("timeout");
        assertThat(trigger.tryCount()).isEqualTo(3);
        assertThat(trigger.retrying()).isTrue();
        assertThat(trigger.nextTry()).isEqualTo(START);

        without.webhookSubscriptions().delete(List.of(created.publicId())).block(PATIENCE);
        assertThat(list(without.webhookSubscriptions().list(ALL).items())).isEmpty();
    }

    @Test
    void returnsHistoricalDataAsSeriesPerQuery() {
        DataSeries series = ixon.data(List.of(query(simulator))).block(PATIENCE).get(0);

        assertThat(series.source().publicId()).isEqualTo(simulator.dataSourceId());
        assertThat(series.start()).isEqualTo(START);
        assertThat(series.timeZone()).isEqualTo("UTC");
        assertThat(series.points()).extracting(DataPoint::time).startsWith(START, START.plusSeconds(60));
        assertThat(series.points().get(1).values().get("a").decimalValue()).isEqualByComparingTo("1.5");
        assertThat(simulator.requests().all().get(0).body())
                .contains("\"start\":\"2024-01-01T00:00:00Z\"")
                .contains("\"ref\":\"a\"");
    }

    @Test
    void namesPlaceOfWrongDataQuery() {
        DataQuery wrong = DataQuery.of("nobody", START, START.plusSeconds(60));

        ApiException failure =
                failureOf(() -> ixon.data(List.of(query(simulator), wrong)).block(PATIENCE));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        IxonException.Content.class,
                        e -> assertThat(e.listIndexes()).containsExactly(1));
    }

    @Test
    void keepsTokensOfWebSocketsSecret() {
        assertThat(ixon.changeNotificationToken(Duration.ofHours(1))
                        .block(PATIENCE)
                        .secretId()
                        .reveal())
                .contains(".");
        var live = ixon.liveDataToken(Duration.ofHours(1), List.of(simulator.agentId()))
                .block(PATIENCE);
        assertThat(live.toString()).doesNotContain(live.secretId().reveal());
        assertThat(simulator.requests().all().get(1).body())
                .contains("\"expiresIn\":3600")
                .contains("\"agents\":[{\"publicId\":\"" + simulator.agentId() + "\"}]");
    }

    @Test
    void acceptsServiceAccountTokenWithItsApplication() {
        ServiceAccount account =
                ixon.createServiceAccounts(List.of("nightly")).block(PATIENCE).get(0);
        assertThat(account.toString()).doesNotContain(account.token().reveal());

        try (Ixon own = Ixon.over(open(
                        IxonVendor.SPEC,
                        Ixon.configure(account.apiApplication().publicId()),
                        account.token().reveal()))
                .forCompany(simulator.companyId())) {
            assertThat(list(own.agents().list(ALL).items())).hasSize(1);
        }
    }

    @Test
    void logsInWithOneTimePasswordForUsableToken() {
        simulator.requireTwoFactor();
        String otp = simulator.oneTimePassword();
        TokenInfo token = ixon.login(simulator.email(), otp, Secret.of(simulator.password()))
                .block(PATIENCE);
        assertThat(token.expiresOn()).isAfter(Instant.now());
        assertThat(token.toString()).doesNotContain(token.secretId().reveal());

        try (Ixon person = connect(token.secretId().reveal())) {
            assertThat(list(person.agents().list(ALL).items())).hasSize(1);
            assertThat(person.currentToken().block(PATIENCE).publicId()).isEqualTo(token.publicId());

            person.revokeCurrentToken().block(PATIENCE);
            assertThat(failureOf(() -> list(person.agents().list(ALL).items())))
                    .isInstanceOf(IxonException.Authorization.class);
            assertThat(simulator.requests().of("POST", "/api/access-tokens")).hasSize(1);
        }
    }

    @Test
    void logsInOnceForManyCalls() {
        try (Ixon person = login()) {
            Flux.range(0, 8).flatMap(i -> person.agents().list(ALL).items()).blockLast(PATIENCE);

            assertThat(simulator.requests().of("POST", "/api/access-tokens")).hasSize(1);
            assertThat(simulator
                            .requests()
                            .of("POST", "/api/access-tokens")
                            .get(0)
                            .body())
                    .isEqualTo("{\"expiresIn\":3600}");
        }
    }

    @Test
    void rejectsColonThatWouldMoveSlots() {
        Secret password = Secret.of("p");
        assertThat(failureOf(() -> Ixon.configure(simulator.applicationId(), "a:b@example.com")))
                .hasMessageContaining("email");
        assertThat(failureOf(() -> ixon.login("a@example.com", "12:34", password)))
                .hasMessageContaining("one-time password")
                .hasMessageNotContaining("12:34");
    }

    @Test
    void printsNoSecret() {
        String password = simulator.password();
        try (Ixon person = login()) {
            list(person.agents().list(ALL).items());
            String token = simulator
                    .requests()
                    .of("GET", "/api/agents")
                    .get(0)
                    .header("authorization")
                    .substring("Bearer ".length());
            String basic = simulator
                    .requests()
                    .of("POST", "/api/access-tokens")
                    .get(0)
                    .header("authorization")
                    .substring("Basic ".length());
            simulator.revoke(token);
            simulator.faults().on("POST", "/api/access-tokens", Fault.status(500));
            ApiException failure =
                    failureOf(() -> list(person.agents().list(ALL).items()));
            ApiException wrongLogin = failureOf(() -> person.login(simulator.email(), "", Secret.of(password + "x"))
                    .block(PATIENCE));

            assertThat(person.client().inspect().explain(ApiRequest.get("agents"))
                            + person.client()
                            + shown(failure)
                            + shown(wrongLogin))
                    .contains("POST access-tokens")
                    .doesNotContain(password)
                    .doesNotContain(token)
                    .doesNotContain(basic);
        }
        assertThat(ixon.client().inspect().explain(ApiRequest.get("agents"))).doesNotContain(simulator.secret());
    }

    private static String shown(ApiException failure) {
        return failure
                + failure.failure().toString()
                + failure.journey().timeline()
                + failure.journey().toJson()
                + failure.bodyExcerpt()
                + failure.fieldErrors()
                + failure.details();
    }
}
