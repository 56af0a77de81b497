package io.penstock.benchmarks.loopback;

import io.penstock.benchmarks.Json;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The figures of one contender in one round of one scenario.
 *
 * @param scenario the name of the scenario, such as {@code get-small}
 * @param contender the name of the contender
 * @param pair the contender that the turn was made for: the base has a turn before each turn of another contender, and
 *     otherwise this is the contender itself
 * @param concurrency the number of callers, each with one call under way at any time
 * @param round the round, from 1; contenders take turns within a round
 * @param calls the number of successful calls within the measured time
 * @param seconds the measured time
 * @param p50Micros the median duration of a call
 * @param p99Micros the 99th percentile of the duration
 * @param p999Micros the 99.9th percentile of the duration
 * @param clientCpuMicrosPerCall the CPU time of the client's process per call, including all threads of the JVM
 * @param clientBytesPerCall the bytes per call that all Java threads of the client allocated
 * @param serverCpuMicrosPerCall the CPU time of the server's process per call
 * @param busiestThread the cores that the client's busiest thread used: 1 is all that a thread can have
 * @param foreignCores the cores that other processes used; NaN where the platform does not tell
 * @param idleCores the cores that were idle; NaN where the platform does not tell
 * @param errors the number of calls that failed or had an unexpected response; if there are any, the figures do not
 *     count
 */
public record Cell(
        String scenario,
        String contender,
        String pair,
        int concurrency,
        int round,
        long calls,
        double seconds,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        double clientCpuMicrosPerCall,
        double clientBytesPerCall,
        double serverCpuMicrosPerCall,
        double busiestThread,
        double foreignCores,
        double idleCores,
        long errors) {

    /** The contender with a turn before each turn of another one: raw Reactor Netty with Jackson at its best. */
    public static final String BASE = "Reactor Netty, tuned";

    /** Reads the rounds that a run wrote. */
    public static List<Cell> readAll(Path file) {
        return List.of(Json.read(file, Cell[].class));
    }

    /** Returns the figures of a turn whose begin and end have been read. */
    static Cell of(Turn turn, Histogram latencies, Meter.Reading start, Meter.Reading end, long errors) {
        long calls = latencies.getTotalCount();
        double divisor = Math.max(calls, 1);
        double nanos = end.nanos() - start.nanos();
        double client = end.cpuNanos() - start.cpuNanos();
        double server = end.machine().serverNanos() - start.machine().serverNanos();
        double busy = end.machine().busyNanos() - start.machine().busyNanos();
        return new Cell(
                turn.scenario().title(),
                turn.contender(),
                turn.pair(),
                turn.concurrency(),
                turn.round(),
                calls,
                nanos / 1e9,
                latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3,
                latencies.getValueAtPercentile(99.9) / 1e3,
                client / 1e3 / divisor,
                end.bytesSince(start) / divisor,
                server / 1e3 / divisor,
                end.busiestSince(start) / nanos,
                (busy - client - server) / nanos,
                (end.machine().idleNanos() - start.machine().idleNanos()) / nanos,
                errors);
    }

    /** Returns the calls per second. */
    public double throughputPerSecond() {
        return calls / seconds;
    }
}
