package io.penstock.benchmarks.scale;

import java.util.List;

/**
 * The results of {@link Scale}, stored as a JSON file.
 *
 * @param inFlight calls that are sent and have no response yet, on a transport without connections
 * @param waiting calls that wait at the gate
 * @param connected calls that are sent and have no response yet, each on a connection of its own
 * @param waits the time that callers wait for a quota, in virtual time
 */
public record Measurements(Memory inFlight, Memory waiting, Memory connected, List<Wait> waits) {

    /**
     * The memory of many equal objects.
     *
     * @param count the number of objects
     * @param heapBytes the heap bytes of each, after a collection
     * @param directBytes the bytes of each outside the heap
     */
    public record Memory(int count, double heapBytes, double directBytes) {}

    /**
     * The waits of callers at a published limit who arrive at random times (a Poisson process).
     *
     * @param limit a description of the limit
     * @param permits the number of calls that it allows per window
     * @param windowSeconds the length of the window
     * @param use the requested share of the quota
     * @param calls the number of calls
     * @param meanSeconds the mean wait
     * @param p50Seconds the median wait
     * @param p99Seconds the 99th percentile of the wait
     */
    public record Wait(
            String limit,
            int permits,
            double windowSeconds,
            double use,
            int calls,
            double meanSeconds,
            double p50Seconds,
            double p99Seconds) {

        /** Returns the mean rate, in calls per second. */
        public double rate() {
            return use * permits / windowSeconds;
        }
    }
}
