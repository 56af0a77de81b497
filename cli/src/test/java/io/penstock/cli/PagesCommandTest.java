package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.Await;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.Simulators;
import io.penstock.test.simulator.infraon.InfraonSimulator;
import io.penstock.test.simulator.invicti.InvictiSimulator;
import io.penstock.test.simulator.ixon.IxonSimulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PagesCommandTest {

    /** A scan for Invicti and for Pentify; each ignores the members of the other. */
    private static final String ORDER =
            "{\"user_authorized_to_scan\":\"yes\",\"target_id\":\"t\",\"profile_id\":\"11111111-1111-1111-1111-111111111112\","
                    + "\"schedule\":{\"disable\":false,\"time_sensitive\":false},"
                    + "\"target\":\"a.example\",\"scan_type\":\"quick\"}";

    private static final String PATH = "ux/sd/inci/incident/";
    private static final Pattern TOKEN = Pattern.compile("go on with --resume (\\S+)");

    private final InfraonSimulator infraon = InfraonSimulator.start();
    private final Map<String, String> environment = Map.of("PENSTOCK_INFRAON_SECRET", infraon.secret());

    @AfterEach
    void stop() {
        infraon.close();
    }

    private String[] arguments(String... more) {
        List<String> all = new ArrayList<>(List.of("pages", "infraon", PATH, "--query", "items_per_page=4"));
        all.addAll(List.of(more));
        all.addAll(List.of("--base-url", infraon.baseUri().toString()));
        return all.toArray(String[]::new);
    }

    private Run pages(String... more) {
        Run run = Run.of(environment, arguments(more));
        assertThat(run.out() + run.err()).doesNotContain(infraon.secret()).doesNotContain("\tat ");
        return run;
    }

    private static List<String> summaries(String ndjson) {
        return ndjson.lines()
                .map(line -> JsonMapper.shared().readTree(line).path("summary").asString())
                .toList();
    }

    private static List<String> incidents(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "Incident " + i).toList();
    }

    private static String token(Run run) {
        Matcher token = TOKEN.matcher(run.err());
        assertThat(token.find()).as(run.err()).isTrue();
        return token.group(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2"})
    void printsEveryItemOnOneLineAndNothingElse(String ahead) {
        infraon.addIncidents(10);

        Run run = pages("--prefetch", ahead);

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(summaries(run.out())).isEqualTo(incidents(1, 10));
        assertThat(infraon.requests().all())
                .extracting(request -> request.query("page"))
                .containsExactly("1", "2", "3");
    }

    @Test
    void showsProgressOnTerminal() {
        infraon.addIncidents(10);

        Run run = Run.onTerminal(environment, arguments());

        assertThat(run.code()).isZero();
        assertThat(summaries(run.out())).hasSize(10);
        assertThat(run.err())
                .isEqualTo("\r\u001b[K4 items, at 4 of 10, page 1\r\u001b[K8 items, at 8 of 10, page 2"
                        + "\r\u001b[K10 items, at 10 of 10, page 3" + System.lineSeparator());
    }

    @Test
    void resumesBrokenRunWithoutGapOrRepetition() {
        infraon.addIncidents(10);
        infraon.faults().next(Fault.delay(Duration.ZERO), Fault.delay(Duration.ZERO), Fault.status(400));

        Run broken = pages();

        assertThat(broken.code()).isEqualTo(4);
        assertThat(broken.err()).startsWith("penstock: VALIDATION");
        assertThat(summaries(broken.out())).isEqualTo(incidents(1, 8));

        Run rest = pages("--resume", token(broken));

        assertThat(rest.code()).isZero();
        assertThat(summaries(rest.out())).isEqualTo(incidents(9, 10));
    }

    @Test
    void refusesUnfittingTokenBeforeSending() {
        infraon.addIncidents(10);
        infraon.faults().next(Fault.delay(Duration.ZERO), Fault.status(400));
        String token = token(pages());
        infraon.requests().clear();

        Run damaged = pages("--resume", token.substring(0, 20));
        Run other = pages("--resume", token, "--query", "sort=summary");

        assertThat(damaged.code()).isEqualTo(2);
        assertThat(damaged.err()).isEqualTo("penstock: resume token: damaged (expected: the whole token, unchanged)\n");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("of another list (expected: one of GET ux/sd/inci/incident/");
        assertThat(infraon.requests().count()).isZero();
    }

    @Test
    void endsOnBrokenPipeWithTokenOfItemsRead() {
        infraon.addIncidents(40);
        StringWriter err = new StringWriter();
        OutputStream pipe = new OutputStream() {
            private int lines;

            @Override
            public void write(int b) throws IOException {
                if (b == '\n' && ++lines > 8) {
                    throw new IOException("Broken pipe");
                }
            }
        };

        int code = Main.run(
                arguments(),
                new PrintWriter(pipe, true, StandardCharsets.UTF_8),
                new PrintWriter(err),
                environment::get);

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("penstock: broken off after 8 items: nobody reads what is printed");
        Run rest = pages("--resume", token(new Run(code, "", err.toString())));
        assertThat(summaries(rest.out())).isEqualTo(incidents(9, 40));
    }

    /** A page received before a failure is printed before it, even if printing is slower than the wire. */
    @Test
    void printsEarlierPagesBeforeFailure() {
        infraon.addIncidents(20);
        infraon.faults().next(Fault.delay(Duration.ZERO), Fault.delay(Duration.ZERO), Fault.status(400));
        StringWriter err = new StringWriter();
        StringWriter out = new StringWriter() {
            @Override
            public void write(String text, int from, int length) {
                if (getBuffer().isEmpty()) {
                    awaitRequests(3);
                    letTheFailureOvertake();
                }
                super.write(text, from, length);
            }
        };

        int code = Main.run(arguments("--prefetch", "2"), new PrintWriter(out), new PrintWriter(err), environment::get);
        Run broken = new Run(code, out.toString(), err.toString());
        Run rest = pages("--resume", token(broken));

        assertThat(code).isEqualTo(4);
        assertThat(summaries(broken.out())).isEqualTo(incidents(1, 8));
        assertThat(summaries(rest.out())).isEqualTo(incidents(9, 20));
    }

    /** The arrival of the failure cannot be observed. If the sleep is too short for it, the test still has to pass. */
    private static void letTheFailureOvertake() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitRequests(int count) {
        Await.until(count + " requests", () -> infraon.requests().count() >= count);
    }

    /** The program as its users start it, stopped by SIGTERM as by Ctrl-C: both run its shutdown hooks. */
    @Test
    void namesTokenOfItemsPrintedWhenInterrupted() throws Exception {
        infraon.addIncidents(20);
        infraon.faults()
                .next(Fault.delay(Duration.ZERO), Fault.delay(Duration.ZERO), Fault.delay(Duration.ofMinutes(5)));
        Process process = Child.start(environment, arguments());
        try {
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            StringBuilder printed = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                printed.append(output.readLine()).append('\n');
            }
            awaitRequests(3);

            process.toHandle().destroy(); // unlike Process.destroy it leaves the streams open

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(output.lines()).isEmpty();
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(err)
                    .startsWith("penstock: broken off after 8 items: interrupted")
                    .doesNotContain(infraon.secret())
                    .hasLineCount(2);
            assertThat(process.exitValue()).isNotZero();
            Run broken = new Run(process.exitValue(), printed.toString(), err);
            Run rest = pages("--resume", token(broken));
            assertThat(summaries(broken.out())).isEqualTo(incidents(1, 8));
            assertThat(summaries(rest.out())).isEqualTo(incidents(9, 20));
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--prefetch, -1, 'out of range (expected: 0 to 100)'",
        "--prefetch, many, 'not a number (expected: 0 to 100)'",
        "--query, x, 'no \"=\"'",
        "--deadline, soon, soon"
    })
    void reportsBadArgumentInOneLine(String option, String value, String complaint) {
        Run run = pages(option, value);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("penstock: " + option)
                .contains(complaint)
                .hasLineCount(1);
        assertThat(infraon.requests().count()).isZero();
    }

    /** Lists of each vendor, as its spec declares them, with what the simulator has after one order. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            invicti | api/identity/v1/audit/list                   | api/v1/scans | 1
            invicti | api/apihub/v1/inventory/api-targets          | api/v1/scans | 1
            ixon    | agents                                       |              | 1
            pentify | scans                                        | scans        | 1
            picus   | v1/users                                     |              | 60
            picus   | v1/agents                                    |              | 3
            picus   | v1/mitigation/detection-content/custom       |              | 60
            """)
    void readsListsOfEveryVendor(String vendor, String path, @Nullable String order, int items) {
        try (Simulator simulator = Simulators.start(vendor, 0)) {
            if (simulator instanceof InvictiSimulator invicti) {
                invicti.addApiTarget("Gateway");
            }
            if (order != null) {
                assertThat(run(simulator, "call", vendor, "POST", order, "--body", ORDER)
                                .err())
                        .isEmpty();
            }

            Run run = run(simulator, "pages", vendor, path);

            assertThat(run.err()).isEmpty();
            assertThat(run.code()).isZero();
            assertThat(simulator.requests().all())
                    .extracting(LoggedRequest::path)
                    .anyMatch(sent -> sent.endsWith(path));
            assertThat(run.out().lines()).hasSize(items);
        }
    }

    private static Run run(Simulator simulator, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        if (simulator instanceof IxonSimulator ixon) {
            all.addAll(List.of("--header", "api-company:" + ixon.companyId()));
            all.addAll(List.of("--header", "api-application:" + ixon.applicationId()));
        }
        all.addAll(List.of("--base-url", simulator.baseUri().toString()));
        return Run.of(
                Map.of(SecretOptions.defaultVariable(simulator.vendor()), simulator.secret()),
                all.toArray(String[]::new));
    }
}
