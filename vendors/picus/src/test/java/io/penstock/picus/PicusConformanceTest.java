package io.penstock.picus;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Payload;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.paging.Pages;
import io.penstock.picus.model.NewSimulation;
import io.penstock.picus.model.NewThreatFile;
import io.penstock.picus.model.ReportOrder;
import io.penstock.request.ApiRequest;
import io.penstock.request.RetryClass;
import io.penstock.retry.Backoff;
import io.penstock.test.DocumentedOperations;
import io.penstock.test.VendorConformance;
import io.penstock.test.VendorFixture;
import io.penstock.test.VendorFixture.DocumentedError;
import io.penstock.test.VendorFixture.ListOperation;
import io.penstock.test.VendorFixture.TypedOperation;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.picus.PicusRules;
import io.penstock.test.simulator.picus.PicusSimulator;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

class PicusConformanceTest extends VendorConformance {

    private static final ReportOrder PDF = ReportOrder.overview("PDF");
    private static final ListQuery ALL = ListQuery.first();
    private static final Map<String, String> NAMED = Map.of("name", "n");

    /** A file that exists wherever this module is built. */
    private static final Path FILE = Path.of("pom.xml");

    /** The areas of {@link Picus} by the name of their accessor. */
    private static final Map<String, Class<?>> AREAS = Map.of(
            "agents.", PicusAgents.class,
            "simulations.", PicusSimulations.class,
            "latestRun.", PicusRun.class,
            "reports.", PicusReports.class,
            "templates.", PicusTemplates.class,
            "threatLibrary.", PicusThreatLibrary.class,
            "detectionContent.", PicusDetectionContent.class,
            "mitigation.", PicusMitigation.class,
            "users.", PicusUsers.class,
            "", Picus.class);

    private static final Set<Class<?>> RESULTS = Set.of(Mono.class, Pages.class);

    /** Set when a test starts one. */
    private @Nullable PicusSimulator running;

    private PicusSimulator started() {
        PicusSimulator simulator =
                PicusSimulator.start(PicusRules.documented().withRequestsPerMinute("GET /v1/agents", 10_000));
        simulator.reportsTake(JobCourse.starting("COMPLETED"));
        running = simulator;
        return simulator;
    }

    private PicusSimulator running() {
        return Objects.requireNonNull(running, "no simulator runs outside a test");
    }

