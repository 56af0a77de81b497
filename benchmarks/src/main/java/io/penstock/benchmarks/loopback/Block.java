package io.penstock.benchmarks.loopback;

import java.util.List;

/**
 * A part of a run: one scenario with a number of callers, for some contenders.
 *
 * @param warmUpMillis the warm-up time of each contender before the first round
 * @param rounds the number of rounds; each contender has one turn per round
 * @param settleMillis the time at the beginning of a turn that is not measured
 * @param millis the measured time of a turn
 */
record Block(
        Scenario scenario,
        int concurrency,
        List<String> contenders,
        long warmUpMillis,
        int rounds,
        long settleMillis,
        long millis) {

    /** Returns the turn of a contender before the first round. */
    Turn warmUp(String contender) {
        return new Turn(contender, scenario, concurrency, 0, 0, warmUpMillis);
    }

    Turn turn(String contender, int round) {
        return new Turn(contender, scenario, concurrency, round, settleMillis, millis);
    }
}
