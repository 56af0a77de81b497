package io.penstock.pentify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.body.Page;
import io.penstock.download.Download;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.pentify.model.EventType;
import io.penstock.pentify.model.NewScan;
import io.penstock.pentify.model.Scan;
import io.penstock.pentify.model.ScanStatus;
import io.penstock.pentify.model.ScanType;
import io.penstock.pentify.model.Webhook;
import io.penstock.ratelimit.Quota;
import io.penstock.request.ApiRequest;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.pentify.HealthPath;
import io.penstock.test.simulator.pentify.PentifyRules;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The robustness cases E1 to E16 of Pentify, each over a real socket. */
class PentifyRobustnessTest extends PentifyTest {

    @ParameterizedTest
    @ValueSource(ints = {403, 409})
    void e1ReportsUnverifiedTargetAlikeForBothStatuses(int status) {
        restart(PentifyRules.documented().withNotVerifiedStatus(status));
        simulator.markUnverified("unproven.example");

        ApiException failure = failureOf(pentify.createScan(NewScan.of("unproven.example", ScanType.QUICK)));

        assertThat(failure).isInstanceOf(PentifyException.TargetNotVerified.class);
        assertThat(failure.status()).isEqualTo(status);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.PERMISSION);
        assertThat(failure.retryability()).isEqualTo(Retryability.AFTER_ACTION);
        assertThat(failure.remedy()).contains("DNS TXT");
        assertThat(simulator.requests().count()).isEqualTo(1);
        assertThat(simulator.effects().count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"server_error, 5", "internal_error, 2"})
    void e2RetriesBothServerErrorsAsDocumented(String code, int attempts) {
        restart(PentifyRules.documented().withServerErrorCode(code));
        always("GET", "/v1/usage", Fault.status(500));

        ApiException failure = failureOf(pentify.usage());

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure)
                .isInstanceOf(
                        code.equals("server_error")
                                ? PentifyException.ServerError.class
                                : PentifyException.InternalServerError.class);
        assertThat(simulator.requests().count()).isEqualTo(attempts);
        assertThat(failure.journey().attempts()).hasSize(attempts);
    }

    @Test
    void e2MakesConfiguredNumberOfAttempts() {
        simulator.faults().next(Fault.status(500), Fault.status(500), Fault.status(500));
        Pentify once = Pentify.over(Pentify.configure()
                .baseUri(simulator.baseUri())
                .secret(Secret.of(simulator.secret()))
                .retry(PentifyVendor.SPEC.retry().withMaxAttempts(1))
                .build());

        assertThatObject(failureOf(once.usage()).kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(simulator.requests().count()).isEqualTo(1);
        once.client().closeLater().block(PATIENCE);
    }

    @Test
    void e3AcceptsMissingRequestId() {
        restart(PentifyRules.documented().withRequestIdInPaymentError(false).withRequestIdHeader(false));
        simulator.balance(320);

        ApiException failure = failureOf(pentify.createScan(NewScan.of("example.com", ScanType.QUICK)));

        assertThat(failure.status()).isEqualTo(402);
        assertThat(failure.requestId()).isNull();
    }

    @Test
    void e3FallsBackToRequestIdOfHeader() {
        restart(PentifyRules.documented().withRequestIdInPaymentError(false));
        simulator.balance(320);

        ApiException failure = failureOf(pentify.createScan(NewScan.of("example.com", ScanType.QUICK)));

        assertThat(failure.status()).isEqualTo(402);
        assertThat(failure.requestId()).startsWith("req_");
    }

    @Test
    void e4ReadsPairingByCodeNotStatus() {
        assertThat(pentify.pairing("device-1").blockOptional(PATIENCE)).isEmpty();

        String token = simulator.pair("device-1");
        assertThat(pentify.pairing("device-1").block(PATIENCE).toString()).contains(token);

        assertThat(failureOf(pentify.pairing("device-1"))).isInstanceOf(PentifyException.PairingConsumed.class);
    }

    @Test
    void e4ReportsAnyOther404OfPairing() {
        simulator.faults().next(Fault.status(404));

        assertThat(failureOf(pentify.pairing("device-1"))).isInstanceOf(PentifyException.NotFound.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pk_live_", "pk_test_", "pt_live_", "anything-"})
    void e5AcceptsAnyPrefixOfKey(String prefix) {
        try (Pentify other = connect(prefix + "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
            assertThat(failureOf(other.usage())).isInstanceOf(PentifyException.InvalidApiKey.class);
            assertThat(simulator.requests().all().get(0).header("authorization"))
                    .isEqualTo("Bearer " + prefix + "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        }
    }

    @Test
    void e6UsesConfiguredHealthPath() {
        restart(PentifyRules.documented().withHealthPath(HealthPath.ROOT));
        pentify.health().block(PATIENCE);
        assertThat(failureOf(pentify.health("/v1/healthz")).status()).isIn(401, 404);

        restart(PentifyRules.documented().withHealthPath(HealthPath.UNDER_V1));
        pentify.health("/v1/healthz").block(PATIENCE);
        assertThat(failureOf(pentify.health()).status()).isEqualTo(404);
    }

    @Test
    void e7ReportsRequiredTokensAndTopUpUrl() {
        simulator.balance(320);

        ApiException failure = failureOf(pentify.createScan(NewScan.of("example.com", ScanType.QUICK)));

        assertThat(failure).isInstanceOfSatisfying(PentifyException.InsufficientTokens.class, e -> {
            assertThat(e.required()).isEqualByComparingTo(BigDecimal.valueOf(1000));
            assertThat(e.balance()).isEqualByComparingTo(BigDecimal.valueOf(320));
            assertThat(e.topUpUrl()).startsWith("https://app.pentify.io/");
        });
    }

    @Test
    void e8SeparatesEventsFromStatusesAndAcceptsUnknownWords() {
        String id = simulatedScan();
        simulator.advanceScan(id, "running");
        simulator.advanceScan(id, "succeeded");

        assertThat(pentify.scan(id).block(PATIENCE).status()).isEqualTo(ScanStatus.SUCCEEDED);
        assertThat(EventType.SCAN_COMPLETED.value()).isEqualTo("scan.completed");

        answer(200, "{\"id\":\"scn_1\",\"status\":\"hibernating\",\"scan_type\":\"telepathic\"}");
        Scan scan = pentify.scan("scn_1").block(PATIENCE);
        assertThat(scan.status()).isEqualTo(ScanStatus.of("hibernating"));
        assertThat(scan.scanType()).isEqualTo(ScanType.of("telepathic"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, VALIDATION, PERMANENT, REJECTED, 1",
        "403, PERMISSION, PERMANENT, REJECTED, 1",
        "404, NOT_FOUND, PERMANENT, REJECTED, 1",
        "418, VALIDATION, PERMANENT, REJECTED, 1",
        "429, RATE_LIMITED, TRANSIENT, REJECTED, 5",
        "500, SERVER_ERROR, TRANSIENT, MAYBE_PROCESSED, 5",
        "503, UNAVAILABLE, TRANSIENT, MAYBE_PROCESSED, 5"
    })
    void e9ClassifiesUnknownCodeByStatus(
            int status, ErrorKind kind, Retryability retryability, Certainty certainty, int sends) {
        for (int i = 0; i < 5; i++) {
            answer(
                    status,
                    "{\"error\":{\"code\":\"brand_new\",\"message\":\"Something new.\",\"request_id\":\"req_9\"}}");
        }

        ApiException failure;
        try (Pentify ungated = Pentify.over(Pentify.configure()
                .baseUri(simulator.baseUri())
                .secret(Secret.of(simulator.secret()))
                .retry(PentifyVendor.SPEC.retry().withBackoff(FAST))
                .withoutGate()
                .build())) {
            failure = failureOf(ungated.usage());
        }

        assertThat(failure.getClass()).isEqualTo(PentifyException.class);
        assertThat(failure.code()).isEqualTo("brand_new");
        assertThatObject(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryability()).isEqualTo(retryability);
        assertThat(failure.certainty()).isEqualTo(certainty);
        assertThat(failure.requestId()).isEqualTo("req_9");
        assertThat(simulator.requests().count()).isEqualTo(sends);
    }

    @Test
    void e10ReportsLongRetryAfterToCallerWithoutWaiting() {
        simulator
                .faults()
                .next(Fault.status(
                        429,
                        Map.of("Retry-After", "31"),
                        "application/json",
                        "{\"error\":{\"code\":\"rate_limited\",\"message\":\"Slow down.\"}}"));

        ApiException failure = failureOf(pentify.usage());

        assertThat(failure).isInstanceOf(PentifyException.RateLimited.class);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(31));
        assertThat(failure.retryAt())
                .isBetween(
                        failure.journey().startedAt().plusSeconds(31),
                        failure.journey().startedAt().plusSeconds(40));
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void e10ObeysShortRetryAfter() {
        simulator
                .faults()
                .next(Fault.status(
                        429,
                        Map.of("Retry-After", "1"),
                        "application/json",
                        "{\"error\":{\"code\":\"rate_limited\",\"message\":\"Slow down.\"}}"));

        var response = pentify.client().execute(ApiRequest.get("usage")).block(PATIENCE);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.journey().attempts()).hasSize(2);
        assertThat(response.journey().attempts().get(0).waitNanos())
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void e11FetchesPdfFromSignedAddressWithoutKey() {
        String id = simulatedScan();
        simulator.advanceScan(id, "succeeded");

        byte[] pdf = pentify.reportPdf(id).block(PATIENCE);

        assertThat(new String(pdf, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
        assertThat(simulator.objectStoreRequests().all()).hasSize(1);
        LoggedRequest foreign = simulator.objectStoreRequests().all().get(0);
        assertThat(foreign.headers()).doesNotContainKeys("authorization", "cookie");
        assertThat(foreign.uri()).contains("?");
    }

    @Test
    void e11DownloadsPdfFromSignedAddressWithoutKey(@TempDir Path directory) {
        String id = simulatedScan();
        simulator.advanceScan(id, "succeeded");
        byte[] pdf = pentify.reportPdf(id).block(PATIENCE);

        Download download =
                pentify.reportPdf(id, directory.resolve("report.pdf")).block(PATIENCE);

        assertThat(download.path()).hasBinaryContent(pdf);
        assertThat(simulator.objectStoreRequests().all()).hasSize(2);
        LoggedRequest foreign = simulator.objectStoreRequests().all().get(1);
        assertThat(foreign.headers()).doesNotContainKeys("authorization", "cookie");
        assertThat(download.lastCall().journey().timeline()
                        + download.lastCall().journey().toJson())
                .doesNotContain(URI.create(foreign.uri()).getQuery());
    }

    @Test
    void e11PrintsNoSignedQuery() {
        String id = simulatedScan();
        simulator.advanceScan(id, "succeeded");
        simulator.objectStoreFaults().next(Fault.status(403, Map.of(), "text/plain", "no"));

        ApiException failure = failureOf(pentify.reportPdf(id));

        String query =
                URI.create(simulator.objectStoreRequests().all().get(0).uri()).getQuery();
        assertThat(failure.status()).isEqualTo(403);
        assertThat(failure.journey().notes()).hasSize(1);
        assertThat(failure.toString()
                        + failure.journey().timeline()
                        + failure.journey().toJson()
                        + failure.bodyExcerpt())
                .doesNotContain(query)
                .contains(
                        URI.create(simulator.objectStoreRequests().all().get(0).uri())
                                .getPath());
    }

    @Test
    void e11FollowsNoOtherRedirect() {
        simulator
                .faults()
                .next(Fault.status(302, Map.of("Location", simulator.objectStoreOrigin() + "/x"), "text/plain", ""));

        ApiException failure = failureOf(pentify.usage());

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNEXPECTED_STATUS);
        assertThat(simulator.objectStoreRequests().count()).isZero();
    }

    @Test
    void e12ReturnsWebhookSecretOnceAndMasksIt() {
        Webhook created = pentify.createWebhook(
                        URI.create("https://example.com/hook"),
                        List.of(EventType.SCAN_COMPLETED, EventType.SCAN_FAILED))
                .block(PATIENCE);
        assertThat(created.secret().reveal()).startsWith("whsec_");
        assertThat(created.toString()).doesNotContain(created.secret().reveal());

        Webhook read = pentify.webhook(created.id()).block(PATIENCE);
        assertThat(read.secret()).isNull();
        assertThat(read.events()).containsExactly(EventType.SCAN_COMPLETED, EventType.SCAN_FAILED);
    }

    @Test
    void e13NeverRetriesPaymentRequired() {
        simulator.balance(1);

        ApiException failure = failureOf(pentify.createScan(
                NewScan.of("example.com", ScanType.QUICK),
                NewScan.of("example.com", ScanType.QUICK).key("nightly")));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.PAYMENT_REQUIRED);
        assertThat(failure.retryability()).isEqualTo(Retryability.AFTER_ACTION);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void e13NeverRetriesConflict() {
        simulator.faults().next(Fault.status(409));

        ApiException failure = failureOf(pentify.usage());

        assertThat(failure).isInstanceOf(PentifyException.Conflict.class);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void e14SendsSameKeyInAllAttempts() {
        simulator.faults().next(Fault.status(503), Fault.resetBeforeRequestActs(), Fault.status(500));
        NewScan order = NewScan.of("example.com", ScanType.QUICK);

        pentify.createScan(order, order.key("2026-11-20")).block(PATIENCE);

        assertThat(simulator.requests().of("POST", "/v1/scans"))
                .hasSize(4)
                .extracting(LoggedRequest::body)
                .containsOnly(simulator.requests().all().get(0).body());
        assertThat(simulator.requests().all().get(0).body())
                .contains("\"idempotency_key\":\"" + order.key("2026-11-20") + "\"");
        assertThat(simulator.effects().count("POST /v1/scans")).isEqualTo(1);
    }

    @Test
    void e15LimitsPublicResourcesSeparately() {
        restart(PentifyRules.documented().withRequestsPerMinutePerAddress(1).withRequestsPerMinutePerKey(5));
        pentify.tokenPacks().block(PATIENCE);
        Pentify hasty = Pentify.over(Pentify.configure()
                .baseUri(simulator.baseUri())
                .secret(Secret.of(simulator.secret()))
                .retry(PentifyVendor.SPEC.retry().withMaxAttempts(1))
                .build());

        assertThat(failureOf(hasty.tokenPacks())).isInstanceOf(PentifyException.RateLimited.class);
        hasty.usage().block(PATIENCE);

        assertThat(hasty.client().inspect().quotas())
                .extracting(Quota::partition)
                .containsExactly("public");
        assertThat(hasty.client().inspect().quotas().get(0).blockedUntil()).isNotNull();
        hasty.client().closeLater().block(PATIENCE);
    }

    static Stream<String> detailsOfAnyKind() {
        return Stream.of(
                "", ",\"details\":null", ",\"details\":{}", ",\"details\":[1,{\"a\":[]}]", ",\"details\":\"text\"");
    }

    @ParameterizedTest
    @MethodSource("detailsOfAnyKind")
    void e16AcceptsAnyDetails(String details) {
        answer(
                400,
                "{\"error\":{\"code\":\"validation_error\",\"message\":\"No.\",\"request_id\":\"req_1\"" + details
                        + "}}");

        ApiException failure = failureOf(pentify.usage());

        assertThat(failure).isInstanceOf(PentifyException.ValidationError.class);
        assertThat(failure.serverMessage()).isEqualTo("No.");
        if (details.contains("[1")) {
            assertThat(failure.details().get(1).has("a")).isTrue();
        }
    }

    @Test
    void returnsNullsForUnexpectedDetailsOfInsufficientTokens() {
        answer(402, "{\"error\":{\"code\":\"insufficient_tokens\",\"details\":{\"required\":\"many\"}}}");

        assertThat(failureOf(pentify.usage())).isInstanceOfSatisfying(PentifyException.InsufficientTokens.class, e -> {
            assertThat(e.required()).isNull();
            assertThat(e.balance()).isNull();
            assertThat(e.topUpUrl()).isNull();
        });
    }

    @Test
    void reportsErrorEnvelopeInsideSuccess() {
        answer(200, " {\n\"error\" : {\"code\":\"validation_error\",\"message\":\"No.\"}}");

        ApiException failure = failureOf(pentify.usage());

        assertThat(failure).isInstanceOf(PentifyException.ValidationError.class);
        assertThat(failure.status()).isEqualTo(200);
    }

    @Test
    void acceptsSuccessWithNullErrorOrEmptyObject() {
        answer(200, "{\"error\":null,\"id\":\"scn_1\"}");
        answer(200, "{}");

        assertThat(pentify.scan("scn_1").block(PATIENCE).id()).isEqualTo("scn_1");
        assertThat(pentify.scan("scn_1").block(PATIENCE).id()).isNull();
    }

    private String simulatedScan() {
        return pentify.createScan(NewScan.of("example.com", ScanType.QUICK))
                .block(PATIENCE)
                .id();
    }

    @Test
    void e16KeepsOddMemberOfScanWithoutLosingList() {
        answer(
                200,
                "{\"data\":[{\"id\":\"scn_1\",\"created_at\":\"yesterday\",\"findings_count\":12.0},"
                        + "{\"id\":\"scn_2\",\"created_at\":\"2026-04-29T14:11:09Z\",\"findings_count\":\"some\"}]}");

        Page<Scan> page = pentify.scans().next().block(PATIENCE);

        assertThat(page.items()).extracting(Scan::id).containsExactly("scn_1", "scn_2");
        assertThat(page.items().get(0).createdAt()).isNull();
        assertThat(page.items().get(0).findingsCount()).isEqualTo(12);
        assertThat(page.items().get(0).more().get("created_at").asString()).isEqualTo("yesterday");
        assertThat(page.items().get(1).more().get("findings_count").asString()).isEqualTo("some");
        assertThat(page.journey().notes()).anyMatch(note -> note.contains("\"created_at\" of a Scan is no Instant"));
    }

    @Test
    void e16RejectsFractionalFindingsCount() {
        answer(200, "{\"id\":\"scn_1\",\"findings_count\":1.5}");

        ApiException failure = failureOf(pentify.scan("scn_1"));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure).hasMessageContaining("$.findings_count").hasMessageContaining("a whole number");
    }
}
