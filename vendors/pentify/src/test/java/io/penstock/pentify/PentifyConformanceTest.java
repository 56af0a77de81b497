package io.penstock.pentify;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.body.Payload;
import io.penstock.error.ErrorKind;
import io.penstock.pentify.model.EventType;
import io.penstock.pentify.model.NewScan;
import io.penstock.pentify.model.Scan;
import io.penstock.pentify.model.ScanType;
import io.penstock.pentify.model.Target;
import io.penstock.pentify.model.Webhook;
import io.penstock.request.ApiRequest;
import io.penstock.request.RetryClass;
import io.penstock.test.DocumentedOperations;
import io.penstock.test.VendorConformance;
import io.penstock.test.VendorFixture;
import io.penstock.test.VendorFixture.DocumentedError;
import io.penstock.test.VendorFixture.ListOperation;
import io.penstock.test.VendorFixture.TypedOperation;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.pentify.PentifyRules;
import io.penstock.test.simulator.pentify.PentifySimulator;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class PentifyConformanceTest extends VendorConformance {

    private static final NewScan ORDER = NewScan.of("example.com", ScanType.QUICK);

    @Override
    protected VendorFixture fixture() {
        return VendorFixture.of(
                        new PentifyVendor().spec(),
                        PentifyConformanceTest::withScansThatSucceedAtOnce,
                        "Bearer pk_",
                        ApiRequest.get("profile").as(Payload.json(Profile.class)),
                        ApiRequest.post("scans").body(ORDER).as(Scan.class))
                .withOperations(List.of(
                        operation("createScan", RetryClass.KEYED, p -> p.createScan(ORDER, ORDER.key("1"))),
                        operation("createScan", RetryClass.UNSAFE, p -> p.createScan(ORDER)),
                        ofScan("scan", Pentify::scan),
                        operation("scans", RetryClass.IDEMPOTENT, p -> p.scans().next()),
                        ofScan("report", Pentify::report),
                        ofScan("reportPdf", Pentify::reportPdf),
                        operation(
                                "targets",
                                RetryClass.IDEMPOTENT,
                                p -> p.targets().next()),
                        operation(
                                "createTarget", RetryClass.UNSAFE, p -> p.createTarget(Map.of("target", "a.example"))),
                        after(
                                "verifyTarget",
                                p -> p.createTarget(Map.of("target", "a.example"))
                                        .map(Target::id),
                                Pentify::verifyTarget,
                                RetryClass.UNSAFE),
                        operation(
                                "webhooks",
                                RetryClass.IDEMPOTENT,
                                p -> p.webhooks().next()),
                        operation("createWebhook", RetryClass.UNSAFE, PentifyConformanceTest::webhook),
                        ofWebhook("webhook", Pentify::webhook),
                        ofWebhook("deleteWebhook", Pentify::deleteWebhook),
                        operation("usage", RetryClass.IDEMPOTENT, Pentify::usage),
                        operation("profile", RetryClass.IDEMPOTENT, Pentify::profile),
                        operation("tokenPacks", RetryClass.IDEMPOTENT, Pentify::tokenPacks),
                        operation("openApi", RetryClass.IDEMPOTENT, Pentify::openApi),
                        operation("health", RetryClass.IDEMPOTENT, Pentify::health),
                        operation("pairing", RetryClass.IDEMPOTENT, p -> p.pairing("device"))))
                .withErrors(List.of(
                        error(400, "validation_error", ErrorKind.VALIDATION),
                        error(401, "invalid_api_key", ErrorKind.AUTHENTICATION),
                        error(402, "insufficient_tokens", ErrorKind.PAYMENT_REQUIRED),
                        error(403, "insufficient_scope", ErrorKind.PERMISSION),
                        error(403, "target_not_verified", ErrorKind.PERMISSION),
                        error(409, "target_not_verified", ErrorKind.PERMISSION),
                        error(404, "not_found", ErrorKind.NOT_FOUND),
                        error(409, "conflict", ErrorKind.CONFLICT),
                        error(410, "pairing_consumed", ErrorKind.GONE),
                        error(422, "unprocessable", ErrorKind.VALIDATION),
                        error(500, "server_error", ErrorKind.SERVER_ERROR),
                        error(500, "internal_error", ErrorKind.SERVER_ERROR),
                        error(503, "engine_unavailable", ErrorKind.UNAVAILABLE)))
                .withLists(List.of(new ListOperation<>(
                                ApiRequest.get("scans")
                                        .as(PentifyVendor.SPEC
                                                .listAt("scans")
                                                .payload()
                                                .of(Scan.class)),
                                PentifyVendor.SPEC.listAt("scans").paging(),
                                "{\"data\":[],\"next_cursor\":\"c1\"}",
                                3)
                        .after(client -> Pentify.over(client).createScan(ORDER).repeat(2))))
                .reportedIn(Path.of("../../docs/conformance-pentify.md"));
    }

    @Test
    void sendsEveryDocumentedOperation() {
        DocumentedOperations documented = DocumentedOperations.read(PentifyConformanceTest.class, "operations.tsv");

        assertThat(documented.rows()).hasSize(17);
        assertThat(documented.sentBy(fixture(), fixture().operations())).containsAllEntriesOf(documented.typed());
    }

    /** Nothing of a profile is documented. */
    record Profile() {}

    private static TypedOperation operation(String name, RetryClass retryClass, Function<Pentify, Mono<?>> call) {
        return new TypedOperation(name, (ApiClient client) -> call.apply(Pentify.over(client)), retryClass);
    }

    private static TypedOperation ofScan(String name, BiFunction<Pentify, String, Mono<?>> call) {
        return after(name, p -> p.createScan(ORDER).map(Scan::id), call, RetryClass.IDEMPOTENT);
    }

    private static TypedOperation ofWebhook(String name, BiFunction<Pentify, String, Mono<?>> call) {
        return after(name, p -> webhook(p).map(Webhook::id), call, RetryClass.IDEMPOTENT);
    }

    private static Mono<Webhook> webhook(Pentify pentify) {
        return pentify.createWebhook(URI.create("https://example.com/h"), List.of(EventType.SCAN_FAILED));
    }

    private static TypedOperation after(
            String name,
            Function<Pentify, Mono<String>> prepare,
            BiFunction<Pentify, String, Mono<?>> call,
            RetryClass retryClass) {
        return TypedOperation.after(
                name,
                client -> prepare.apply(Pentify.over(client)),
                (client, id) -> call.apply(Pentify.over(client), id),
                retryClass);
    }

    private static PentifySimulator withScansThatSucceedAtOnce() {
        PentifySimulator simulator = PentifySimulator.start(PentifyRules.documented()
                .withRequestsPerMinutePerKey(10_000)
                .withListLimit(2)
                .withListCursor(true));
        simulator.scansTake(JobCourse.starting("succeeded"));
        return simulator;
    }

    private static DocumentedError error(int status, String code, ErrorKind kind) {
        return new DocumentedError(
                status,
                "{\"error\":{\"code\":\"" + code + "\",\"message\":\"Text.\",\"details\":{},\"request_id\":\"req_1\"}}",
                kind,
                code);
    }
}
