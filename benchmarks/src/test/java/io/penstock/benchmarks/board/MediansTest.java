package io.penstock.benchmarks.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.penstock.benchmarks.loopback.Cell;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MediansTest {

    private static Medians of(String contender, List<Cell> cells) {
        return Medians.ofEach(cells).stream()
                .filter(row -> row.contender().equals(contender))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void dividesEachTurnByTheBasesTurnBeforeIt() {
        List<Cell> cells = new ArrayList<>();
        cells.addAll(Cells.pair("Penstock", 1, 100, 60, 0)); // the machine is slow in the first round
        cells.addAll(Cells.pair("Penstock", 2, 50, 30, 0));
        cells.addAll(Cells.pair("Penstock", 3, 50, 30, 0));

        Medians own = of("Penstock", cells);

        assertThat(own.toBase(Figure.CPU)).hasValue(0.6);
        assertThat(own.toBase(Figure.BYTES)).hasValue(0.4);
        assertThat(own.toBase(Figure.CALLS)).hasValue(1.5);
        assertThat(of(Cell.BASE, cells).toBase(Figure.CPU)).hasValue(1);
    }

    @Test
    void countsHalfOfRoundsWithLeastForeignCpu() {
        List<Cell> cells = new ArrayList<>();
        for (int round = 1; round <= 10; round++) {
            boolean quiet = round % 2 == 0;
            cells.addAll(Cells.pair("Penstock", round, 50, quiet ? 30 : 90, quiet ? 0.1 : 0.8));
        }

        Medians own = of("Penstock", cells);

        assertThat(own.counted()).isEqualTo(5);
        assertThat(own.rounds()).isEqualTo(10);
        assertThat(own.cpuMicros()).isEqualTo(30);
        assertThat(own.toBase(Figure.CPU)).hasValue(0.6);
    }

    @Test
    void countsForeignCpuOfTheBasesTurnToo() {
        List<Cell> cells = new ArrayList<>(List.of(
                Cells.cell(Cell.BASE, "Penstock", 1, 500, 1, 1, 1.5, 0),
                Cells.cell("Penstock", "Penstock", 1, 30, 1, 1, 0, 0)));
        cells.addAll(Cells.pair("Penstock", 2, 50, 30, 0.2));

        assertThat(of("Penstock", cells).toBase(Figure.CPU)).hasValue(0.6);
    }

    @Test
    void countsAllRoundsWherePlatformTellsNoCpuTime() {
        List<Cell> cells = new ArrayList<>();
        for (int round = 1; round <= 4; round++) {
            cells.addAll(Cells.pair("Penstock", round, 50, 30, Double.NaN));
        }

        assertThat(of("Penstock", cells).counted()).isEqualTo(4);
    }

    @Test
    void comparesContendersByWayOfTheBase() {
        List<Cell> cells = new ArrayList<>();
        cells.addAll(Cells.pair("Penstock", 1, 100, 60, 0)); // the machine is twice as slow as for the other pair
        cells.addAll(Cells.pair("Vert.x", 1, 50, 40, 0));

        assertThat(of("Penstock", cells).to(of("Vert.x", cells), Figure.CPU)).isCloseTo(0.75, within(1e-9));
    }

    @Test
    void comparesMediansWithoutABase() {
        List<Cell> cells = List.of(
                Cells.cell("Penstock", 1, 30, 1), Cells.cell("Vert.x", 1, 40, 1), Cells.cell(Cell.BASE, 1, 50, 1));

        assertThat(of("Penstock", cells).toBase(Figure.CPU)).isEmpty();
        assertThat(of(Cell.BASE, cells).toBase(Figure.CPU)).isEmpty();
        assertThat(of("Penstock", cells).to(of("Vert.x", cells), Figure.CPU)).isEqualTo(0.75);
    }

    @Test
    void computesMedian() {
        assertThat(Medians.median(List.of(9.0, 1.0, 2.0), Double::doubleValue)).isEqualTo(2);
        assertThat(Medians.median(List.of(9.0, 1.0, 2.0, 4.0), Double::doubleValue))
                .isEqualTo(3);
    }
}