    final List<TypedOperation> operations = List.of(
            operation(
                    "agents.list", RetryClass.IDEMPOTENT, p -> p.agents().list().next()),
            operation("agents.get", RetryClass.IDEMPOTENT, p -> p.agents().get(1)),
            operation(
                    "agents.downloadLink",
                    RetryClass.IDEMPOTENT,
                    p -> p.agents().downloadLink("Linux", "deb")),
            operation(
                    "agents.installToken",
                    RetryClass.IDEMPOTENT,
                    p -> p.agents().installToken("Linux", null)),
            operation(
                    "agents.reinstallToken",
                    RetryClass.IDEMPOTENT,
                    p -> p.agents().reinstallToken(1)),
            operation(
                    "agents.kubernetesYaml",
                    RetryClass.IDEMPOTENT,
                    p -> p.agents().kubernetesYaml("agent", 1L)),
            operation(
                    "agents.integrations",
                    RetryClass.IDEMPOTENT,
                    p -> p.agents().integrations().next()),
            operation(
                    "agents.integrationAgents",
                    RetryClass.IDEMPOTENT,
                    p -> p.agents().integrationAgents().next()),
            operation(
                    "simulations.list",
                    RetryClass.IDEMPOTENT,
                    p -> p.simulations().list(ALL).next()),
            ofRun(
                    "simulations.get",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.simulations().get(run.simulation())),
            operation(
                    "simulations.create",
                    RetryClass.UNSAFE,
                    p -> p.simulations().create(NewSimulation.of("s", 1, null))),
            operation(
                    "simulations.create",
                    RetryClass.UNSAFE,
                    p -> p.simulations()
                            .create(
                                    NewSimulation.of("s", 2, null),
                                    PicusSimulations.lookFor(NewSimulation.of("s", 2, null)))),
            ofRun(
                    "simulations.update",
                    RetryClass.UNSAFE,
                    (p, run) -> p.simulations().update(run.simulation(), Map.of("schedule_now", true))),
            ofRun(
                    "simulations.start",
                    RetryClass.UNSAFE,
                    (p, run) -> p.simulations().start(run.simulation())),
            ofRun(
                    "simulations.cancel",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.simulations().cancel(run.simulation())),
            ofRun(
                    "simulations.delete",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.simulations().delete(run.simulation())),
            operation(
                    "simulations.summary",
                    RetryClass.IDEMPOTENT,
                    p -> p.simulations().summary(Map.of())),
            ofRun(
                    "latestRun.result",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.latestRun(run.simulation()).result()),
            ofRun(
                    "latestRun.frameworks",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.latestRun(run.simulation()).frameworks()),
            ofRun(
                    "latestRun.threats",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.latestRun(run.simulation()).threats(ALL).next()),
            ofRun(
                    "latestRun.actions",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.latestRun(run.simulation()).actions(1, ALL).next()),
            ofRun(
                    "latestRun.action",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.latestRun(run.simulation()).action(1, 2, 12L)),
            ofRun(
                    "latestRun.alerts",
                    RetryClass.IDEMPOTENT,
                    (p, run) ->
                            p.latestRun(run.simulation()).alerts(1, 2, 1, ALL).next()),
            ofRun(
                    "latestRun.logs",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.latestRun(run.simulation()).logs(1, 2, 1, ALL).next()),
            ofRun(
                    "run.result",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.run(run.simulation(), run.id()).result()),
            ofRun(
                    "run.frameworks",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.run(run.simulation(), run.id()).frameworks()),
            ofRun(
                    "run.threats",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.run(run.simulation(), run.id()).threats(ALL).next()),
            ofRun(
                    "run.actions",
                    RetryClass.IDEMPOTENT,
                    (p, run) ->
                            p.run(run.simulation(), run.id()).actions(1, ALL).next()),
            ofRun(
                    "run.action",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.run(run.simulation(), run.id()).action(1, 2, 12L)),
            ofRun(
                    "run.alerts",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.run(run.simulation(), run.id())
                            .alerts(1, 2, 1, ALL)
                            .next()),
            ofRun(
                    "run.logs",
                    RetryClass.IDEMPOTENT,
                    (p, run) ->
                            p.run(run.simulation(), run.id()).logs(1, 2, 1, ALL).next()),
            ofRun(
                    "run.rawLogs",
                    RetryClass.IDEMPOTENT,
                    (p, run) -> p.run(run.simulation(), run.id())
                            .rawLogs(1, 1, 1, null)
                            .next()),
            ofRun("reports.create", RetryClass.UNSAFE, (p, run) -> p.reports().create(run.simulation(), PDF)),
            ofReport("reports.get", (p, simulation, id) -> p.reports().get(simulation, id)),
            ofReport("reports.download", (p, simulation, id) -> p.reports().download(simulation, id)),
            ofReport("reports.downloadUrl", (p, simulation, id) -> p.reports().downloadUrl(simulation, id)),
            operation(
                    "threatLibrary.threats",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().threats(ALL).next()),
            operation(
                    "threatLibrary.threat",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().threat(1)),
            operation(
                    "threatLibrary.createThreat",
                    RetryClass.UNSAFE,
                    p -> p.threatLibrary().createThreat(NAMED)),
            operation(
                    "threatLibrary.updateThreat",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().updateThreat(1, NAMED)),
            operation(
                    "threatLibrary.deleteThreat",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().deleteThreat(1)),
            operation(
                    "threatLibrary.exportThreat",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().exportThreat(1)),
            operation(
                    "threatLibrary.importThreats",
                    RetryClass.UNSAFE,
                    p -> p.threatLibrary().importThreats(FILE)),
            operation(
                    "threatLibrary.actionParameters",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().actionParameters(null)),
            operation(
                    "threatLibrary.actions",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().actions(ALL).next()),
            operation(
                    "threatLibrary.actions",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().actions(List.of(1L, 2L), List.of()).next()),
            operation(
                    "threatLibrary.action",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().action(1)),
            operation(
                    "threatLibrary.createAction",
                    RetryClass.UNSAFE,
                    p -> p.threatLibrary().createAction(NAMED)),
            operation(
                    "threatLibrary.createKeyword",
                    RetryClass.UNSAFE,
                    p -> p.threatLibrary().createKeyword(Map.of("action_id", 1))),
            operation(
                    "threatLibrary.files",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().files(ALL).next()),
            operation(
                    "threatLibrary.uploadFile",
                    RetryClass.UNSAFE,
                    p -> p.threatLibrary().uploadFile(NewThreatFile.of(FILE, NewThreatFile.LOCAL))),
            operation(
                    "threatLibrary.processes",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().processes(ALL).next()),
            operation(
                    "threatLibrary.createProcess",
                    RetryClass.UNSAFE,
                    p -> p.threatLibrary().createProcess(Map.of("process_type", "play"))),
            operation(
                    "threatLibrary.tags",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().tags().next()),
            operation(
                    "threatLibrary.threatActors",
                    RetryClass.IDEMPOTENT,
                    p -> p.threatLibrary().threatActors().next()),
            operation(
                    "detectionContent.custom",
                    RetryClass.IDEMPOTENT,
                    p -> p.detectionContent().custom(ALL).next()),
            operation(
                    "detectionContent.custom",
                    RetryClass.IDEMPOTENT,
                    p -> p.detectionContent().custom(1)),
            operation(
                    "detectionContent.createCustom",
                    RetryClass.UNSAFE,
                    p -> p.detectionContent().createCustom(List.of(Map.of("content_name", "c")))),
            operation(
                    "detectionContent.updateCustom",
                    RetryClass.IDEMPOTENT,
                    p -> p.detectionContent().updateCustom(1, Map.of("content_name", "c"))),
            operation(
                    "detectionContent.deleteCustom",
                    RetryClass.IDEMPOTENT,
                    p -> p.detectionContent().deleteCustom(1)),
            operation(
                    "detectionContent.sources",
                    RetryClass.IDEMPOTENT,
                    p -> p.detectionContent().sources().next()),
            operation(
                    "detectionContent.logSources",
                    RetryClass.IDEMPOTENT,
                    p -> p.detectionContent().logSources("sigma").next()),
            operation(
                    "detectionContent.rules",
                    RetryClass.IDEMPOTENT,
                    p -> p.detectionContent().rules("sigma", ALL).next()),
            operation(
                    "detectionContent.rule",
                    RetryClass.IDEMPOTENT,
                    p -> p.detectionContent().rule("sigma", 1)),
            operation(
                    "detectionContent.devices",
                    RetryClass.IDEMPOTENT,
                    p -> p.detectionContent().devices().next()),
            operation(
                    "detectionContent.tactics",
                    RetryClass.IDEMPOTENT,
                    p -> p.detectionContent().tactics().next()),
            operation(
                    "detectionContent.techniques",
                    RetryClass.IDEMPOTENT,
                    p -> p.detectionContent().techniques().next()),
            operation(
                    "detectionContent.subTechniques",
                    RetryClass.IDEMPOTENT,
                    p -> p.detectionContent().subTechniques().next()),
            operation(
                    "mitigation.devices",
                    RetryClass.IDEMPOTENT,
                    p -> p.mitigation().devices().next()),
            operation(
                    "mitigation.device",
                    RetryClass.IDEMPOTENT,
                    p -> p.mitigation().device(1)),
            operation(
                    "mitigation.signatures",
                    RetryClass.IDEMPOTENT,
                    p -> p.mitigation().signatures(1, List.of(1L, 2L)).next()),
            operation(
                    "mitigation.notBlockedActions",
                    RetryClass.IDEMPOTENT,
                    p -> p.mitigation().notBlockedActions(ALL).next()),
            operation(
                    "templates.list",
                    RetryClass.IDEMPOTENT,
                    p -> p.templates().list(ALL).next()),
            operation("templates.get", RetryClass.IDEMPOTENT, p -> p.templates().get(1)),
            operation("templates.create", RetryClass.UNSAFE, p -> p.templates().create(NAMED)),
            operation(
                    "users.list",
                    RetryClass.IDEMPOTENT,
                    p -> p.users().list(ALL).next()),
            operation(
                    "users.roles",
                    RetryClass.IDEMPOTENT,
                    p -> p.users().roles(ALL).next()),
            operation("users.invite", RetryClass.UNSAFE, p -> p.users().invite("a@b.c", "sso", 4567)),
            operation("users.assignRole", RetryClass.IDEMPOTENT, p -> p.users().assignRole(1234, 4567)),
            operation("users.delete", RetryClass.IDEMPOTENT, p -> p.users().delete(1234)),
            operation(
                    "users.activityLogs",
                    RetryClass.IDEMPOTENT,
                    p -> p.users().activityLogs(ALL).next()),
            operation(
                    "exposureScores",
                    RetryClass.IDEMPOTENT,
                    p -> p.exposureScores(List.of()).next()),
            operation(
                    "replaceRefreshToken",
                    RetryClass.UNSAFE,
                    p -> p.replaceRefreshToken(Secret.of(running().issueRefreshToken()))));

