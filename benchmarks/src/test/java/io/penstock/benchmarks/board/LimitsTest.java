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
    void leavesOutWhatPlatformDoesNotTell() {
        assertThat(Limits.section(List.of(List.of(Cells.cores(1, 1, 1, Double.NaN)))))
                .contains(Goal.ABSENT)
                .doesNotContain("NaN");
    }
}
