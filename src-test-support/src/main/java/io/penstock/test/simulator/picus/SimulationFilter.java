package io.penstock.test.simulator.picus;

import java.util.List;
import java.util.function.Predicate;

/** The filters of the simulation list (contract): a part of a name, statuses separated by commas, bounds of scores. */
record SimulationFilter(Call call) implements Predicate<Simulation> {

    @Override
    public boolean test(Simulation simulation) {
        String statuses = call.query("status");
        return (statuses == null || List.of(statuses.split(",")).contains(simulation.status()))
                && contains("simulation_name", simulation.name)
                && contains("agent_name", simulation.agentName())
                && contains("template_name", simulation.templateName())
                && is("agent_id", simulation.agentId == null ? 0 : simulation.agentId)
                && is("template_id", simulation.templateId)
                && isWithin("prevention_result", simulation.score())
                && isWithin("detection_result", simulation.score());
    }

    private boolean contains(String name, String value) {
        String part = call.query(name);
        return part == null || value.contains(part);
    }

    private boolean is(String name, long value) {
        return call.query(name) == null || call.number(name, 0) == value;
    }

    /** Returns whether a score is within the bounds. The contract allows -1, for simulations without a result. */
    private boolean isWithin(String name, int score) {
        return score >= bound(name + "_gte", score) && score <= bound(name + "_lte", score);
    }

    private long bound(String name, int absent) {
        return "-1".equals(call.query(name)) ? -1 : call.number(name, absent);
    }
}
