package io.penstock.invicti;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.body.Payload;
import io.penstock.error.ErrorKind;
import io.penstock.invicti.model.ApiTarget;
import io.penstock.invicti.model.Application;
import io.penstock.invicti.model.Created;
import io.penstock.invicti.model.NewApplication;
import io.penstock.invicti.model.NewScan;
import io.penstock.invicti.model.Scan;
import io.penstock.invicti.model.Target;
import io.penstock.request.ApiRequest;
import io.penstock.request.RetryClass;
import io.penstock.test.DocumentedOperations;
import io.penstock.test.VendorConformance;
import io.penstock.test.VendorFixture;
import io.penstock.test.VendorFixture.DocumentedError;
import io.penstock.test.VendorFixture.ListOperation;
import io.penstock.test.VendorFixture.TypedOperation;
import io.penstock.test.simulator.invicti.InvictiRules;
import io.penstock.test.simulator.invicti.InvictiSimulator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class InvictiConformanceTest extends VendorConformance {

    private static final NewScan SCAN = NewScan.authorized("target-1", "11111111-1111-1111-1111-111111111112");

    private static final ListQuery ONE_A_PAGE = ListQuery.all().withPageSize(1);

    @Override
    protected VendorFixture fixture() {
        return VendorFixture.of(
                        new InvictiVendor().spec(),
                        InvictiConformanceTest::withOneTarget,
                        "eyJ0eXAi",
                        ApiRequest.get("api/identity/v1/me").as(Payload.json(Me.class)),
                        ApiRequest.post("api/v1/scans").body(SCAN).as(Scan.class))
                .withOperations(List.of(
                        read("me", Invicti::me),
                        read(
                                "auditEntries",
                                i -> i.auditEntries(ListQuery.all()).items()),
                        read("auditLog", i -> i.auditLog("csv", null, null, null)),
                        read("samlSettings", Invicti::samlSettings),
                        read("targets", i -> i.targets(ListQuery.all()).items()),
                        after(
                                "target",
                                i -> i.targets(ListQuery.all()).items().next().map(Target::id),
                                Invicti::target),
                        after("scan", i -> i.startScan(SCAN).map(Created::id), Invicti::scan),
                        once("startScan", i -> i.startScan(SCAN)),
                        after(
                                "scanStatistics",
                                i -> i.startScan(SCAN).flatMap(started -> i.scan(started.id())),
                                (i, scan) -> i.scanStatistics(
                                        scan.scanId(),
                                        scan.more()
                                                .get("current_session")
                                                .get("scan_session_id")
                                                .stringValue())),
                        read(
                                "applications",
                                i -> i.applications(ListQuery.all()).items()),
                        read(
                                "applicationsWithAssetCounts",
                                i -> i.applicationsWithAssetCounts(ListQuery.all())
                                        .items()),
                        once("createApplication", i -> i.createApplication(NewApplication.named("Shop"))),
                        read("apiTargets", i -> i.apiTargets(ListQuery.all()).items()),
                        read("importers", Invicti::importers),
                        once("createImporter", i -> i.createImporter(InvictiOperationsTest.IMPORTER)),
                        read("connections", Invicti::connections),
                        once("createMendConnection", i -> i.createMendConnection(InvictiOperationsTest.MEND)),
                        once("importSarif", i -> i.importSarif(Map.of("version", "2.1.0"))),
                        read(
                                "integrationInstances",
                                i -> i.integrationInstances(null, null).items()),
                        once("createIntegrationInstance", i -> i.createIntegrationInstance(Map.of("pluginId", "p"))),
                        read("automations", Invicti::automations),
                        read(
                                "list",
                                i -> i.list(ListShape.CURSOR_LIST, "api/v1/scans", "scans", Scan.class, ListQuery.all())
                                        .items())))
                .withErrors(List.of(
                        error(
                                400,
                                "{\"error\":\"ValidationError\",\"message\":\"Request validation failed\",\"details\":[]}",
                                ErrorKind.VALIDATION,
                                "ValidationError"),
                        error(400, "{\"code\":400,\"reason\":\"no\",\"details\":[\"x\"]}", ErrorKind.VALIDATION, "400"),
                        error(401, "{}", ErrorKind.AUTHENTICATION, null),
                        error(403, "{}", ErrorKind.PERMISSION, null),
                        error(404, "{}", ErrorKind.NOT_FOUND, null),
                        error(500, "{\"requestId\":\"r\"}", ErrorKind.SERVER_ERROR, null),
                        error(200, "{\"success\":false,\"message\":\"no\"}", ErrorKind.VALIDATION, null)))
                .withLists(List.of(
                        new ListOperation<>(
                                ListShape.NUMBERED.first("api/1.0/targets", "items", Target.class, ONE_A_PAGE),
                                ListShape.NUMBERED.paging(),
                                "{\"items\":[],\"totalCount\":3,\"page\":1,\"pageSize\":2}",
                                1),
                        new ListOperation<>(
                                        ListShape.PAGE_INFO.first(
                                                "api/inventory/v1/applications",
                                                "items",
                                                Application.class,
                                                ONE_A_PAGE),
                                        ListShape.PAGE_INFO.paging(),
                                        "{\"items\":[],\"pageInfo\":{\"totalCount\":3,\"totalPages\":2}}",
                                        2)
                                .after(client -> Flux.just("Shop", "Bank")
                                        .concatMap(name ->
                                                Invicti.over(client).createApplication(NewApplication.named(name)))),
                        new ListOperation<>(
                                ListShape.CURSOR.first(
                                        "api/apihub/v1/inventory/api-targets", "targets", ApiTarget.class, ONE_A_PAGE),
                                ListShape.CURSOR.paging(),
                                null,
                                2),
                        new ListOperation<>(
                                        ListShape.CURSOR_LIST.first("api/v1/scans", "scans", Scan.class, ONE_A_PAGE),
                                        ListShape.CURSOR_LIST.paging(),
                                        null,
                                        2)
                                .after(client ->
                                        Invicti.over(client).startScan(SCAN).repeat(1))));
    }

    @Test
    void sendsEveryDocumentedOperation() {
        DocumentedOperations documented = DocumentedOperations.read(InvictiConformanceTest.class, "operations.tsv");

        assertThat(documented.rows()).hasSize(18);
        assertThat(documented.sentBy(fixture(), fixture().operations())).containsAllEntriesOf(documented.typed());
    }

    /** Nothing of the key's user is documented. */
    record Me() {}

    private static TypedOperation read(String name, Function<Invicti, Publisher<?>> call) {
        return operation(name, call, RetryClass.IDEMPOTENT);
    }

    private static TypedOperation once(String name, Function<Invicti, Publisher<?>> call) {
        return operation(name, call, RetryClass.UNSAFE);
    }

    private static TypedOperation operation(String name, Function<Invicti, Publisher<?>> call, RetryClass retryClass) {
        return new TypedOperation(
                name,
                (ApiClient client) ->
                        Flux.from(call.apply(Invicti.over(client))).then(),
                retryClass);
    }

    private static <P> TypedOperation after(
            String name, Function<Invicti, Mono<P>> prepare, BiFunction<Invicti, P, Mono<?>> call) {
        return TypedOperation.after(
                name,
                client -> prepare.apply(Invicti.over(client)),
                (client, prepared) -> call.apply(Invicti.over(client), prepared),
                RetryClass.IDEMPOTENT);
    }

    private static InvictiSimulator withOneTarget() {
        InvictiSimulator simulator =
                InvictiSimulator.start(InvictiRules.documented().withRequestsPerWindow(10_000));
        simulator.addTarget("Shop", "https://shop.example");
        simulator.addApiTarget("Shop API");
        simulator.addApiTarget("Bank API");
        return simulator;
    }

    private static DocumentedError error(int status, String body, ErrorKind kind, @Nullable String code) {
        return new DocumentedError(status, body, kind, code);
    }
}
