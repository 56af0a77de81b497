package io.penstock.benchmarks.board;

import io.penstock.benchmarks.loopback.Cell;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The medians over the rounds of one contender.
 *
 * @param contender its name
 * @param rounds how many there were
 * @param errors in all rounds: with any, the figures do not count
 */
record Medians(
        String contender,
        int rounds,
        double throughput,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        double cpuMicros,
        double bytes,
        long errors) {

    /** Of the rounds of one contender, in one scenario; empty if there are none. */
    static Optional<Medians> of(List<Cell> rounds) {
        if (rounds.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Medians(
                rounds.get(0).contender(),
                rounds.size(),
                median(rounds, Cell::throughputPerSecond),
                median(rounds, Cell::p50Micros),
                median(rounds, Cell::p99Micros),
                median(rounds, Cell::p999Micros),
                median(rounds, Cell::clientCpuMicrosPerCall),
                median(rounds, Cell::clientBytesPerCall),
                rounds.stream().mapToLong(Cell::errors).sum()));
    }

    /** The middle one; of an even number the mean of the two in the middle. */
    static <T> double median(List<T> all, ToDoubleFunction<T> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