    @Override
    protected VendorFixture fixture() {
        return VendorFixture.of(
                        new PicusVendor().spec(),
                        this::started,
                        "Bearer ",
                        ApiRequest.get("v1/agents").as(Payload.json(Agents.class)),
                        ApiRequest.post("v1/simulations").body(NewSimulation.of("s", 1, null)))
                .withConfiguration(PicusConformanceTest::withUnlimitedRetries)
                .withOperations(operations)
                // 401 and 429 are not among them because they are sent again; they are in PicusRobustnessTest.
                .withErrors(List.of(
                        error(
                                400,
                                "{\"message\":\"The error message\",\"error_code\":1001,"
                                        + "\"errors\":{\"error1\":\"message\",\"error2\":\"message2\"}}",
                                ErrorKind.VALIDATION,
                                "1001"),
                        error(
                                400,
                                "{\"code\":400,\"message\":\"no\",\"errors\":{},\"success\":false}",
                                ErrorKind.VALIDATION,
                                "400"),
                        error(402, "{\"message\":\"limit\"}", ErrorKind.PAYMENT_REQUIRED, null),
                        error(403, "{\"message\":\"forbidden\"}", ErrorKind.PERMISSION, null),
                        error(404, "{\"message\":\"not found error\"}", ErrorKind.NOT_FOUND, null),
                        error(408, "{\"message\":\"time-out\"}", ErrorKind.TIMEOUT, null),
                        error(410, "{\"message\":\"retired\"}", ErrorKind.GONE, null),
                        error(
                                422,
                                "{\"message\":\"validation error\",\"errors\":"
                                        + "{\"parsing error\":\"strconv.ParseUint: parsing \\\"abc\\\": invalid syntax\"}}",
                                ErrorKind.VALIDATION,
                                null),
                        error(
                                422,
                                "{\"errors\":\"[\\\"error1\\\", \\\"error2\\\"]\",\"message\":\"validation error\"}",
                                ErrorKind.VALIDATION,
                                null),
                        error(500, "{\"message\":\"failed\"}", ErrorKind.SERVER_ERROR, null),
                        error(503, "{\"message\":\"later\"}", ErrorKind.UNAVAILABLE, null),
                        error(504, "{\"message\":\"time-out\"}", ErrorKind.SERVER_ERROR, null)))
                .withLists(List.of(
                        new ListOperation<>(
                                ApiRequest.get("v1/users")
                                        .as(Payload.page(JsonNode.class, List.of("users"), List.of())),
                                PicusVendor.PAGES,
                                "{\"users\":[],\"pages\":{\"total_count\":7,\"limit\":20,\"offset\":0}}"),
                        new ListOperation<>(
                                ApiRequest.get("v1/mitigation/detection-content/custom")
                                        .as(Payload.page(JsonNode.class, List.of("rules"), List.of())),
                                PicusVendor.CONTENT_PAGES,
                                "{\"rules\":[],\"pagination\":{\"totalCount\":7}}"),
                        new ListOperation<>(
                                ApiRequest.get("v1/mitigation/detection-content/sigma/rules")
                                        .as(Payload.page(JsonNode.class, List.of("rules"), List.of())),
                                PicusVendor.RULE_PAGES,
                                "{\"rules\":[],\"pagination\":{\"totalCount\":7}}"),
                        new ListOperation<>(
                                ApiRequest.get("v1/mitigation/generic/not-blocked-actions")
                                        .as(Payload.page(
                                                JsonNode.class, List.of("not_blocked_action_list"), List.of())),
                                PicusVendor.ACTION_PAGES,
                                "{\"not_blocked_action_list\":[],\"pagination\":{\"total_count\":7}}")));
    }

