package io.penstock.benchmarks.loopback;

/**
 * A turn of one contender, as its process is asked for it.
 *
 * @param settleMillis the time at the beginning that is not measured
 * @param millis the measured time
 */
record Turn(String contender, Scenario scenario, int concurrency, int round, long settleMillis, long millis) {}
