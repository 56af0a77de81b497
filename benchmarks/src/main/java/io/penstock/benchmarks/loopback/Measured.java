package io.penstock.benchmarks.loopback;

import org.HdrHistogram.Histogram;
import tools.jackson.databind.json.JsonMapper;

/** The figures of a cell, as the client's process prints them in one line. */
record Measured(
        long calls,
        double seconds,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        double cpuMicrosPerCall,
        double bytesPerCall,
        long errors) {

    private static final JsonMapper JSON = new JsonMapper();

    static Measured of(Histogram latencies, Meter.Reading start, Meter.Reading end, long errors) {
        long calls = latencies.getTotalCount();
        double divisor = Math.max(calls, 1);
        return new Measured(
                calls,
                (end.nanos() - start.nanos()) / 1e9,
                latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3,
                latencies.getValueAtPercentile(99.9) / 1e3,
                (end.cpuNanos() - start.cpuNanos()) / 1e3 / divisor,
                end.bytesSince(start) / divisor,
                errors);
    }

    Cell cell(String scenario, String contender, int concurrency, int round) {
        return new Cell(
                scenario,
                contender,
                concurrency,
                round,
                calls,
                seconds,
                p50Micros,
                p99Micros,
                p999Micros,
                cpuMicrosPerCall,
                bytesPerCall,
                errors);
    }

    String line() {
        return JSON.writeValueAsString(this);
    }

    static Measured of(String line) {
        return JSON.readValue(line, Measured.class);
    }
}
