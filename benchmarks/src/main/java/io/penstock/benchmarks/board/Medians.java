package io.penstock.benchmarks.board;

import io.penstock.benchmarks.loopback.Cell;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The medians over the rounds of one contender.
 *
 * @param contender its name
 * @param rounds the number of rounds
 * @param errors the errors in all rounds; if there are any, the figures do not count
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

    /** Returns the medians of each contender in the cells of one scenario with one number of callers. */
    static List<Medians> ofEach(List<Cell> block) {
        return block.stream()
                .collect(Collectors.groupingBy(Cell::contender, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(Medians::of)
                .toList();
    }

    /** Returns the medians of one contender's rounds in one scenario. */
    private static Medians of(List<Cell> rounds) {
        return new Medians(
                rounds.get(0).contender(),
                rounds.size(),
                median(rounds, Cell::throughputPerSecond),
                median(rounds, Cell::p50Micros),
                median(rounds, Cell::p99Micros),
                median(rounds, Cell::p999Micros),
                median(rounds, Cell::clientCpuMicrosPerCall),
                median(rounds, Cell::clientBytesPerCall),
                rounds.stream().mapToLong(Cell::errors).sum());
    }

    /** Returns the middle value, or the mean of the two middle values if their number is even. */
    static <T> double median(List<T> all, ToDoubleFunction<T> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
