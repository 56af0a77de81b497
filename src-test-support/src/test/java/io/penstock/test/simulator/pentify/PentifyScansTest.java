package io.penstock.test.simulator.pentify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Effect;
import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.parts.FileHost;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class PentifyScansTest {

    private final SteppedClock clock = SteppedClock.at("2026-04-29T14:11:09.250Z");

    @AutoClose
    private final PentifySimulator pentify =
            PentifySimulator.start(PentifyRules.documented().withClock(clock).withRequestsPerMinutePerKey(1_000));

    private final Caller caller = new Caller(pentify);

    @Test
    void returnsStartedScanAsQueued() throws Exception {
        Answer created = caller.scan("example.com", "standard");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.id()).matches("scn_[0-9A-HJKMNP-TV-Z]{26}");
        assertThat(created.text())
                .isEqualTo("{\"id\":\"" + created.id() + "\",\"target\":\"example.com\",\"scan_type\":\"standard\","
                        + "\"status\":\"queued\",\"created_at\":\"2026-04-29T14:11:09Z\"}");
        Answer read = caller.get("/v1/scans/" + created.id());
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.json()).isEqualTo(created.json());
    }

    @Test
    void countsStartAsOneEffect() throws Exception {
        Answer created = caller.keyedScan("example.com", "k-1");
        caller.get("/v1/scans/" + created.id());
        assertThat(pentify.effects().all())
                .extracting(Effect::operation, Effect::id, Effect::idempotencyKey)
                .containsExactly(tuple("POST /v1/scans", created.id(), "k-1"));
    }

    @Test
    void startsScanForEachUnkeyedPost() throws Exception {
        assertThat(caller.scan("example.com", "quick").id())
                .isNotEqualTo(caller.scan("example.com", "quick").id());
        assertThat(pentify.effects().count()).isEqualTo(2);
    }

    @Test
    void returnsExistingScanForRepeatedKeyWithoutEffectOrCost() throws Exception {
        Answer created = caller.keyedScan("example.com", "k-1");
        pentify.advanceScan(created.id(), "running");
        long balance = pentify.balance();
        Answer replayed = caller.keyedScan("example.com", "k-1");
        assertThat(replayed.status()).isEqualTo(200);
        assertThat(replayed.id()).isEqualTo(created.id());
        assertThat(replayed.json().get("status").stringValue()).isEqualTo("running");
        assertThat(pentify.effects().count()).isEqualTo(1);
        assertThat(pentify.balance()).isEqualTo(balance);
    }

    @Test
    void ignoresOrderOfMembersUnderSameKey() throws Exception {
        Answer created = caller.keyedScan("example.com", "k-1");
        Answer replayed = caller.post(
                "/v1/scans", "{ \"idempotency_key\":\"k-1\", \"scan_type\":\"quick\", \"target\":\"example.com\" }");
        assertThat(replayed.id()).isEqualTo(created.id());
    }

    @Test
    void rejectsRepeatedKeyWithAnotherBody() throws Exception {
        caller.keyedScan("example.com", "k-1");
        Answer refused = caller.keyedScan("example.org", "k-1");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("conflict");
        assertThat(pentify.effects().count()).isEqualTo(1);
    }

    @Test
    void separatesKeysOfTwoCallers() throws Exception {
        Answer one = caller.keyedScan("example.com", "k-1");
        Answer other = new Caller(pentify, pentify.issueKey()).keyedScan("example.com", "k-1");
        assertThat(other.status()).isEqualTo(201);
        assertThat(other.id()).isNotEqualTo(one.id());
    }

    @Test // without sockets, which would spread the calls of the threads over time
    void countsConcurrentPostsWithOneKeyAsOneEffect() throws Exception {
        EffectLedger effects = new EffectLedger();
        PentifyRules rules = PentifyRules.documented().withRequestsPerMinutePerKey(Integer.MAX_VALUE);
        Workspace workspace = new Workspace(rules, effects);
        FileHost store = new FileHost();
        String key = workspace.keys.issue("pk_test_", Keys.SCOPES).secret();
        PentifyApi api = new PentifyApi(rules, workspace, store);
        int threads = 4;
        int rounds = 300;
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Callable<Boolean> posts = () -> {
                for (int round = 0; round < rounds; round++) {
                    together.await(30, TimeUnit.SECONDS);
                    api.answer(scanRequest(key, "k-" + round));
                }
                return true;
            };
            for (Future<Boolean> done : pool.invokeAll(Collections.nCopies(threads, posts))) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
            store.server().close();
        }
        assertThat(effects.count()).isEqualTo(rounds);
    }

    @Test
    void returnsScanOfResetPostForItsKey() throws Exception {
        pentify.faults().on("POST", "/v1/scans", Fault.resetAfterEffect());
        assertThatThrownBy(() -> caller.keyedScan("example.com", "k-1")).isInstanceOf(IOException.class);
        assertThat(pentify.effects().count()).isEqualTo(1);
        Answer replayed = caller.keyedScan("example.com", "k-1");
        assertThat(replayed.status()).isEqualTo(200);
        assertThat(replayed.id()).isEqualTo(pentify.effects().all().get(0).id());
        assertThat(pentify.effects().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"target\":                                     | body            | not JSON",
                "[]                                               | body            | not an object",
                "{\"scan_type\":\"quick\"}                        | target          | required",
                "{\"scan_type\":\"quick\",\"target\":7}           | target          | not a non-blank string",
                "{\"scan_type\":\"quick\",\"target\":\" \"}       | target          | not a non-blank string",
                "{\"target\":\"a\"}                               | scan_type       | required",
                "{\"scan_type\":\"quick\",\"target\":\"a\",\"idempotency_key\":\"\"} | idempotency_key | not a non-blank string"
            })
    void rejectsInvalidBodyWithDetails(String body, String field, String reason) throws Exception {
        Answer refused = caller.post("/v1/scans", body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("validation_error");
        assertThat(refused.json().at("/error/details/field").stringValue()).isEqualTo(field);
        assertThat(refused.json().at("/error/details/reason").stringValue()).isEqualTo(reason);
        assertThat(pentify.effects().count()).isZero();
    }

    @Test
    void rejectsEmptyBody() throws Exception {
        assertThat(caller.post("/v1/scans", "").code()).isEqualTo("validation_error");
    }

    @Test
    void rejectsUnsupportedScanType() throws Exception {
        Answer refused = caller.scan("example.com", "deep");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.code()).isEqualTo("unprocessable");
        assertThat(pentify.effects().count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"quick,1000", "standard,5000", "compliance,25000"})
    void holdsCostThenTakesOrReturnsIt(String type, long cost) throws Exception {
        pentify.balance(100_000);
        String succeeded = caller.scan("example.com", type).id();
        assertThat(pentify.balance()).isEqualTo(100_000 - cost);
        assertThat(usage("held")).isEqualTo(cost);
        pentify.advanceScan(succeeded, "succeeded");
        assertThat(usage("held")).isZero();
        assertThat(usage("used")).isGreaterThanOrEqualTo(cost);
        long balance = pentify.balance();
        String failed = caller.scan("example.com", type).id();
        String cancelled = caller.scan("example.com", type).id();
        assertThat(pentify.balance()).isEqualTo(balance - 2 * cost);
        pentify.advanceScan(failed, "failed");
        pentify.advanceScan(cancelled, "cancelled");
        assertThat(pentify.balance()).isEqualTo(balance);
    }

    @Test
    void rejectsLowBalanceWithDocumentedError() throws Exception {
        pentify.balance(320);
        Answer refused = caller.scan("example.com", "quick");
        assertThat(refused.status()).isEqualTo(402);
        assertThat(refused.text())
                .matches(Pattern.quote(
                                "{\"error\":{\"code\":\"insufficient_tokens\",\"message\":\"Workspace token balance is"
                                        + " below the required cost.\",\"details\":{\"required\":1000,\"balance\":320,"
                                        + "\"top_up_url\":\"https://app.pentify.io/settings/billing/token-packs\"}")
                        + ",\"request_id\":\"req_[0-9A-Z]+\"}}");
        assertThat(pentify.effects().count()).isZero();
        pentify.balance(1_000);
        assertThat(caller.scan("example.com", "quick").status()).isEqualTo(201);
    }

    @Test
    void chargesOneForEachSuccessfulGet() throws Exception {
        pentify.balance(2);
        caller.get("/v1/scans/scn_none");
        assertThat(pentify.balance()).isEqualTo(2);
        assertThat(caller.get("/v1/scans").status()).isEqualTo(200);
        assertThat(caller.get("/v1/usage").json().get("balance").longValue()).isEqualTo(1);
        Answer refused = caller.get("/v1/usage");
        assertThat(refused.status()).isEqualTo(402);
        assertThat(refused.json().at("/error/details/required").longValue()).isEqualTo(1);
    }

    @Test
    void advancesScanByHand() throws Exception {
        String id = caller.scan("example.com", "quick").id();
        for (String status : List.of("running", "succeeded")) {
            pentify.advanceScan(id, status);
            assertThat(caller.get("/v1/scans/" + id).json().get("status").stringValue())
                    .isEqualTo(status);
        }
        assertThatThrownBy(() -> pentify.advanceScan(id, "failed"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("scan " + id + " has ended as succeeded (expected: queued or running)");
        assertThatThrownBy(() -> pentify.advanceScan(id, "completed"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("status: completed (expected one of: queued, ");
        assertThatThrownBy(() -> pentify.advanceScan("scn_1", "failed")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void servesReportOnceScanHasSucceeded() throws Exception {
        String id = caller.scan("example.com", "quick").id();
        assertThat(caller.get("/v1/scans/" + id + "/report").code()).isEqualTo("not_found");
        pentify.advanceScan(id, "succeeded");
        JsonNode report = caller.get("/v1/scans/" + id + "/report").json();
        assertThat(report.get("scan_id").stringValue()).isEqualTo(id);
        assertThat(report.get("target").stringValue()).isEqualTo("example.com");
        assertThat(report.get("status").stringValue()).isEqualTo("succeeded");
    }

    @Test
    void redirectsPdfReportToSignedUrlOnAnotherOrigin() throws Exception {
        String id = caller.scan("example.com", "quick").id();
        pentify.advanceScan(id, "succeeded");
        Answer redirect = caller.get("/v1/scans/" + id + "/report", "application/pdf");
        assertThat(redirect.status()).isEqualTo(302);
        URI location = URI.create(redirect.header("location"));
        assertThat(location.resolve("/")).isEqualTo(pentify.objectStoreOrigin().resolve("/"));
        assertThat(location.getPort()).isNotEqualTo(pentify.origin().getPort());
        Answer pdf = Caller.anonymous(location);
        assertThat(pdf.status()).isEqualTo(200);
        assertThat(pdf.header("content-type")).isEqualTo("application/pdf");
        assertThat(pdf.text()).startsWith("%PDF-");
        assertThat(Caller.anonymous(location.resolve(location.getPath() + "?X-Signature=no"))
                        .status())
                .isEqualTo(403);
        assertThat(Caller.anonymous(location.resolve(location.getPath())).status())
                .isEqualTo(403);
        assertThat(pentify.objectStoreRequests().all())
                .extracting(LoggedRequest::path)
                .containsExactly(location.getPath(), location.getPath(), location.getPath());
        pentify.objectStoreFaults().next(Fault.status(503));
        assertThat(Caller.anonymous(location).status()).isEqualTo(503);
    }

    private long usage(String member) throws Exception {
        return caller.get("/v1/usage").json().get(member).longValue();
    }

    private static LoggedRequest scanRequest(String key, String idempotencyKey) {
        return new LoggedRequest(
                1,
                Instant.EPOCH,
                "POST",
                "/v1/scans",
                "/v1/scans",
                Map.of("authorization", List.of("Bearer " + key)),
                ("{\"target\":\"a\",\"scan_type\":\"quick\",\"idempotency_key\":\"" + idempotencyKey + "\"}")
                        .getBytes(StandardCharsets.UTF_8),
                1,
                "127.0.0.1");
    }
}
