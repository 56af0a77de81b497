package io.penstock.benchmarks.loopback;

/**
 * One contender in one round of one scenario.
 *
 * @param scenario by its name, such as {@code get-small}
 * @param contender by its name
 * @param concurrency callers, each with one call under way at any time
 * @param round from 1; contenders take turns within a round
 * @param calls answered well within the measured time
 * @param seconds the measured time
 * @param p50Micros half of the calls took at most that long
 * @param p99Micros 99 of 100 did
 * @param p999Micros 999 of 1000 did
 * @param clientCpuMicrosPerCall the CPU time of the client's process, all threads of the JVM included, by calls
 * @param clientBytesPerCall what all its Java threads allocated, by calls
 * @param errors calls that failed or whose answer was not the expected one; with any, the figures do not count
 */
public record Cell(
        String scenario,
        String contender,
        int concurrency,
        int round,
        long calls,
        double seconds,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        double clientCpuMicrosPerCall,
        double clientBytesPerCall,
        long errors) {

    /** Calls in a second. */
    public double throughputPerSecond() {
        return calls / seconds;
    }
}
