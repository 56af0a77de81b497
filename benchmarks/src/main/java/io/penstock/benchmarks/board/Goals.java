package io.penstock.benchmarks.board;

import io.penstock.benchmarks.coldstart.ColdStart;
import io.penstock.benchmarks.coldstart.FirstAnswers;
import io.penstock.benchmarks.coldstart.FirstAnswers.Program;
import io.penstock.benchmarks.loopback.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The goals of the project, compared with the measured values. */
final class Goals {

    static final String PENSTOCK = "Penstock";
    static final String TUNED = Cell.BASE;
    static final String REACTOR_NETTY = "Reactor Netty";
    static final String RESILIENT = "WebClient + Resilience4j";
    static final String AZURE = "azure-core";
    static final String ARMERIA = "Armeria";
    static final String SCENARIO = "get-small";
    static final int CALLERS = 64;

    private static final String TIMES = "%.2f ×";
    private static final String NANOS = "%.0f ns";
    private static final String BYTES = "%.0f B";

    private final Results results;
    private final Costs costs;
    private final List<Goal> goals = new ArrayList<>();

    Goals(Results results) {
        this.results = results;
        this.costs = new Costs(results);
        withoutSocket("decoding excluded", "whole", 650, 450, costs::ofThePipelinesBytes, costs::ofThePipelinesTime);
        withoutSocket("a small record decoded", "wholeDecoded", 2_000, 900, costs::ofDecoding, costs::ofDecoding);
        withoutSocket("an 8 kB page decoded", "wholePage", 28_000, 15_000, costs::ofPages, costs::ofPages);
        decoded("bytes", JmhRow::bytes);
        decoded("time", JmhRow::nanos);
        // A small GET over sockets, 64 callers, beside the transport as most people use it and other libraries.
        peer(REACTOR_NETTY, 1, 1);
        peer(AZURE, 0.85, 0.87);
        peer(ARMERIA, 0.85, 0.65);
        overSockets("bytes per call to " + RESILIENT, RESILIENT, 0.5, Figure.BYTES);
        coldStart();
    }

    /** Returns every goal. */
    List<Goal> all() {
        Stream<Goal> cells = CellGoals.ALL.stream()
                .flatMap(cell -> Stream.of(
                                cell.besideBase(results, costs::overSockets),
                                besideLeanest(cell, CellGoals.AHC),
                                besideLeanest(cell, CellGoals.VERTX),
                                List.of(cell.besideStack(results, costs::overSockets)))
                        .flatMap(List::stream));
        return Stream.concat(goals.stream(), cells).toList();
    }

    private List<Goal> besideLeanest(CellGoals cell, String peer) {
        return cell.besideLeanest(peer, results, costs::overSockets);
    }

    /** Returns the tables of all goals. */
    String tables() {
        return """
                | goal | bound | measured | | where the cost sits |
                |---|---|---|---|---|
                """ + goals.stream().map(Goal::row).collect(Collectors.joining())
                + """

                Over sockets, as multiples of raw Reactor Netty with Jackson ("%s") seconds before:

                | cell | client CPU | bytes | calls/s |
                |---|---|---|---|
                %s
                As multiples of the leanest clients, which have neither gate nor retry nor circuit breaker, and of a stack that has them:

                | cell | beside | client CPU | bytes | p99 |
                |---|---|---|---|---|
                %s
                """.formatted(
                                TUNED,
                                CellGoals.ALL.stream()
                                        .map(cell -> row(cell.title(), cell.besideBase(results, costs::overSockets)))
                                        .collect(Collectors.joining()),
                                CellGoals.ALL.stream().map(this::besidePeers).collect(Collectors.joining()))
                + "Where the cost of a call over sockets sits: " + costs.overSockets() + ".\n";
    }

    private String besidePeers(CellGoals cell) {
        return CellGoals.LEANEST.stream()
                        .map(peer -> row(cell.title() + " | " + peer, besideLeanest(cell, peer)))
                        .collect(Collectors.joining())
                + row(cell.title() + " | " + RESILIENT, List.of(cell.besideStack(results, costs::overSockets)))
                        .replaceFirst("\n$", "  |  |\n");
    }

    private static String row(String title, List<Goal> row) {
        return row.stream().map(Goal::entry).collect(Collectors.joining(" | ", "| " + title + " | ", " |\n"));
    }

    private void withoutSocket(
            String text, String row, double bytes, double nanos, Supplier<String> byBytes, Supplier<String> byTime) {
        Optional<JmhRow> measured = results.pipelineRow(row);
        most(noSocket(text, "bytes", row), figure(measured, JmhRow::bytes), bytes, BYTES, byBytes);
        most(noSocket(text, "time", row), figure(measured, JmhRow::nanos), nanos, NANOS, byTime);
    }

    private static String noSocket(String text, String figure, String row) {
        return String.format(Locale.ROOT, "No socket, %s: %s per call of `%s`", text, figure, row);
    }

    private static OptionalDouble figure(Optional<JmhRow> row, ToDoubleFunction<JmhRow> figure) {
        return row.map(one -> OptionalDouble.of(figure.applyAsDouble(one))).orElse(OptionalDouble.empty());
    }

    private void decoded(String text, ToDoubleFunction<JmhRow> figure) {
        OptionalDouble own = figure(results.pipelineRow("wholeDecoded"), figure);
        OptionalDouble other = figure(results.pipelineRow("azureCoreDecoded"), figure);
        most(
                "No socket, decoding included: " + text + ", `wholeDecoded` to azure-core",
                own.isEmpty() || other.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(own.getAsDouble() / other.getAsDouble()),
                1,
                TIMES,
                costs::ofDecoding);
    }

    private void peer(String name, double cpu, double bytes) {
        overSockets("client CPU per call to " + name, name, cpu, Figure.CPU);
        overSockets("bytes per call to " + name, name, bytes, Figure.BYTES);
    }

    private void overSockets(String text, String name, double bound, Figure figure) {
        most(
                "Sockets, small GET, 64 callers: " + text,
                results.ratio(SCENARIO, CALLERS, PENSTOCK, name, figure),
                bound,
                TIMES,
                costs::overSockets);
    }

    private void coldStart() {
        FirstAnswers measured = results.coldStart();
        OptionalDouble own = ColdStartTable.answer(measured, ColdStart.PENSTOCK);
        OptionalDouble base = ColdStartTable.answer(measured, ColdStart.REACTOR_NETTY);
        most(
                "Cold start: start to first answer, to Reactor Netty with Jackson",
                own.isEmpty() || base.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(own.getAsDouble() / base.getAsDouble()),
                1.1,
                TIMES,
                () -> "see the CPU time under \"Cold start\"");
        Optional<Program> program = measured == null
                ? Optional.empty()
                : measured.programs().stream()
                        .filter(one -> one.name().equals(ColdStart.PENSTOCK))
                        .findFirst();
        most("Runtime class path: jars", size(program, Program::jars), 35, "%.0f", () -> "see \"Cold start\"");
        most(
                "Runtime class path: size",
                size(program, one -> one.bytes() / 1e6),
                14.5,
                "%.1f MB",
                () -> "see \"Cold start\"");
    }

    private static OptionalDouble size(Optional<Program> program, ToDoubleFunction<Program> figure) {
        return program.map(one -> OptionalDouble.of(figure.applyAsDouble(one))).orElse(OptionalDouble.empty());
    }

    private void most(String text, OptionalDouble measured, double bound, String format, Supplier<String> cost) {
        goals.add(new Goal(text, measured, bound, false, format, cost));
    }

    /** Returns the goals outside the tables of cells. */
    List<Goal> general() {
        return goals;
    }
}
