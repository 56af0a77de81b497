package io.penstock.benchmarks.loopback;

/**
 * A turn of one contender, as its process is asked for it.
 *
 * @param pair the contender that the turn is made for: the base has a turn before each turn of another
 * @param settleMillis the time at the beginning that is not measured
 * @param millis the measured time
 */
record Turn(
        String contender, String pair, Scenario scenario, int concurrency, int round, long settleMillis, long millis) {}
