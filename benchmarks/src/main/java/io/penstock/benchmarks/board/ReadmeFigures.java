package io.penstock.benchmarks.board;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The README's paragraph on the cost of Penstock: ratios and the command that measures them. */
final class ReadmeFigures {

    private ReadmeFigures() {}

    static String of(Results results) {
        List<Goal> goals = new Goals(results).all();
        long met = goals.stream().filter(Goal::met).count();
        long absent = goals.stream().filter(goal -> goal.measured().isEmpty()).count();
        return """
                What a call costs, next to what people would use instead, in one run (a small GET over sockets, 64 callers, medians of
                alternating rounds). Penstock's client CPU, bytes and calls/s, as multiples of theirs:

                | beside | client CPU | bytes | calls/s |
                |---|---|---|---|
                %s
                Without a socket the whole pipeline takes %s per call, decoding excluded. Of %d goals %d are met%s;
                [docs/benchmarks.md](docs/benchmarks.md) shows every figure, also where others do better, and
                [docs/scale.md](docs/scale.md) what follows for size. Both are written by this command, and so is this paragraph:

                ```sh
                %s
                ```
                """.formatted(
                        Stream.of(
                                        Goals.TUNED,
                                        Goals.REACTOR_NETTY,
                                        CellGoals.AHC,
                                        CellGoals.VERTX,
                                        Goals.RESILIENT,
                                        Goals.AZURE,
                                        Goals.ARMERIA)
                                .map(name -> row(results, name))
                                .collect(Collectors.joining()),
                        results.pipelineRow("whole")
                                .map(row -> String.format(Locale.ROOT, "%.0f B and %.0f ns", row.bytes(), row.nanos()))
                                .orElse("(" + Goal.ABSENT + ")"),
                        goals.size(),
                        met,
                        absent == 0 ? "" : ", " + absent + " are not measured",
                        BoardPage.COMMAND + "short");
    }

    private static String row(Results results, String contender) {
        return Stream.of(Figure.CPU, Figure.BYTES, Figure.CALLS)
                .map(figure -> times(results, contender, figure))
                .collect(Collectors.joining(" | ", "| " + contender + " | ", " |\n"));
    }

    private static String times(Results results, String contender, Figure figure) {
        OptionalDouble ratio = results.ratio(Goals.SCENARIO, Goals.CALLERS, Goals.PENSTOCK, contender, figure);
        return ratio.isEmpty() ? Goal.ABSENT : String.format(Locale.ROOT, "%.2f ×", ratio.getAsDouble());
    }
}