    /** Removes the retry budget: one client tries every operation, and each costs a retry. */
    private static ApiClientBuilder withUnlimitedRetries(ApiClientBuilder builder) {
        Backoff fast = new Backoff(Duration.ofMillis(10), 2, Duration.ofMillis(40), 0.25);
        return builder.retry(PicusVendor.SPEC.retry().withBackoff(fast).withBudgetShare(1));
    }

    /** A run of a simulation. */
    record StartedRun(long simulation, long id) {}

    /** A report of a simulation. */
    record OrderedReport(long simulation, long id) {}

    /** An operation on a report. */
    @FunctionalInterface
    interface OfReport {
        Mono<?> of(Picus picus, long simulation, long id);
    }

    /** The minimal form of a list of agents. */
    record Agents(List<JsonNode> agents) {}

    @Test
    void callsEveryTypedOperation() {
        Stream<String> declared = Stream.concat(
                AREAS.entrySet().stream().flatMap(area -> declared(area.getKey(), area.getValue())),
                Stream.concat(declared("run.", PicusRun.class), declared("run.", NumberedRun.class)));

        assertThat(operations.stream().map(TypedOperation::name).collect(Collectors.toSet()))
                .isEqualTo(declared.collect(Collectors.toSet()));
    }

    private static Stream<String> declared(String prefix, Class<?> area) {
        return Stream.of(area.getDeclaredMethods())
                .filter(method -> RESULTS.contains(method.getReturnType()) && Modifier.isPublic(method.getModifiers()))
                .map(method -> prefix + method.getName());
    }

