package io.penstock.benchmarks.board;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Explanations of where a cost arises, computed from measured rows only. */
final class Costs {

    private static final int LARGEST = 4;

    private final Results results;

    Costs(Results results) {
        this.results = results;
    }

    String ofThePipelinesBytes() {
        return largest(JmhRow::bytes, "B");
    }

    String ofThePipelinesTime() {
        return largest(JmhRow::nanos, "ns");
    }

    /** Returns the costs of the most expensive operators above the stub, the largest first. */
    private String largest(ToDoubleFunction<JmhRow> figure, String unit) {
        Optional<JmhRow> stub = results.pipelineRow("stub");
        if (stub.isEmpty()) {
            return Goal.ABSENT;
        }
        double floor = figure.applyAsDouble(stub.get());
        List<JmhRow> operators = results.pipeline().stream()
                .filter(row ->
                        row.method().startsWith("operator") && !row.method().equals("operatorDecoding"))
                .sorted(Comparator.comparingDouble(figure).reversed())
                .limit(LARGEST)
                .toList();
        return String.format(Locale.ROOT, "`stub`, which every row contains: %.0f %s; above it ", floor, unit)
                + operators.stream()
                        .map(row -> String.format(
                                Locale.ROOT, "`%s` %.0f %s", row.method(), figure.applyAsDouble(row) - floor, unit))
                        .collect(Collectors.joining(", "));
    }

    String ofDecoding() {
        return difference("wholeDecoded", "whole", "decoding")
                + "; the JSON library alone on a body of that size: "
                + alone("SMALL");
    }

    private String alone(String size) {
        return results.decode().stream()
                .filter(row -> row.method().equals("objectReader")
                        && row.params().containsValue(size)
                        && row.params().containsValue("BARE"))
                .findFirst()
                .map(row -> String.format(Locale.ROOT, "%.0f B, %.0f ns", row.bytes(), row.nanos()))
                .orElse(Goal.ABSENT);
    }

    /** Returns the cost of a page above a small body, beside the JSON library alone on a page. */
    String ofPages() {
        return difference("wholePage", "whole", "decoding") + "; the JSON library alone on a page: " + alone("KB8");
    }

    String overSockets() {
        return difference("whole", "stub", "the pipeline without a socket, decoding excluded") + "; "
                + difference("wholeDecoded", "whole", "decoding");
    }

    private String difference(String row, String less, String name) {
        Optional<JmhRow> more = results.pipelineRow(row);
        Optional<JmhRow> floor = results.pipelineRow(less);
        if (more.isEmpty() || floor.isEmpty()) {
            return name + ": " + Goal.ABSENT;
        }
        return String.format(
                Locale.ROOT,
                "%s: %.0f B, %.0f ns",
                name,
                more.get().bytes() - floor.get().bytes(),
                more.get().nanos() - floor.get().nanos());
    }
}
