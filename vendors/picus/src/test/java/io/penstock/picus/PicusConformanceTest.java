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
import io.penstock.test.VendorConformance;
import io.penstock.test.VendorFixture;
import io.penstock.test.VendorFixture.DocumentedError;
import io.penstock.test.VendorFixture.ListOperation;
import io.penstock.test.VendorFixture.TypedOperation;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.picus.PicusRules;
import io.penstock.test.simulator.picus.PicusSimulator;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

class PicusConformanceTest extends VendorConformance {

    private static final ReportOrder PDF = ReportOrder.overview("PDF");
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

    private final List<TypedOperation> operations = List.of(
            operation("agents", RetryClass.IDEMPOTENT, p -> p.agents().next()),
            operation("agent", RetryClass.IDEMPOTENT, p -> p.agent(1)),
            operation("agentInstallToken", RetryClass.IDEMPOTENT, p -> p.agentInstallToken("Linux", null)),
            operation(
                    "integrations", RetryClass.IDEMPOTENT, p -> p.integrations().next()),
            operation(
                    "simulations",
                    RetryClass.IDEMPOTENT,
                    p -> p.simulations(ListQuery.first()).next()),
            ofRun("simulation", RetryClass.IDEMPOTENT, (p, run) -> p.simulation(run.simulation())),
            operation("createSimulation", RetryClass.UNSAFE, p -> p.createSimulation(NewSimulation.of("s", 1, null))),
            operation(
                    "createSimulation",
                    RetryClass.UNSAFE,
                    p -> p.createSimulation(
                            NewSimulation.of("s", 2, null), Picus.lookFor(NewSimulation.of("s", 2, null)))),
            ofRun("simulateNow", RetryClass.UNSAFE, (p, run) -> p.simulateNow(run.simulation())),
            // The simulator refuses to cancel a run that has ended.
            ofRun("cancelSimulation", RetryClass.IDEMPOTENT, (p, run) -> p.cancelSimulation(run.simulation()))
                    .refusedOnceDone(400),
            ofRun("deleteSimulation", RetryClass.IDEMPOTENT, (p, run) -> p.deleteSimulation(run.simulation())),
            ofRun("latestResult", RetryClass.IDEMPOTENT, (p, run) -> p.latestResult(run.simulation())),
            ofRun("result", RetryClass.IDEMPOTENT, (p, run) -> p.result(run.simulation(), run.id())),
            ofRun(
                    "latestThreats",
                    RetryClass.IDEMPOTENT,
                    (p, run) ->
                            p.latestThreats(run.simulation(), ListQuery.first()).next()),
            ofRun("createReports", RetryClass.UNSAFE, (p, run) -> p.createReports(run.simulation(), PDF)),
            ofReport("report", Picus::report),
            ofReport("downloadReport", Picus::downloadReport),
            ofReport("reportDownloadUrl", Picus::reportDownloadUrl),
            operation(
                    "threats",
                    RetryClass.IDEMPOTENT,
                    p -> p.threats(ListQuery.first()).next()),
            operation("threat", RetryClass.IDEMPOTENT, p -> p.threat(1)),
            operation("createThreat", RetryClass.UNSAFE, p -> p.createThreat(Map.of("name", "t"))),
            operation("deleteThreat", RetryClass.IDEMPOTENT, p -> p.deleteThreat(1)),
            operation(
                    "templates",
                    RetryClass.IDEMPOTENT,
                    p -> p.templates(ListQuery.first()).next()),
            operation("template", RetryClass.IDEMPOTENT, p -> p.template(1)),
            operation("createTemplate", RetryClass.UNSAFE, p -> p.createTemplate(Map.of("name", "t"))),
            operation(
                    "users",
                    RetryClass.IDEMPOTENT,
                    p -> p.users(ListQuery.first()).next()),
            operation("inviteUser", RetryClass.UNSAFE, p -> p.inviteUser("a@b.c", "sso", 4567)),
            operation("assignRole", RetryClass.IDEMPOTENT, p -> p.assignRole(1234, 4567)),
            operation("deleteUser", RetryClass.IDEMPOTENT, p -> p.deleteUser(1234)),
            operation(
                    "activityLogs",
                    RetryClass.IDEMPOTENT,
                    p -> p.activityLogs(ListQuery.first()).next()),
            operation("scores", RetryClass.IDEMPOTENT, p -> p.scores(List.of())),
            operation("summary", RetryClass.IDEMPOTENT, p -> p.summary(Map.of())),
            operation(
                    "customDetectionContent",
                    RetryClass.IDEMPOTENT,
                    p -> p.customDetectionContent(ListQuery.first()).next()),
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
                                "{\"rules\":[],\"pagination\":{\"totalCount\":7}}")));
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
    void coversEveryTypedOperation() {
        assertThat(Stream.of(Picus.class.getDeclaredMethods())
                        .filter(method ->
                                RESULTS.contains(method.getReturnType()) && Modifier.isPublic(method.getModifiers()))
                        .filter(method -> Stream.of(method.getParameterTypes()).noneMatch(OF_FILES::contains))
                        .map(Method::getName))
                .containsExactlyInAnyOrderElementsOf(
                        operations.stream().map(TypedOperation::name).toList());
    }

    /** Operations with these parameters are in PicusUploadsTest and PicusOperationsTest, which have the files. */
    private static final Set<Class<?>> OF_FILES = Set.of(Path.class, NewThreatFile.class);

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
                                .createReports(run.simulation(), PDF)
                                .map(reports -> new OrderedReport(
                                        run.simulation(), reports.get(0).id()))),
                (client, report) -> call.of(Picus.over(client), report.simulation(), report.id()),
                RetryClass.IDEMPOTENT);
    }

    private static Mono<StartedRun> run(Picus picus) {
        return picus.createSimulation(NewSimulation.of("prepared", 1, null).startedNow())
                .map(started -> new StartedRun(
                        started.simulation().id(), started.runInfo().id()));
    }

    private static DocumentedError error(int status, String body, ErrorKind kind, @Nullable String code) {
        return new DocumentedError(status, body, kind, code);
    }
}
