package io.penstock.benchmarks.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.benchmarks.loopback.Cell;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsTest {

    private static String limit(Cell cell) {
        return Limits.of(Medians.ofEach(List.of(cell)).get(0));
    }

    @Test
    void namesWhatIsUsedUp() {
        assertThat(limit(Cells.cores(1.3, 0.7, 0.65, 0.05))).isEqualTo("CPU");
        assertThat(limit(Cells.cores(0.8, 0.4, 0.97, 0.2))).isEqualTo("server");
        assertThat(limit(Cells.cores(1.05, 0.96, 0.4, 0.5))).isEqualTo("one thread");
        assertThat(limit(Cells.cores(0.5, 0.3, 0.4, 1.1))).isEqualTo("waiting");
    }

    @Test
    void showsCoresOfEachSide() {
        assertThat(Limits.section(List.of(List.of(Cells.cores(1.05, 0.96, 0.4, 0.5)))))
                .contains(
                        "| get-small, 64 callers | Penstock | 10000 | 1.05 | 0.96 | 0.40 | 0.00 | 0.50 | one thread |");
    }

    @Test
    void explainsCallsPerSecondOfPages() {
        assertThat(Limits.section(List.of(Cells.pages(1_000, 3_000, 1.7, 0.05))))
                .contains("In this run: 3.00 × the calls/s at 0.60 × the CPU per call, 1.80 × the work."
                        + " Only 0.05 cores were idle; the server used 0.12 cores, other processes 1.70: calls/s end with the"
                        + " CPU time.");
        assertThat(Limits.section(List.of(Cells.pages(1_000, 3_000, 0, 1.75))))
                .contains("1.75 cores were idle and no thread was full: client and server wait for each other.");
        assertThat(Limits.section(List.of(Cells.pages(1_000, 25_000, 0, 0.2))))
                .contains("The server's only loop used 1.00 of a core: a faster client gets no more answers.");
        assertThat(Limits.section(List.of(Cells.pair("Penstock", 1, 50, 30, 0))))
                .contains("In this run: " + Goal.ABSENT + ".");
    }

    @Test
    void leavesOutWhatPlatformDoesNotTell() {
        assertThat(Limits.section(List.of(List.of(Cells.cores(1, 1, 1, Double.NaN)))))
                .contains(Goal.ABSENT)
                .doesNotContain("NaN");
    }
}
