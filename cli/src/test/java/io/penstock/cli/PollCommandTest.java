package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.pentify.PentifySimulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

class PollCommandTest {

    private static final String VARIABLE = "PENSTOCK_PENTIFY_SECRET";
    private static final Duration SHORT = Duration.ofMillis(50);

    private final PentifySimulator pentify = PentifySimulator.start();

    @AfterEach
    void stop() {
        pentify.close();
    }

    private String started(JobCourse course) throws Exception {
        pentify.scansTake(course);
        HttpRequest order = HttpRequest.newBuilder(URI.create(pentify.baseUri() + "/scans"))
                .header("authorization", "Bearer " + pentify.secret())
                .POST(HttpRequest.BodyPublishers.ofString("{\"target\":\"a.example\",\"scan_type\":\"quick\"}"))
                .build();
        String created = HttpClient.newHttpClient()
                .send(order, HttpResponse.BodyHandlers.ofString())
                .body();
        return JsonMapper.shared().readTree(created).path("id").asString();
    }

    private Run poll(boolean terminal, String... args) {
        List<String> all = new ArrayList<>(List.of("poll", "pentify"));
        all.addAll(List.of(args));
        all.addAll(List.of("--base-url", pentify.baseUri().toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Map<String, String> environment = Map.of(VARIABLE, pentify.secret());
        int code = Main.run(
                all.toArray(String[]::new),
                new Console(new PrintWriter(out), new PrintWriter(err), environment::get, () -> terminal));
        Run run = new Run(code, out.toString(), err.toString());
        assertThat(run.out() + run.err()).doesNotContain(pentify.secret()).doesNotContain("\tat ");
        return run;
    }

    private Run poll(String... args) {
        return poll(false, args);
    }

    private static String status(Run run) {
        return JsonMapper.shared().readTree(run.out()).path("status").asString();
    }

    @Test
    void pollsOperationByNameAndPrintsItsResult() throws Exception {
        String id = started(JobCourse.starting("succeeded"));
        pentify.faults().next(Fault.status(200, Map.of(), "application/json", "{\"status\":\"queued\"}"));

        Run run = poll("scan", id, "--every", "50ms");

        assertThat(run.code()).isZero();
        assertThat(status(run)).isEqualTo("succeeded");
        assertThat(run.err()).as("stderr is no terminal").isEmpty();
        List<LoggedRequest> polls = pentify.requests().of("GET", "/v1/scans/" + id);
        assertThat(polls).hasSizeGreaterThan(1);
        assertThat(polls.get(0).header("authorization")).isEqualTo("Bearer " + pentify.secret());
    }

    @Test
    void pollsByPathPointerAndWords() throws Exception {
        String id = started(JobCourse.starting("pondering").then(SHORT.multipliedBy(2), "succeeded"));

        Run run = poll("--path", "scans/" + id, "--state", "/status", "--done", "ready,succeeded", "--every", "50ms");

        assertThat(run.code()).isZero();
        assertThat(status(run)).isEqualTo("succeeded");
    }

    @Test
    void pollsWhileAcceptedWithoutState() throws Exception {
        String id = started(JobCourse.starting("whatever"));
        pentify.faults().next(Fault.status(202, Map.of(), "application/json", "{}"));

        Run run = poll("--path", "scans/" + id, "--every", "50ms");

        assertThat(run.code()).isZero();
        assertThat(pentify.requests().of("GET", "/v1/scans/" + id)).hasSize(2);
    }

    @Test
    void printsNothingForEndWithoutBody() throws Exception {
        String id = started(JobCourse.starting("whatever"));
        pentify.faults().next(Fault.status(202, Map.of(), "application/json", "{\"at\":1}"), Fault.status(204));

        Run run = poll("--path", "scans/" + id, "--every", "50ms");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).as("bodies of earlier answers are no result").isEmpty();
        assertThat(run.code()).isZero();
        assertThat(pentify.requests().of("GET", "/v1/scans/" + id)).hasSize(2);
    }

    @Test
    void exitsWithOwnCodeForFailedOperation() throws Exception {
        Run failed = poll("scan", started(JobCourse.starting("failed")));
        Run cancelled = poll("scan", started(JobCourse.starting("cancelled")));

        assertThat(failed.code()).isEqualTo(10);
        assertThat(status(failed)).isEqualTo("failed");
        assertThat(failed.err()).isEqualToNormalizingNewlines("penstock: the operation has failed: state failed\n");
        assertThat(cancelled.code()).isEqualTo(10);
        assertThat(cancelled.err()).contains("the operation was cancelled: state cancelled");
    }

    @Test
    void pollsUnendingStateUntilTimeLimit() throws Exception {
        String id = started(JobCourse.starting("transcending"));
        // The second answer asks for a longer wait than the limit leaves.
        pentify.faults()
                .next(
                        Fault.delay(Duration.ZERO),
                        Fault.status(
                                200,
                                Map.of("Retry-After", "7200"),
                                "application/json",
                                "{\"status\":\"transcending\"}"));

        Run run = poll("scan", id, "--every", "50ms", "--within", "30m", "--journey");

        assertThat(run.code()).isEqualTo(8);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("penstock: DEADLINE_EXCEEDED")
                .contains("the last state seen is transcending")
                .contains("(try again at ")
                .contains("transcending → wait");
    }

    @Test
    void refusesOrAwaitsMissingOperation() throws Exception {
        assertThat(poll("scan", "scn_nobody").code()).isEqualTo(4);
        String id = started(JobCourse.starting("succeeded").appearingAfter(SHORT.multipliedBy(4)));
        assertThat(poll("scan", id, "--every", "50ms", "--absent-for", "20s").code())
                .isZero();
    }

    @Test
    void waitsBeforeFirstPollWhenResumed() throws Exception {
        String id = started(JobCourse.starting("succeeded"));
        long before = System.nanoTime();

        assertThat(poll("scan", id, "--every", "300ms", "--resume").code()).isZero();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void sendsQueryAndHeadersWithPoll() throws Exception {
        String id = started(JobCourse.starting("succeeded"));

        poll("scan", id, "--query", "verbose=1", "--header", "x-trace: t1");

        LoggedRequest sent = pentify.requests().of("GET", "/v1/scans/" + id).get(0);
        assertThat(sent.query("verbose")).isEqualTo("1");
        assertThat(sent.header("x-trace")).isEqualTo("t1");
    }

    @Test
    void showsProgressOnTerminalAndErasesIt() throws Exception {
        String id = started(JobCourse.starting("queued").then(SHORT.multipliedBy(3), "succeeded"));
        pentify.faults()
                .next(Fault.status(
                        200, Map.of(), "application/json", "{\"status\":\"cr\\u001bawling\",\"percent\":\"40\"}"));

        Run run = poll(
                true,
                "--path",
                "scans/" + id,
                "--state",
                "/status",
                "--done",
                "succeeded",
                "--percent",
                "/percent",
                "--every",
                "50ms");

        assertThat(run.code()).isZero();
        assertThat(status(run)).isEqualTo("succeeded");
        String erase = "\r\u001b[K";
        assertThat(run.err().replaceFirst("poll 1, \\d+ s", "poll 1, … s"))
                .startsWith(erase + "[########............]  40 % cr\\u001bawling, poll 1, … s, next in 1 s")
                .endsWith(erase);
        assertThat(run.err().substring(run.err().lastIndexOf(erase) + erase.length()))
                .isEmpty();
    }

    /** A terminal may block; the event loop that brings the answers must not. */
    @Test
    void writesProgressOutsideEventLoops() throws Exception {
        String id = started(JobCourse.starting("queued").then(SHORT.multipliedBy(3), "succeeded"));
        List<Boolean> onEventLoop = new CopyOnWriteArrayList<>();
        StringWriter err = new StringWriter() {
            @Override
            public void write(String text, int from, int length) {
                onEventLoop.add(Schedulers.isInNonBlockingThread());
                super.write(text, from, length);
            }
        };

        int code = Main.run(
                new String[] {
                    "poll",
                    "pentify",
                    "scan",
                    id,
                    "--every",
                    "50ms",
                    "--base-url",
                    pentify.baseUri().toString()
                },
                new Console(
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(err),
                        Map.of(VARIABLE, pentify.secret())::get,
                        () -> true));

        assertThat(code).isZero();
        assertThat(onEventLoop).isNotEmpty().containsOnly(false);
    }

    @Test
    void asksForPathWhenVendorNamesNoOperation() {
        Run run = Run.of(Map.of("PENSTOCK_IXON_SECRET", "a-secret-of-ixon"), "poll", "ixon", "action", "a1");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("operation action: unknown (expected: --path, because none of IXON");
    }
}
