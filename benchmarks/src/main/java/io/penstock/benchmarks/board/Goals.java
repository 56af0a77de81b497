package io.penstock.benchmarks.board;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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

    Goals(Results results) {
        this.results = results;
        this.costs = new Costs(results);
    }

    List<Goal> all() {
        List<Goal> goals = new ArrayList<>();
        goals.addAll(withoutSocket());
        goals.addAll(raw(TUNED));
        goals.addAll(asCommonlyUsed());
        goals.addAll(peer(RESILIENT, 0.62, 0.5));
        goals.addAll(peer(AZURE, 0.85, 0.87));
        goals.addAll(peer(ARMERIA, 0.85, 0.65));
        return goals;
    }

    private List<Goal> withoutSocket() {
        return List.of(
                new Goal(
                        "No socket, decoding excluded: bytes per call of `whole`",
                        value(results.pipelineRow("whole"), JmhRow::bytes),
                        700,
                        false,
                        "%.0f B",
                        costs::ofThePipelinesBytes),
                new Goal(
                        "No socket, decoding excluded: time per call of `whole`",
                        value(results.pipelineRow("whole"), JmhRow::nanos),
                        400,
                        false,
                        "%.0f ns",
                        costs::ofThePipelinesTime),
                new Goal(
                        "No socket, decoding included: bytes, `wholeDecoded` to azure-core",
                        ratio(results.pipelineRow("wholeDecoded"), azureDecoded(), JmhRow::bytes),
                        1,
                        false,
                        TIMES,
                        costs::ofDecoding),
                new Goal(
                        "No socket, decoding included: time, `wholeDecoded` to azure-core",
                        ratio(results.pipelineRow("wholeDecoded"), azureDecoded(), JmhRow::nanos),
                        1,
                        false,
                        TIMES,
                        costs::ofDecoding));
    }

    private Optional<JmhRow> azureDecoded() {
        return results.pipelineRow("azureCoreDecoded");
    }

    private List<Goal> raw(String name) {
        return List.of(
                cpu(name, 1.05),
                new Goal(
                        "Sockets: bytes per call above " + name,
                        difference(medians(PENSTOCK), medians(name), Medians::bytes),
                        700,
                        false,
                        "%+.0f B",
                        costs::ofThePipelinesBytes),
                new Goal(
                        "Sockets: throughput to " + name,
                        ratio(medians(PENSTOCK), medians(name), Medians::throughput),
                        0.97,
                        true,
                        TIMES,
                        costs::overSockets));
    }

    /** Returns the second stage of the goals: lower cost than the transport has as most people use it. */
    private List<Goal> asCommonlyUsed() {
        return List.of(cpu(REACTOR_NETTY, 1), bytes(REACTOR_NETTY, 1));
    }

    private List<Goal> peer(String name, double cpu, double bytes) {
        return List.of(cpu(name, cpu), bytes(name, bytes));
    }

    private Goal cpu(String name, double bound) {
        return new Goal(
                "Sockets: client CPU per call to " + name,
                ratio(medians(PENSTOCK), medians(name), Medians::cpuMicros),
                bound,
                false,
                TIMES,
                costs::overSockets);
    }

    private Goal bytes(String name, double bound) {
        return new Goal(
                "Sockets: bytes per call to " + name,
                ratio(medians(PENSTOCK), medians(name), Medians::bytes),
                bound,
                false,
                TIMES,
                costs::overSockets);
    }

    private Optional<Medians> medians(String contender) {
        return results.medians(SCENARIO, CALLERS, contender);
    }

    static <T> OptionalDouble value(Optional<T> row, ToDoubleFunction<T> figure) {
        return row.map(found -> OptionalDouble.of(figure.applyAsDouble(found))).orElse(OptionalDouble.empty());
    }

    static <T> OptionalDouble ratio(Optional<T> row, Optional<T> to, ToDoubleFunction<T> figure) {
        return row.isEmpty() || to.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(figure.applyAsDouble(row.get()) / figure.applyAsDouble(to.get()));
    }

    private static <T> OptionalDouble difference(Optional<T> row, Optional<T> to, ToDoubleFunction<T> figure) {
        return row.isEmpty() || to.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(figure.applyAsDouble(row.get()) - figure.applyAsDouble(to.get()));
    }
}
