package io.penstock.benchmarks.board;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The goals of one scenario with one number of callers.
 *
 * @param title the text for display
 * @param scenario the scenario
 * @param callers the number of callers
 * @param cpu the bound of the client's CPU time per call, as a multiple of the base's
 * @param bytes the bound of the bytes per call, as a multiple of the base's
 * @param calls the bound of the calls per second, as a multiple of the base's
 */
record CellGoals(String title, String scenario, int callers, double cpu, double bytes, double calls) {

    /** The goals beside raw Reactor Netty with Jackson. */
    static final List<CellGoals> ALL = List.of(
            new CellGoals("small GET, 64 callers", "get-small", 64, 0.67, 0.40, 1.4),
            new CellGoals("POST, 64 callers", "post", 64, 0.67, 0.48, 1.3),
            new CellGoals("8 kB page, 64 callers", "get-collection", 64, 0.85, 0.80, 1.1),
            new CellGoals("small GET, 1 caller", "get-small", 1, 1.0, 0.40, 0.9),
            new CellGoals("small GET, 512 callers", "get-small", 512, 0.79, 0.40, 1.1));

    static final String AHC = "async-http-client";
    static final String VERTX = "Vert.x";

    /** The clients that Penstock is to be no slower than in any cell. */
    static final List<String> LEANEST = List.of(AHC, VERTX);

    private static final String TIMES = "%.2f ×";

    /** Returns the goals beside the base: CPU time, bytes, calls per second. */
    List<Goal> besideBase(Results results, Supplier<String> cost) {
        return List.of(
                most(results, Goals.TUNED, Figure.CPU, cpu, cost),
                most(results, Goals.TUNED, Figure.BYTES, bytes, cost),
                new Goal(
                        title + ": calls/s to " + Goals.TUNED,
                        results.ratio(scenario, callers, Goals.PENSTOCK, Goals.TUNED, Figure.CALLS),
                        calls,
                        true,
                        TIMES,
                        cost));
    }

    /** Returns the goals beside one of the {@link #LEANEST}: CPU time, bytes, 99th percentile. */
    List<Goal> besideLeanest(String peer, Results results, Supplier<String> cost) {
        return List.of(
                most(results, peer, Figure.CPU, 1, cost),
                most(results, peer, Figure.BYTES, 0.8, cost),
                most(results, peer, Figure.P99, 1, cost));
    }

    /** Returns the goal beside a stack of several libraries that does about as much. */
    Goal besideStack(Results results, Supplier<String> cost) {
        return most(results, Goals.RESILIENT, Figure.CPU, 0.45, cost);
    }

    private Goal most(Results results, String peer, Figure figure, double bound, Supplier<String> cost) {
        return new Goal(
                title + ": " + figure.name().toLowerCase(Locale.ROOT) + " to " + peer,
                results.ratio(scenario, callers, Goals.PENSTOCK, peer, figure),
                bound,
                false,
                TIMES,
                cost);
    }
}
