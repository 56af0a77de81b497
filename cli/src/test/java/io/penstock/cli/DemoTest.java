package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.Simulators;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class DemoTest {

    private static String normalised(String output) {
        // After a refusal the next calls pass one by one: a call that comes a moment later does not wait.
        return output.replaceAll(" *note: attempt \\d waited \\d+(\\.\\d+)? m?s at the gate \\(key\\)\\R", "")
                .replaceAll("(scn|req)_[0-9A-Z]+", "$1_…")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:…")
                .replaceAll("\\d+(\\.\\d+)? (ms|s)\\b", "… s")
                .replaceAll("\\+… s +", "+… s ");
    }

    @Test
    void playsEverySceneAsAnnouncedAndAsReadmeShows() throws IOException {
        Run run = Run.of("demo");

        assertThat(run.code()).as(run.out()).isZero();
        assertThat(run.err()).isEmpty();
        String output = normalised(run.out());
        assertThat(output.lines().filter(line -> line.matches("\\d+\\. .*")).toList())
                .isEqualTo(List.of(
                        "1. A call that succeeds",
                        "2. 429 with Retry-After: 2: the hint is obeyed, then success",
                        "3. 503 without a hint: backoff, then success",
                        "4. A POST with a key meets a 503, then a reset after the server acted: one effect",
                        "5. The same POST without a key meets the reset: sent once, and said that it may have acted",
                        "6. A wrong key: refused at once, not retried",
                        "7. An invalid order: refused at once, not retried",
                        "8. The key of scene 4 again: the same scan, still one effect",
                        "9. Invicti: 503 with the wait in its body: obeyed, then success",
                        "10. Picus: the access token dies: another is exchanged, and the call repeated once",
                        "11. IXON: a mandatory header is missing: the error names it",
                        "12. Infraon: a failure inside a 200 is a failure"));
        assertThat(output)
                .contains("   200 after 1 attempt\n")
                .contains("   200 after 2 attempts\n")
                .contains("   200 after 3 attempts; 1 effect, scan scn_…\n")
                .contains("   CONNECTION_LOST, MAYBE_PROCESSED after 1 attempt: ")
                .contains("   AUTHENTICATION, REJECTED after 1 attempt: ")
                .contains("   VALIDATION, REJECTED after 1 attempt: ")
                .contains("   200 after 1 attempt; 1 effect, scan scn_…\n")
                .contains("     POST /v1/scans  key=nightly/2026-11-20  3 attempts  … s  → 200\n")
                .contains("wait … s, send again (the server did not act; server's hint)")
                .endsWith("All 12 scenarios passed. Pentify: 6 POSTs arrived and had 2 effects: 1 for the key"
                        + " nightly/2026-11-20, 1 for the one without a key.\n")
                .doesNotContain("NOT AS ANNOUNCED");
        // Only Pentify's scenes wait for the connection to come back before they begin.
        assertThat(reuse(output)).startsWith("-rrrrrr-r--r");
        assertThat(withoutReuse(output))
                .isEqualTo(
                        withoutReuse(normalised(String.join("\n", ReadmeTest.block("docs/demo.md", "demo output")))));
    }

    private static List<String> withoutReuse(String output) {
        return output.lines()
                .map(line -> line.replace("   reused connection", ""))
                .toList();
    }

    /** Marks the attempts that reused a connection: the first of a client and the one after a reset do not. */
    private static String reuse(String output) {
        return output.lines()
                .filter(line -> line.startsWith("       #"))
                .map(line -> line.contains("reused connection") ? "r" : "-")
                .collect(Collectors.joining());
    }

    @Test
    void reportsSceneThatDiffers() {
        StringWriter out = new StringWriter();
        try (Simulator simulator = Simulators.start("pentify", 0)) {
            simulator.faults().on("GET", "/v1/usage", Fault.status(404));

            assertThat(new Demo(simulator, new PrintWriter(out)).run(1)).isFalse();
        }
        assertThat(out.toString())
                .contains("NOT AS ANNOUNCED: status 0 (announced: 200)")
                .contains("0 of 1 scenarios passed.");
    }
}
