package io.penstock.benchmarks.board;

import io.penstock.benchmarks.loopback.Cell;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The medians over the rounds of one contender. Of its rounds, the half counts in which other processes used the least
 * CPU time.
 *
 * @param contender its name
 * @param counted the number of rounds that count
 * @param rounds the number of all rounds
 * @param errors the errors in all rounds; if there are any, the figures do not count
 * @param values the median of each figure
 * @param toBase the median of each figure's ratio to the base's turn before; empty if there is no base
 */
record Medians(
        String contender,
        int counted,
        int rounds,
        long errors,
        Map<Figure, Double> values,
        Map<Figure, Double> toBase) {

    /** A turn, and the turn of the base before it. */
    private record Round(Cell own, @Nullable Cell base) {

        double foreign() {
            return own.foreignCores() + (base == null ? 0 : base.foreignCores());
        }
    }

    /** Returns the medians of each contender in the cells of one scenario with one number of callers. */
    static List<Medians> ofEach(List<Cell> block) {
        return block.stream()
                .collect(Collectors.groupingBy(Cell::contender, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(cells -> of(
                        cells,
                        quietest(cells.stream()
                                .map(cell -> new Round(cell, before(cell, block)))
                                .toList())))
                .toList();
    }

    /** Returns the turn of the base before a turn, or null if there is none. */
    private static @Nullable Cell before(Cell own, List<Cell> block) {
        return block.stream()
                .filter(cell -> cell.contender().equals(Cell.BASE)
                        && !own.contender().equals(Cell.BASE)
                        && cell.pair().equals(own.contender())
                        && cell.round() == own.round())
                .findFirst()
                .orElse(null);
    }

    /** Returns the half of the rounds with the least foreign CPU time, or all where the platform does not tell it. */
    private static List<Round> quietest(List<Round> rounds) {
        return rounds.stream().anyMatch(round -> Double.isNaN(round.foreign()))
                ? rounds
                : rounds.stream()
                        .sorted(Comparator.comparingDouble(Round::foreign))
                        .limit((rounds.size() + 1) / 2)
                        .toList();
    }

    private static Medians of(List<Cell> all, List<Round> rounds) {
        Map<Figure, Double> values = new EnumMap<>(Figure.class);
        Map<Figure, Double> toBase = new EnumMap<>(Figure.class);
        String contender = all.get(0).contender();
        boolean isBase = all.stream().anyMatch(cell -> !cell.pair().equals(contender));
        boolean paired = rounds.stream().allMatch(round -> round.base != null && round.base.errors() == 0);
        for (Figure figure : Figure.values()) {
            values.put(figure, median(rounds, round -> figure.of(round.own)));
            if (paired) {
                toBase.put(figure, median(rounds, round -> figure.of(round.own) / figure.of(base(round))));
            } else if (isBase) {
                toBase.put(figure, 1.0);
            }
        }
        return new Medians(
                contender,
                rounds.size(),
                all.size(),
                all.stream().mapToLong(Cell::errors).sum(),
                values,
                toBase);
    }

    private static Cell base(Round round) {
        if (round.base == null) {
            throw new IllegalStateException("a round without its base: " + round);
        }
        return round.base;
    }

    double value(Figure figure) {
        return values.getOrDefault(figure, Double.NaN);
    }

    double cpuMicros() {
        return value(Figure.CPU);
    }

    double bytes() {
        return value(Figure.BYTES);
    }

    double throughput() {
        return value(Figure.CALLS);
    }

    /** Returns the median ratio of a figure to the base's in the turn before; empty if there is no base. */
    OptionalDouble toBase(Figure figure) {
        Double ratio = toBase.get(figure);
        return ratio == null ? OptionalDouble.empty() : OptionalDouble.of(ratio);
    }

    /**
     * Returns the ratio of a figure to another contender's: by way of the base where both were measured beside it, since
     * the machine may have changed between their turns.
     */
    double to(Medians other, Figure figure) {
        OptionalDouble own = toBase(figure);
        OptionalDouble others = other.toBase(figure);
        return own.isPresent() && others.isPresent()
                ? own.getAsDouble() / others.getAsDouble()
                : value(figure) / other.value(figure);
    }

    /** Returns the middle value, or the mean of the two middle values if their number is even. */
    static <T> double median(List<T> all, ToDoubleFunction<T> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
