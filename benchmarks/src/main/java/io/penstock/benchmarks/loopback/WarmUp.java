package io.penstock.benchmarks.loopback;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A warm-up in turns, until the cost of a call settles. On two cores, one of them the server's, the compiler needs up to
 * half a minute, and clients differ in it.
 *
 * @param turnMillis the time of a turn
 * @param most the number of turns after which it is over in any case
 */
record WarmUp(long turnMillis, int most) {

    /** The number of turns in which no cost may fall any more. */
    static final int STEADY = 3;

    /** The share by which a cost has to fall to count as falling. Noise only raises costs: their minimum is compared. */
    private static final double GAIN = 0.03;

    /** Returns whether the client's and the server's CPU time per call have settled, or the turns are used up. */
    boolean isOver(List<Cell> turns) {
        return turns.size() >= most
                || (isSteady(turns, Cell::clientCpuMicrosPerCall) && isSteady(turns, Cell::serverCpuMicrosPerCall));
    }

    private static boolean isSteady(List<Cell> turns, ToDoubleFunction<Cell> cost) {
        int before = turns.size() - STEADY;
        return before > 0
                && least(turns.subList(before, turns.size()), cost)
                        >= (1 - GAIN) * least(turns.subList(0, before), cost);
    }

    private static double least(List<Cell> turns, ToDoubleFunction<Cell> cost) {
        return turns.stream().mapToDouble(cost).min().orElseThrow();
    }

    long longestMillis() {
        return turnMillis * most;
    }
}
