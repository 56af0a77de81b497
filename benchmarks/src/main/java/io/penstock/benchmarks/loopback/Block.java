package io.penstock.benchmarks.loopback;

import java.util.List;

/**
 * A part of a run: one scenario with so many callers, for some contenders.
 *
 * @param warmUpMillis for each contender, before the first round
 * @param rounds in each of which every contender has one turn
 * @param settleMillis at the beginning of a turn, not measured
 * @param millis of a turn that are measured
 */
record Block(
        Scenario scenario,
        int concurrency,
        List<String> contenders,
        long warmUpMillis,
        int rounds,
        long settleMillis,
        long millis) {

    /** The same with times that many times as long. */
    Block scaled(double factor) {
        return new Block(
                scenario,
                concurrency,
                contenders,
                (long) (warmUpMillis * factor),
                rounds,
                (long) (settleMillis * factor),
                (long) (millis * factor));
    }
}
