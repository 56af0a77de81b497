package io.penstock.benchmarks.loopback;

/**
 * The figures of one contender in one round of one scenario.
 *
 * @param scenario the name of the scenario, such as {@code get-small}
 * @param contender the name of the contender
 * @param concurrency the number of callers, each with one call under way at any time
 * @param round the round, from 1; contenders take turns within a round
 * @param calls the number of successful calls within the measured time
 * @param seconds the measured time
 * @param p50Micros the median duration of a call
 * @param p99Micros the 99th percentile of the duration
 * @param p999Micros the 99.9th percentile of the duration
 * @param clientCpuMicrosPerCall the CPU time of the client's process per call, including all threads of the JVM
 * @param clientBytesPerCall the bytes per call that all Java threads of the client allocated
 * @param errors the number of calls that failed or had an unexpected response; if there are any, the figures do not
 *     count
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

    /** Returns the calls per second. */
    public double throughputPerSecond() {
        return calls / seconds;
    }
}
