package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.cli.FeatureExamples.Thing;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.hedge.HedgingPolicy;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.paging.Paging;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.Polling;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.ScriptedTransport;
import io.penstock.test.simulator.pentify.PentifySimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/**
 * Agreement of the output in the feature pages with what the code prints, in virtual time and without jitter. To write
 * the output into the pages, run it with {@code -Dpenstock.write=true}.
 */
class FeatureOutputsTest {

    private static final VendorSpec ACME = VendorSpec.generic("acme", URI.create("https://api.example.com/v1/"))
            .withKeyPlacement(KeyPlacement.header("Idempotency-Key", "things"));
    private static final RetryPolicy WITHOUT_JITTER =
            RetryPolicy.standard().withBackoff(new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(30), 0));
    private static final CircuitPolicy STEADY_CIRCUIT =
            CircuitPolicy.standard().withOpenWait(new Backoff(Duration.ofMillis(500), 1.2, Duration.ofMillis(800), 0));
    private static final int CALLS_THAT_OPEN_A_CIRCUIT = 20;
    private static final int ANSWERS_BEFORE_HEDGING = 32;
    private static final String LAMP = "{\"id\":\"t-1\",\"name\":\"lamp\"}";

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final ScriptedTransport wire = ScriptedTransport.of();

    @Test
    void printsTimelineOfKeyedPost() throws IOException {
        wire.then(answer(503, "{}", 40), ScriptedTransport.lost().after(Duration.ofMillis(25)), answer(201, LAMP, 30));

        String timeline = timeline(FeatureExamples.keyedPost(client().build()));

        verify("docs/retries.md", "keyed POST", timeline);
    }

    @Test
    void printsTimelineOfPostWithoutKey() throws IOException {
        wire.then(ScriptedTransport.lost().after(Duration.ofMillis(25)));

        ApiException failure =
                failure(client().build().execute(ApiRequest.post("things").body(Map.of("name", "lamp"))));

        verify("docs/retries.md", "POST without key", failure.journey().timeline());
    }

    @Test
    void printsFindingOfProbe() throws IOException {
        wire.then(ScriptedTransport.lost().after(Duration.ofMillis(25)), answer(200, "[" + LAMP + "]", 30));

        verify("docs/retries.md", "probe", timeline(client().build().execute(FeatureExamples.probedPost())));
    }

    @Test
    void printsWaitForQuota() throws IOException {
        wire.then(quota(0, 10), quota(99, 10));
        ApiClient client = client().build();
        client.value(thing()).subscribe();
        time.advanceTimeBy(Duration.ofSeconds(1));

        verify("docs/pacing.md", "wait for quota", timeline(client.execute(thing())));
    }

    @Test
    void printsWaitForQuotaPastDeadline() throws IOException {
        wire.then(quota(0, 60));
        ApiClient client = client().build();
        client.value(thing()).subscribe();
        time.advanceTimeBy(Duration.ofSeconds(1));

        ApiException failure = failure(client.value(thing().deadline(Duration.ofSeconds(5))));

        verify("docs/pacing.md", "quota used up", described(failure));
    }

    @Test
    void retriesCallThatFindsLineFull() {
        wire.then(answer(200, LAMP, 5_000), answer(200, LAMP, 30));
        ApiClient client = client().gate(new GatePolicy(1, 0, false)).build();
        client.value(thing()).subscribe();

        assertThat(timeline(client.execute(thing())))
                .contains("calls wait already", "send again")
                .endsWith("30 ms");
    }

    @Test
    void printsRefusalOfOpenCircuit() throws IOException {
        ApiClient client = client().build();
        openCircuit(client);
        List<Object> seen = new ArrayList<>();

        client.value(thing().failFast()).subscribe(seen::add, seen::add);

        verify("docs/circuit-breaker.md", "open circuit", described((ApiException) seen.get(0)));
    }

    @Test
    void printsWaitForCircuit() throws IOException {
        ApiClient client = client().build();
        openCircuit(client);
        wire.then(answer(200, LAMP, 10));

        verify("docs/circuit-breaker.md", "waiting call", timeline(client.execute(thing())));
    }

    @Test
    void printsTimelineOfHedge() throws IOException {
        ApiClient client = client().hedging(HedgingPolicy.standard()).build();
        for (int i = 0; i < ANSWERS_BEFORE_HEDGING; i++) {
            wire.then(answer(200, LAMP, 20));
            outcome(client.value(thing()));
        }
        wire.then(answer(200, LAMP, 900), answer(200, LAMP, 20));

        verify("docs/hedging.md", "hedge", timeline(client.execute(thing())));
    }

    @Test
    void printsDeadlineOfCallInFlight() throws IOException {
        wire.then(ScriptedTransport.silence());

        ApiException failure = failure(client().build().value(thing().deadline(Duration.ofSeconds(5))));

        verify("docs/deadlines.md", "deadline in flight", described(failure));
    }

    @Test
    void printsWaitPastDeadline() throws IOException {
        wire.then(answer(503, "{}", 20, "retry-after", "8"));

        ApiException failure = failure(client().build().value(thing().deadline(Duration.ofSeconds(5))));

        assertThat(failure.retryAt()).isNotNull();
        verify("docs/deadlines.md", "wait past deadline", failure.journey().timeline());
    }

    @Test
    void printsMessage() throws IOException {
        wire.then(answer(422, "{\"message\":\"name is taken\"}", 20, "x-request-id", "r-1"));

        ApiException failure =
                failure(client().build().value(ApiRequest.post("things").body(Map.of("name", "lamp"))));

        verify("docs/errors.md", "message", described(failure));
    }

    @Test
    void printsRepeatedCursor() throws IOException {
        wire.then(page("c1"), page("c2"), page("c1"));
        ApiRequest<Page<Thing>> first =
                ApiRequest.get("things").as(Payload.page(Thing.class, List.of("items"), List.of("next_cursor")));

        ApiException failure =
                failure(client().build().pages(first, Paging.cursor("cursor")).items());

        verify("docs/paging.md", "repeated cursor", described(failure));
    }

    @Test
    void printsTimelineOfFailedOperation() throws IOException {
        wire.then(
                answer(200, "{\"state\":\"queued\"}", 20),
                answer(503, "{}", 20),
                answer(200, "{\"state\":\"running\"}", 20, "retry-after", "90"),
                answer(200, "{\"state\":\"error\"}", 20));

        ApiException failure = failure(result(Duration.ofHours(2)));

        verify(
                "docs/polling.md",
                "failed operation",
                described(failure) + "\n" + failure.journey().timeline());
    }

    @Test
    void printsEndOfTimeLimit() throws IOException {
        for (int i = 0; i < 4; i++) {
            wire.then(answer(200, "{\"state\":\"running\"}", 20));
        }

        verify("docs/polling.md", "time limit", described(failure(result(Duration.ofMinutes(2)))));
    }

    @Test
    void printsBreakOfStream() throws IOException {
        wire.then(answer(200, LAMP + "\n{\"id\":", 20, "transfer-encoding", "chunked"));

        List<Object> seen = outcome(FeatureExamples.streaming(client().build()).get(0));

        assertThat(seen).hasSize(2).startsWith(new Thing("t-1", "lamp"));
        verify("docs/streaming.md", "broken stream", described((ApiException) seen.get(1)));
    }

    @Test
    void printsExistingFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("report.pdf"), "old");
        Mono<?> download = client().build().download(ApiRequest.get("reports/7"), file);

        ApiException failure = catchThrowableOfType(ApiException.class, () -> download.block(Duration.ofSeconds(30)));

        verify(
                "docs/downloads.md",
                "existing file",
                described(failure)
                        .replace(directory.toString() + file.getFileSystem().getSeparator(), ""));
    }

    @Test
    void reportsAttemptBeyondScript() {
        ApiException failure = failure(client().build().value(thing()));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(failure).hasRootCauseMessage("attempt 1 of a script with one step fewer: GET /v1/things/t-1 #1");
    }

    @Test
    void runsExampleInVirtualTime() {
        FeatureExamples.virtualTime();
    }

    @Test
    void runsExampleWithSimulator() {
        FeatureExamples.simulator();
    }

    @Test
    void runsExampleOfRecordingAndReplay(@TempDir Path directory) {
        Path cassette = directory.resolve("usage.json");
        try (PentifySimulator simulator = PentifySimulator.start()) {
            FeatureExamples.record(simulator.baseUri(), Secret.of(simulator.secret()), cassette);
        }
        FeatureExamples.replay(cassette);
    }

    @Test
    void runsExampleOfAssertions() {
        wire.then(
                ScriptedTransport.answer(503, Headers.of("retry-after", "0"), ""), ScriptedTransport.answer(409, "{}"));

        FeatureExamples.assertions(
                ApiClient.builder(ACME).transport(wire).build(),
                ApiRequest.post("things").body(Map.of("name", "lamp")).as(Thing.class));
    }

    private ApiClientBuilder client() {
        return ApiClient.builder(ACME)
                .transport(wire)
                .scheduler(time)
                .retry(WITHOUT_JITTER)
                .circuit(STEADY_CIRCUIT);
    }

    private static ApiRequest<Thing> thing() {
        return ApiRequest.get("things/t-1").as(Thing.class);
    }

    private static ScriptedTransport.Step answer(int status, String body, int millis, String... headers) {
        List<String> all = new ArrayList<>(List.of("content-type", "application/json"));
        all.addAll(List.of(headers));
        return ScriptedTransport.answer(status, Headers.of(all.toArray(new String[0])), body)
                .after(Duration.ofMillis(millis));
    }

    private static ScriptedTransport.Step quota(int remaining, int resetSeconds) {
        return answer(
                200,
                LAMP,
                30,
                "x-ratelimit-limit",
                "100",
                "x-ratelimit-remaining",
                Integer.toString(remaining),
                "x-ratelimit-reset",
                Integer.toString(resetSeconds));
    }

    private static ScriptedTransport.Step page(String next) {
        return answer(200, "{\"items\":[" + LAMP + "],\"next_cursor\":\"" + next + "\"}", 20);
    }

    private void openCircuit(ApiClient client) {
        for (int i = 0; i < CALLS_THAT_OPEN_A_CIRCUIT; i++) {
            wire.then(answer(503, "{}", 10));
            client.value(thing().failFast()).subscribe(value -> {}, error -> {});
        }
        time.advanceTimeBy(Duration.ofMillis(50));
    }

    /** Returns the example's result, polled without jitter. */
    private Mono<JsonNode> result(Duration timeLimit) {
        ApiClient client = client().build();
        Polling<JsonNode> polling = FeatureExamples.polling(client).polling();
        PollPolicy steady = polling.policy().withJitter(0);
        return client.poll(polling.withPolicy(steady).within(timeLimit)).result();
    }

    /** Returns the values and the error of a publisher, after ten minutes. */
    private List<Object> outcome(Publisher<?> source) {
        List<Object> seen = new ArrayList<>();
        Flux.from(source).subscribe(seen::add, seen::add);
        time.advanceTimeBy(Duration.ofMinutes(10));
        return seen;
    }

    private String timeline(Mono<? extends ApiResponse<?>> call) {
        return ((ApiResponse<?>) outcome(call).get(0)).journey().timeline();
    }

    private ApiException failure(Publisher<?> call) {
        List<Object> seen = outcome(call);
        return (ApiException) seen.get(seen.size() - 1);
    }

    private static String described(ApiException failure) {
        return failure.kind() + ", " + failure.certainty() + ": " + failure.getMessage();
    }

    private static void verify(String page, String output, String actual) throws IOException {
        List<String> lines = actual.lines().toList();
        String marker = "output: " + output;
        if (Boolean.getBoolean("penstock.write")) {
            write(Path.of("..").resolve(page), "<!-- " + marker + " -->", lines);
        }
        assertThat(ReadmeTest.block(page, marker)).isEqualTo(lines);
    }

    private static void write(Path page, String marker, List<String> lines) throws IOException {
        List<String> text = new ArrayList<>(Files.readAllLines(page));
        int from = text.indexOf(marker) + 2;
        List<String> block =
                text.subList(from, from + text.subList(from, text.size()).indexOf("```"));
        block.clear();
        block.addAll(lines);
        Files.write(page, text);
    }
}
