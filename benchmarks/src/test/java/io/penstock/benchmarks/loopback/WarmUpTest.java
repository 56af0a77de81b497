package io.penstock.benchmarks.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    private final WarmUp warmUp = new WarmUp(2_000, 20);

    private static Cell turn(double client, double server) {
        return new Cell("get-small", "Penstock", "Penstock", 64, 0, 1, 1, 1, 1, 1, client, 1, server, 0, 0, 0, 0);
    }

    private int turnsUntilOver(double... clientCosts) {
        List<Cell> turns = new ArrayList<>();
        for (double cost : clientCosts) {
            if (warmUp.isOver(turns)) {
                break;
            }
            turns.add(turn(cost, 20));
        }
        return turns.size();
    }

    @Test
    void endsOnceCostNoLongerFalls() {
        assertThat(turnsUntilOver(300, 120, 80, 60, 60, 59, 60, 60, 60)).isEqualTo(7);
    }

    @Test
    void goesOnWhileCostFalls() {
        assertThat(turnsUntilOver(300, 120, 80, 70, 65, 60, 57, 54, 50)).isEqualTo(9);
    }

    @Test
    void isNotMisledByOneSlowTurn() {
        assertThat(turnsUntilOver(300, 60, 90, 55, 50, 50, 50, 50)).isEqualTo(8);
    }

    @Test
    void waitsForTheServerToo() {
        List<Cell> turns = new ArrayList<>(List.of(turn(60, 40), turn(60, 40), turn(60, 30), turn(60, 25)));
        assertThat(warmUp.isOver(turns)).isFalse();

        turns.addAll(List.of(turn(60, 25), turn(60, 25), turn(60, 25)));
        assertThat(warmUp.isOver(turns)).isTrue();
    }

    @Test
    void endsAfterMostTurnsInAnyCase() {
        List<Cell> turns = new ArrayList<>();
        for (double cost = 1000; !warmUp.isOver(turns); cost *= 0.9) {
            turns.add(turn(cost, 20));
        }

        assertThat(turns).hasSize(20);
        assertThat(warmUp.longestMillis()).isEqualTo(40_000);
    }
}