    @Test
    void sendsEveryDocumentedOperation() {
        DocumentedOperations documented = DocumentedOperations.read(PicusConformanceTest.class, "operations.tsv");

        assertThat(documented.rows()).hasSize(84);
        assertThat(documented.sentBy(fixture(), withConnectAndRetired())).isEqualTo(documented.typed());
    }

    /** Returns the operations, the exchange of the token, and the operation that the API has retired. */
    @SuppressWarnings("deprecation")
    private List<TypedOperation> withConnectAndRetired() {
        List<TypedOperation> all = new ArrayList<>(operations);
        all.add(operation(
                "mitigation.devices", RetryClass.IDEMPOTENT, p -> p.mitigation().devices(List.of(1L))));
        all.add(new TypedOperation("connect", client -> connected(client.baseUri()), RetryClass.IDEMPOTENT));
        return all;
    }

    /** Emits when another client has exchanged the refresh token. */
    private Mono<Void> connected(URI address) {
        return Mono.using(
                () -> Picus.over(Picus.configure()
                        .baseUri(address)
                        .secret(Secret.of(running().secret()))
                        .build()),
                another -> another.client().warmUp(),
                Picus::close);
    }

    private static TypedOperation operation(String name, RetryClass retryClass, Function<Picus, Mono<?>> call) {
        return new TypedOperation(name, (ApiClient client) -> call.apply(Picus.over(client)), retryClass);
    }

    private static TypedOperation ofRun(
            String name, RetryClass retryClass, BiFunction<Picus, StartedRun, Mono<?>> call) {
        return TypedOperation.after(
                name,
                client -> run(Picus.over(client)),
                (client, run) -> call.apply(Picus.over(client), run),
                retryClass);
    }

    private static TypedOperation ofReport(String name, OfReport call) {
        return TypedOperation.after(
                name,
                client -> run(Picus.over(client))
                        .flatMap(run -> Picus.over(client)
                                .reports()
                                .create(run.simulation(), PDF)
                                .map(reports -> new OrderedReport(
                                        run.simulation(), reports.get(0).id()))),
                (client, report) -> call.of(Picus.over(client), report.simulation(), report.id()),
                RetryClass.IDEMPOTENT);
    }

    private static Mono<StartedRun> run(Picus picus) {
        return picus.simulations()
                .create(NewSimulation.of("prepared", 1, null).startedNow())
                .map(started -> new StartedRun(
                        started.simulation().id(), started.runInfo().id()));
    }

    private static DocumentedError error(int status, String body, ErrorKind kind, @Nullable String code) {
        return new DocumentedError(status, body, kind, code);
    }
}
