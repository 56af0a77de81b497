package io.penstock.benchmarks.scale;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run of {@link Scale} measured, as a JSON file.
 *
 * @param surroundings machine and Java, in words
 * @param inFlight calls that are sent and have no answer yet, on a transport without connections
 * @param waiting calls that wait at the gate
 * @param connected calls that are sent and have no answer yet, each on a connection of its own
 * @param waits how long callers wait at a quota, in virtual time
 */
public record Measurements(String surroundings, Memory inFlight, Memory waiting, Memory connected, List<Wait> waits) {

    /**
     * The memory of many of the same.
     *
     * @param count how many there were
     * @param heapBytes of each, after a collection
     * @param directBytes of each, outside the heap
     */
    public record Memory(int count, double heapBytes, double directBytes) {}

    /**
     * Callers at a published limit, who come at random times (a Poisson process).
     *
     * @param limit the limit, in words
     * @param permits how many calls it allows
     * @param windowSeconds in what time
     * @param use the share of the quota that is asked for
     * @param calls how many came
     * @param meanSeconds how long one waited, on average
     * @param p50Seconds half waited at most that long
     * @param p99Seconds 99 of 100 did
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

        /** Calls in a second, on average. */
        public double rate() {
            return use * permits / windowSeconds;
        }
    }

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Reads what {@link #write} wrote. */
    public static Measurements read(Path file) {
        return JSON.readValue(file, Measurements.class);
    }

    void write(Path file) {
        JSON.writeValue(file, this);
    }
}
