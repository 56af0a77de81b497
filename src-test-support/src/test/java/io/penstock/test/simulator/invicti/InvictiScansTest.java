package io.penstock.test.simulator.invicti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Answer;
import io.penstock.test.simulator.Effect;
import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class InvictiScansTest {

    private final SteppedClock clock = SteppedClock.at("2026-03-17T12:50:16.974280Z");

    @AutoClose
    private final Running<InvictiSimulator, InvictiRules> running =
            new Running<>(InvictiRules.documented().withClock(clock), InvictiSimulator::start);

    @Test
    void answersStartedScanAsInSample() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules);
        Answer created = new Caller(invicti).scan("2df49409");
        String id = created.text("scan_id");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("location")).isEqualTo(invicti.origin() + "/api/v1/scans/" + id);
        assertThat(created.text())
                .isEqualTo("{\"profile_id\":\"11111111-1111-1111-1111-111111111112\",\"schedule\":{\"disable\":false,"
                        + "\"time_sensitive\":false,\"triggerable\":false},\"target_id\":\"2df49409\","
                        + "\"continuous\":false,\"incremental\":false,\"max_scan_time\":0,"
                        + "\"next_run\":\"2026-03-17T12:50:16.974280+00:00\",\"user_authorized_to_scan\":\"yes\","
                        + "\"scan_id\":\"" + id + "\"}");
    }

    @Test
    void countsStartAsOneEffectAndReadAsNone() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules);
        Caller caller = new Caller(invicti);
        Answer created = caller.scan("t");
        caller.follow(created.header("location"));
        assertThat(invicti.effects().all())
                .extracting(Effect::operation, Effect::id, Effect::idempotencyKey)
                .containsExactly(tuple("POST /api/v1/scans", created.text("scan_id"), null));
        caller.scan("t");
        assertThat(invicti.effects().count("POST /api/v1/scans")).isEqualTo(2);
    }

    @Test
    void findsEffectOfResetCallByFilter() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules);
        Caller caller = new Caller(invicti);
        invicti.faults().on("POST", Caller.SCANS, Fault.resetAfterEffect());
        assertThatThrownBy(() -> caller.scan("t")).isInstanceOf(IOException.class);
        assertThat(invicti.effects().count()).isEqualTo(1);
        assertThat(caller.get(Caller.SCANS + "?q=target_id:t")
                        .json()
                        .at("/scans/0/scan_id")
                        .stringValue())
                .isEqualTo(invicti.effects().all().get(0).id());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"user_authorized_to_scan\":\"yes\",\"profile_id\":\"p\"}                    | target_id",
                "{\"user_authorized_to_scan\":\"yes\",\"target_id\":\"t\"}                     | profile_id",
                "{\"target_id\":\"t\",\"profile_id\":\"p\"}                                    | user_authorized_to_scan",
                "{\"user_authorized_to_scan\":\"yes\",\"target_id\":7,\"profile_id\":\"p\"}    | target_id",
                "{\"user_authorized_to_scan\":\"yes\",\"target_id\":\" \",\"profile_id\":\"p\"} | target_id"
            })
    void requiresEachMember(String body, String field) throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules);
        Answer refused = new Caller(invicti).post(Caller.SCANS, body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("details")).hasSize(1);
        assertThat(refused.json().at("/details/0/field").stringValue()).isEqualTo(field);
        assertThat(refused.json().at("/details/0/code").stringValue()).isEqualTo("REQUIRED");
        assertThat(invicti.effects().count()).isZero();
    }

    @Test
    void answersOperationResultAsInSample() throws Exception {
        SteppedClock sample = SteppedClock.at("2024-03-23T14:30:00Z");
        InvictiSimulator invicti = running.start(
                rules -> rules.withClock(sample).withIdForm(IdForm.PREFIXED).withScanAnswer(ScanAnswer.SUCCEEDED));
        Answer started = new Caller(invicti).scan("target-1");
        assertThat(started.status()).isEqualTo(200);
        assertThat(started.text())
                .isEqualTo("{\"success\":true,\"message\":\"Scan started successfully\",\"scanId\":\"scan-12345\","
                        + "\"estimatedCompletionTime\":\"2024-03-23T16:45:00Z\"}");
        assertThat(invicti.effects().count("POST /api/v1/scans")).isEqualTo(1);
    }

    @Test
    void advancesScanByHand() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules);
        Caller caller = new Caller(invicti);
        String id = caller.scan("t").text("scan_id");
        assertThat(status(caller, id)).isEqualTo("queued");
        assertThat(status(caller, id)).isEqualTo("queued");
        invicti.advanceScan(id, "processing");
        assertThat(status(caller, id)).isEqualTo("processing");
        assertThat(result(caller, id).get("end_date").isNull()).isTrue();
        invicti.advanceScan(id, "completed");
        clock.advance(Duration.ofSeconds(1));
        JsonNode result = result(caller, id);
        assertThat(result.get("status").stringValue()).isEqualTo("completed");
        assertThat(result.get("end_date").stringValue()).isEqualTo("2026-03-17T12:50:17.974280+00:00");
        assertThatThrownBy(() -> invicti.advanceScan(id, "failed"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("scan " + id + " has ended as completed (expected: one that goes on)");
        assertThatThrownBy(() -> invicti.advanceScan(id, "done"))
                .hasMessageStartingWith("status: done (expected one of: scheduled, ");
        assertThatThrownBy(() -> invicti.advanceScan("x", "failed")).hasMessageStartingWith("scanId: x ");
    }

    @Test
    void completesScanAfterConfiguredPolls() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withPollsUntilDone(3)));
        String id = caller.scan("t").text("scan_id");
        caller.get(Caller.SCANS);
        assertThat(status(caller, id)).isEqualTo("processing");
        assertThat(result(caller, id).get("status").stringValue()).isEqualTo("processing");
        assertThat(status(caller, id)).isEqualTo("completed");
    }

    @Test
    void holdsPausedScanUntilResumed() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules.withPollsUntilDone(1));
        Caller caller = new Caller(invicti);
        String id = caller.scan("t").text("scan_id");
        assertThat(caller.post(Caller.SCANS + "/" + id + "/pause", "").status()).isEqualTo(204);
        assertThat(status(caller, id)).isEqualTo("queued");
        assertThat(caller.post(Caller.SCANS + "/" + id + "/resume", "").status())
                .isEqualTo(204);
        assertThat(status(caller, id)).isEqualTo("completed");
        assertThat(invicti.effects().count("POST /api/v1/scans/{id}/pause")).isEqualTo(1);
        assertThat(invicti.effects().count("POST /api/v1/scans/{id}/resume")).isEqualTo(1);
    }

    @Test
    void endsAbortedScanButKeepsCompletedOne() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules);
        Caller caller = new Caller(invicti);
        String id = caller.scan("t").text("scan_id");
        Answer aborted = caller.post(Caller.SCANS + "/" + id + "/abort", "");
        assertThat(aborted.status()).isEqualTo(204);
        assertThat(aborted.text()).isEmpty();
        assertThat(status(caller, id)).isEqualTo("aborted");
        String other = caller.scan("t").text("scan_id");
        invicti.advanceScan(other, "completed");
        caller.post(Caller.SCANS + "/" + other + "/abort", "");
        assertThat(status(caller, other)).isEqualTo("completed");
        assertThat(invicti.effects().count("POST /api/v1/scans/{id}/abort")).isEqualTo(1);
    }

    @Test
    void holdsScanWithDisabledScheduleUntilTriggered() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules.withPollsUntilDone(1)));
        String body = Caller.scanBody("t").replace("\"disable\":false", "\"disable\":true");
        String id = caller.post(Caller.SCANS, body).text("scan_id");
        assertThat(status(caller, id)).isEqualTo("scheduled");
        assertThat(caller.post(Caller.SCANS + "/" + id + "/trigger", "").status())
                .isEqualTo(204);
        assertThat(status(caller, id)).isEqualTo("completed");
    }

    @Test
    void returnsPublishedPartOfStatistics() throws Exception {
        Caller caller = new Caller(running.start(rules -> rules));
        String id = caller.scan("t").text("scan_id");
        String session = result(caller, id).get("result_id").stringValue();
        assertThat(caller.get(Caller.SCANS + "/" + id)
                        .json()
                        .at("/current_session/scan_session_id")
                        .stringValue())
                .isEqualTo(session);
        assertThat(caller.get(Caller.SCANS + "/" + id + "/results/" + session + "/statistics")
                        .text())
                .isEqualTo("{\"scanMessage\":[{\"id\":1,\"level\":-1,\"message\":\"\",\"targetId\":\"t\","
                        + "\"messageDate\":\"2026-03-17T12:50:16.974280+00:00\",\"messageKind\":\"scanning\"}]}");
        assertThat(caller.get(Caller.SCANS + "/" + id + "/results/other/statistics")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void listsVulnerabilitiesAndServesTrafficAsRawText() throws Exception {
        InvictiSimulator invicti = running.start(rules -> rules);
        Caller caller = new Caller(invicti);
        String id = caller.scan("t").text("scan_id");
        String vulnerability = invicti.addVulnerability(id, "SQL injection");
        String session = result(caller, id).get("result_id").stringValue();
        JsonNode list = caller.get(Caller.SCANS + "/" + id + "/results/" + session + "/vulnerabilities")
                .json();
        assertThat(list.propertyNames()).containsExactly("vulnerabilities", "pagination");
        assertThat(list.get("vulnerabilities").toString())
                .isEqualTo("[{\"vuln_id\":\"" + vulnerability
                        + "\",\"target_id\":\"t\",\"severity\":3,\"vt_name\":\"SQL injection\"}]");
        Answer traffic = caller.get("/api/v1/vulnerabilities/" + vulnerability + "/http_response");
        assertThat(traffic.header("content-type")).isEqualTo("text/plain");
        assertThat(traffic.text()).startsWith("HTTP/1.1 200 OK\r\n");
        assertThatThrownBy(() -> invicti.addVulnerability("x", "n")).hasMessageStartingWith("scanId: x ");
    }

    @Test // without sockets, which would spread the calls of the threads over time
    void countsConcurrentPostsUpToTheWindowLimit() throws Exception {
        EffectLedger effects = new EffectLedger();
        int limit = 700;
        InvictiRules rules =
                InvictiRules.documented().withRequestsPerWindow(limit).withClock(clock);
        Organization organization = new Organization(rules, effects);
        String key = organization.keys.issue(true).secret();
        InvictiApi api = new InvictiApi(rules, organization);
        int threads = 4;
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Callable<Boolean> posts = () -> {
                for (int round = 0; round < 300; round++) {
                    together.await(30, TimeUnit.SECONDS);
                    api.answer(scanRequest(key));
                }
                return true;
            };
            for (Future<Boolean> done : pool.invokeAll(Collections.nCopies(threads, posts))) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(effects.count()).isEqualTo(limit);
        assertThat(organization.scans.all()).hasSize(limit);
    }

    private static LoggedRequest scanRequest(String key) {
        return new LoggedRequest(
                1,
                Instant.EPOCH,
                "POST",
                Caller.SCANS,
                Caller.SCANS,
                Map.of("x-auth", List.of(key)),
                Caller.scanBody("t").getBytes(StandardCharsets.UTF_8),
                1,
                "127.0.0.1");
    }

    private static String status(Caller caller, String id) throws Exception {
        return caller.get(Caller.SCANS + "/" + id)
                .json()
                .at("/current_session/status")
                .stringValue();
    }

    private static JsonNode result(Caller caller, String id) throws Exception {
        return caller.get(Caller.SCANS + "/" + id + "/results").json().at("/results/0");
    }
}
