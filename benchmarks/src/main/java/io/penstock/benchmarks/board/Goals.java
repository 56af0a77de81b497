package io.penstock.benchmarks.board;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The goals of the project, compared with the measured values: a small GET, with 64 callers if it uses sockets. */
final class Goals {

    static final String PENSTOCK = "Penstock";
    static final String TUNED = "Reactor Netty, tuned";
    static final String REACTOR_NETTY = "Reactor Netty";
    static final String RESILIENT = "WebClient + Resilience4j";
    static final String AZURE = "azure-core";
    static final String ARMERIA = "Armeria";
    static final String SCENARIO = "get-small";
    static final int CALLERS = 64;

    private static final String TIMES = "%.2f ×";

    private final Results results;
    private final Costs costs;
    private final List<Goal> goals = new ArrayList<>();

    Goals(Results results) {
        this.results = results;
        this.costs = new Costs(results);
        withoutSocket("bytes per call of `whole`", 700, "%.0f B", JmhRow::bytes, costs::ofThePipelinesBytes);
        withoutSocket("time per call of `whole`", 400, "%.0f ns", JmhRow::nanos, costs::ofThePipelinesTime);
        decoded("bytes", JmhRow::bytes);
        decoded("time", JmhRow::nanos);
        cpu(TUNED, 1.05);
        most(
                "Sockets: bytes per call above " + TUNED,
                combined(medians(PENSTOCK), medians(TUNED), Medians::bytes, (own, other) -> own - other),
                700,
                "%+.0f B",
                costs::ofThePipelinesBytes);
        goals.add(new Goal(
                "Sockets: throughput to " + TUNED,
                ratio(medians(PENSTOCK), medians(TUNED), Medians::throughput),
                0.97,
                true,
                TIMES,
                costs::overSockets));
        // The second stage: lower cost than the transport has as most people use it.
        peer(REACTOR_NETTY, 1, 1);
        peer(RESILIENT, 0.62, 0.5);
        peer(AZURE, 0.85, 0.87);
        peer(ARMERIA, 0.85, 0.65);
    }

    List<Goal> all() {
        return goals;
    }

    private void withoutSocket(
            String text, double bound, String format, ToDoubleFunction<JmhRow> figure, Supplier<String> cost) {
        OptionalDouble measured = results.pipelineRow("whole")
                .map(row -> OptionalDouble.of(figure.applyAsDouble(row)))
                .orElse(OptionalDouble.empty());
        most("No socket, decoding excluded: " + text, measured, bound, format, cost);
    }

    private void decoded(String text, ToDoubleFunction<JmhRow> figure) {
        most(
                "No socket, decoding included: " + text + ", `wholeDecoded` to azure-core",
                ratio(results.pipelineRow("wholeDecoded"), results.pipelineRow("azureCoreDecoded"), figure),
                1,
                TIMES,
                costs::ofDecoding);
    }

    private void peer(String name, double cpu, double bytes) {
        cpu(name, cpu);
        overSockets("bytes per call to " + name, name, bytes, Medians::bytes);
    }

    private void cpu(String name, double bound) {
        overSockets("client CPU per call to " + name, name, bound, Medians::cpuMicros);
    }

    private void overSockets(String text, String name, double bound, ToDoubleFunction<Medians> figure) {
        most("Sockets: " + text, ratio(medians(PENSTOCK), medians(name), figure), bound, TIMES, costs::overSockets);
    }

    private void most(String text, OptionalDouble measured, double bound, String format, Supplier<String> cost) {
        goals.add(new Goal(text, measured, bound, false, format, cost));
    }

    private Optional<Medians> medians(String contender) {
        return results.medians(SCENARIO, CALLERS, contender);
    }

    static <T> OptionalDouble ratio(Optional<T> row, Optional<T> to, ToDoubleFunction<T> figure) {
        return combined(row, to, figure, (own, other) -> own / other);
    }

    private static <T> OptionalDouble combined(
            Optional<T> row, Optional<T> other, ToDoubleFunction<T> figure, DoubleBinaryOperator how) {
        return row.isEmpty() || other.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        how.applyAsDouble(figure.applyAsDouble(row.get()), figure.applyAsDouble(other.get())));
    }
}
