package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.pentify.PentifySimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CallCommandTest {

    private static final String VARIABLE = "PENSTOCK_PENTIFY_SECRET";

    private final PentifySimulator pentify = PentifySimulator.start();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @AfterEach
    void stop() {
        pentify.close();
    }

    private Run call(String... args) {
        return call(Map.of(VARIABLE, pentify.secret()), args);
    }

    private Run call(Map<String, String> environment, String... args) {
        List<String> all = new ArrayList<>(List.of("call", "pentify"));
        all.addAll(List.of(args));
        all.addAll(List.of("--base-url", pentify.baseUri().toString()));
        Run run = Run.of(environment, all.toArray(String[]::new));
        assertThat(run.out() + run.err()).doesNotContain(pentify.secret()).doesNotContain("\tat ");
        return run;
    }

    private LoggedRequest onlyRequest() {
        assertThat(pentify.requests().all()).hasSize(1);
        return pentify.requests().all().get(0);
    }

    @Test
    void printsAnswerAsJsonAndNothingElse() {
        Run run = call("GET", "usage");

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        JsonNode answer = JsonMapper.shared().readTree(run.out());
        assertThat(answer.path("balance").asLong()).isPositive();
        assertThat(run.out().lines().count()).as("pretty").isGreaterThan(2);
        assertThat(onlyRequest().header("authorization")).isEqualTo("Bearer " + pentify.secret());
    }

    @Test
    void leavesBasePathOutForRootRelativePath() {
        assertThat(call("get", "/v1/usage").code()).isZero();
        assertThat(onlyRequest().path()).isEqualTo("/v1/usage");
    }

    @Test
    void sendsQueryAndHeadersAsGiven() {
        Run run = call(
                "GET",
                "scans",
                "--query",
                "q=a b&c=d",
                "--query",
                "q=",
                "--header",
                "X-Trace: one:two ",
                "--query=e=é");

        assertThat(run.code()).isZero();
        assertThat(onlyRequest().uri()).isEqualTo("/v1/scans?q=a%20b%26c%3Dd&q=&e=%C3%A9");
        assertThat(onlyRequest().header("x-trace")).isEqualTo("one:two");
    }

    @Test
    void sendsBodyWithNumbersUnchangedAndWithKey() {
        Run run = call(
                "POST",
                "scans",
                "--body",
                "{\"target\":\"a.example\",\"scan_type\":\"quick\",\"n\":12345678901234567890.1250}",
                "--idempotency-key",
                "nightly/1");

        assertThat(run.code()).isZero();
        assertThat(onlyRequest().body()).contains("12345678901234567890.1250").contains("nightly/1");
        assertThat(pentify.effects().count()).isEqualTo(1);
    }

    @Test
    void readsBodyFromFile() throws IOException {
        Path file = Files.writeString(
                directory.resolve("scan.json"), "{\"target\":\"a.example\",\"scan_type\":\"quick\"}\n");

        assertThat(call("POST", "scans", "--body", "@" + file).code()).isZero();
        assertThat(pentify.effects().count()).isEqualTo(1);
    }

    @Test
    void printsNothingForAnswerWithoutBody() {
        pentify.faults().next(Fault.status(204, Map.of(), "text/plain", ""));

        Run run = call("DELETE", "webhooks/wh_1");

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEmpty();
    }

    @Test
    void acceptsHeadWithoutBody() {
        pentify.faults().next(Fault.status(200, Map.of(), "application/json", ""));

        assertThat(call("HEAD", "usage").code()).isZero();
    }

    @Test
    void printsJourneyToStderrAndKeepsStdoutParseable() {
        pentify.faults().next(Fault.status(503));

        Run run = call("GET", "usage", "--journey");

        assertThat(run.code()).isZero();
        assertThat(JsonMapper.shared().readTree(run.out()).isObject()).isTrue();
        assertThat(run.err())
                .contains("2 attempts")
                .contains("#1")
                .contains("503")
                .contains("#2");
    }

    @Test
    void sendsNothingForExplain() {
        Run run = call("POST", "scans", "--body", "{}", "--idempotency-key", "k", "--explain");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("POST " + pentify.baseUri() + "/scans")
                .contains("KEYED")
                .contains("retry");
        assertThat(pentify.requests().all()).isEmpty();
    }

    @Test
    void readsSecretFromAnotherVariable() {
        assertThat(call(Map.of("OTHER", pentify.secret()), "GET", "usage", "--secret-env", "OTHER")
                        .code())
                .isZero();
    }

    @Test
    void readsSecretFromFileWithoutLineBreak() throws IOException {
        Path file = Files.writeString(directory.resolve("key"), pentify.secret() + "\r\n");

        assertThat(call(Map.of(), "GET", "usage", "--secret-file", file.toString())
                        .code())
                .isZero();
        assertThat(onlyRequest().header("authorization")).isEqualTo("Bearer " + pentify.secret());
    }

    @Test
    void sendsNoSecretWithAnonymousCall() {
        assertThat(call("GET", "/token-packs", "--anonymous").code()).isZero();
        assertThat(onlyRequest().header("authorization")).isNull();
    }

    @Test
    void sendsNothingWithoutSecret() {
        Run run = call(Map.of(), "GET", "usage");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(VARIABLE).contains("--secret-file").contains("--anonymous");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(pentify.requests().all()).isEmpty();
    }

    @Test
    void printsFailureInOneLineAndJourney() {
        pentify.faults().next(Fault.status(404));

        Run run = call("GET", "scans/scn_1");

        assertThat(run.code()).isEqualTo(4);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(2);
        assertThat(run.err())
                .startsWith("penstock: NOT_FOUND, REJECTED: 404 not_found")
                .contains("GET /v1/scans/scn_1  1 attempt");
    }

    @Test
    void printsTimelineAndBodyOfFailureWithJourney() {
        Run run = call("POST", "scans", "--body", "{}", "--journey");

        assertThat(run.code()).isEqualTo(4);
        assertThat(run.err())
                .contains("#1")
                .contains("give up")
                .contains("  body: {\"error\":{")
                .contains("\"field\"");
    }

    @Test
    void escapesControlCharactersOfServer() {
        pentify.faults()
                .next(
                        Fault.status(
                                400,
                                Map.of(),
                                "application/json",
                                "{\"error\":{\"code\":\"x\",\"message\":\"\\u001b[2J\\r\\ngone\",\"request_id\":\"\\u001b[1m\"}}"));

        Run run = call("GET", "usage");

        assertThat(run.code()).isEqualTo(4);
        assertThat(run.err()).doesNotContain("\u001b").doesNotContain("\r");
        assertThat(run.err().lines()).hasSize(2);
    }
}
