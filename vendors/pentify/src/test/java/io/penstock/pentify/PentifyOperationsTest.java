package io.penstock.pentify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.pentify.model.EventType;
import io.penstock.pentify.model.NewScan;
import io.penstock.pentify.model.Scan;
import io.penstock.pentify.model.ScanStatus;
import io.penstock.pentify.model.ScanType;
import io.penstock.pentify.model.Target;
import io.penstock.pentify.model.Webhook;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.spec.Vendors;
import io.penstock.test.simulator.pentify.ListShape;
import io.penstock.test.simulator.pentify.PentifyRules;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Every typed operation of Pentify against the simulator. */
class PentifyOperationsTest extends PentifyTest {

    @Test
    void isFoundByServiceLoader() {
        assertThat(Vendors.all()).extracting(v -> v.id()).contains("pentify");
        assertThat(Vendors.byId("pentify").baseUri()).isEqualTo(URI.create("https://api.pentify.io/v1"));
        assertThat(catchThrowableOfType(ApiException.class, () -> Vendors.byId("pentifi")))
                .hasMessageContaining("pentifi")
                .hasMessageContaining("pentify");
    }

    @Test
    void usesDocumentedDefaults() {
        String retry = Pentify.configure().build().inspect().explain(ApiRequest.get("usage"));

        assertThat(retry).contains("5 attempts, 1 s ×2 ±25 %, at most 30 s").contains("key 60 per 60 s and credential");
    }

    @Test
    void createsReadsAndReportsScan() {
        NewScan order = NewScan.of("example.com", ScanType.STANDARD);
        Scan created = pentify.createScan(order, order.key("nightly")).block(PATIENCE);

        assertThat(created.id()).startsWith("scn_");
        assertThat(created.target()).isEqualTo("example.com");
        assertThat(created.scanType()).isEqualTo(ScanType.STANDARD);
        assertThat(created.status()).isEqualTo(ScanStatus.QUEUED);
        assertThat(created.createdAt()).isNotNull();

        simulator.advanceScan(created.id(), "running");
        simulator.advanceScan(created.id(), "succeeded");
        Scan done = pentify.scan(created.id()).block(PATIENCE);
        assertThat(done.status()).isEqualTo(ScanStatus.SUCCEEDED);

        JsonNode report = pentify.report(created.id()).block(PATIENCE);
        assertThat(report.isObject()).isTrue();
    }

    @Test
    void returnsSameScanForSameKeyOnly() {
        NewScan order = NewScan.of("example.com", ScanType.QUICK);

        Scan first = pentify.createScan(order, order.key("monday")).block(PATIENCE);
        Scan again = pentify.createScan(order, order.key("monday")).block(PATIENCE);
        Scan other = pentify.createScan(order, IdempotencyKey.of("my-own-key")).block(PATIENCE);

        assertThat(again.id()).isEqualTo(first.id());
        assertThat(other.id()).isNotEqualTo(first.id());
        assertThat(simulator.effects().count()).isEqualTo(2);
    }

    @Test
    void rejectsKeyForOperationWithoutKeys() {
        ApiException failure = catchThrowableOfType(
                ApiException.class,
                () -> pentify.client()
                        .value(ApiRequest.post("targets").body(Map.of()).idempotencyKey(IdempotencyKey.of("k")))
                        .block(PATIENCE));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(failure).hasMessageContaining("POST targets").hasMessageContaining("/v1/scans");
        assertThat(simulator.requests().count()).isZero();
    }

    @Test
    void sendsKeyForRootRelativePath() {
        pentify.client()
                .value(ApiRequest.post("/v1/scans")
                        .body(Map.of("target", "example.com", "scan_type", "quick"))
                        .idempotencyKey(IdempotencyKey.of("k")))
                .block(PATIENCE);

        assertThat(simulator.effects().all().get(0).idempotencyKey()).isEqualTo("k");
    }

    @ParameterizedTest
    @EnumSource(ListShape.class)
    void readsListInEveryShape(ListShape shape) {
        restart(PentifyRules.documented().withListShape(shape));
        pentify.createScan(NewScan.of("a.example", ScanType.QUICK)).block(PATIENCE);
        pentify.createScan(NewScan.of("b.example", ScanType.QUICK)).block(PATIENCE);

        Page<Scan> page = pentify.scans().next().block(PATIENCE);

        assertThat(page.items()).extracting(Scan::target).containsExactlyInAnyOrder("a.example", "b.example");
        assertThat(page.nextCursor()).isNull();
    }

    @Test
    void createsVerifiesAndListsTargets() {
        Target target = pentify.createTarget(Map.of("host", "example.com", "target", "example.com"))
                .block(PATIENCE);
        JsonNode verified = pentify.verifyTarget(target.id()).block(PATIENCE);

        assertThat(verified.isObject()).isTrue();
        assertThat(pentify.targets().next().block(PATIENCE).items())
                .extracting(Target::id)
                .containsExactly(target.id());
        assertThat(target.more()).isNotEmpty();
    }

    @Test
    void createsReadsListsAndDeletesWebhooks() {
        Webhook created = pentify.createWebhook(URI.create("https://example.com/hook"), List.of(EventType.SCAN_FAILED))
                .block(PATIENCE);

        assertThat(pentify.webhook(created.id()).block(PATIENCE).url()).isEqualTo("https://example.com/hook");
        assertThat(pentify.webhooks().next().block(PATIENCE).items()).hasSize(1);
        pentify.deleteWebhook(created.id()).block(PATIENCE);
        assertThat(catchThrowableOfType(
                        ApiException.class, () -> pentify.webhook(created.id()).block(PATIENCE)))
                .isInstanceOf(PentifyException.NotFound.class);
    }

    @Test
    void returnsUndocumentedAnswersAsTrees() {
        assertThat(pentify.usage().block(PATIENCE).isObject()).isTrue();
        assertThat(pentify.profile().block(PATIENCE).isObject()).isTrue();
        assertThat(pentify.tokenPacks().block(PATIENCE).isContainer()).isTrue();
        assertThat(pentify.openApi().block(PATIENCE).isObject()).isTrue();
        pentify.health().block(PATIENCE);
    }

    @Test
    void requestsPublicResourcesWithoutKey() {
        pentify.tokenPacks().block(PATIENCE);
        pentify.openApi().block(PATIENCE);
        pentify.health().block(PATIENCE);

        assertThat(simulator.requests().all())
                .hasSize(3)
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("authorization"));
    }

    @Test
    void reportsInsufficientScope() {
        String narrow = simulator.issueKey("usage:read");
        try (Pentify limited = Pentify.over(Pentify.configure()
                .baseUri(simulator.baseUri())
                .secret(Secret.of(narrow))
                .build())) {
            limited.usage().block(PATIENCE);
            assertThat(catchThrowableOfType(
                            ApiException.class, () -> limited.scans().next().block(PATIENCE)))
                    .isInstanceOf(PentifyException.InsufficientScope.class);
        }
    }

    @Test
    void classifiesUnsupportedScanTypeAsUnprocessable() {
        ApiException failure = catchThrowableOfType(
                ApiException.class,
                () -> pentify.createScan(NewScan.of("example.com", ScanType.of("telepathic")))
                        .block(PATIENCE));

        assertThat(failure).isInstanceOf(PentifyException.Unprocessable.class);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.VALIDATION);
    }

    @Test
    void sendsUndocumentedMembers() {
        NewScan order = NewScan.of("example.com", ScanType.QUICK).with("note", "nightly run");

        pentify.createScan(order).block(PATIENCE);

        assertThat(simulator.requests().all().get(0).body()).contains("\"note\":\"nightly run\"");
    }
}
