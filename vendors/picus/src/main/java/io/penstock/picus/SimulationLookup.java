package io.penstock.picus;

import io.penstock.body.Page;
import io.penstock.picus.model.NewSimulation;
import io.penstock.picus.model.Simulation;
import io.penstock.picus.model.SimulationStatus;
import io.penstock.picus.model.StartedSimulation;
import io.penstock.request.ApiRequest;
import io.penstock.request.Probe;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A lookup in the list of simulations that determines whether an order was carried out. */
final class SimulationLookup {

    /** Contract: the maximum size of a page of simulations. */
    private static final int LARGEST_PAGE = 50;

    private static final Set<SimulationStatus> NEVER_RUN =
            Set.of(SimulationStatus.WAITING_FOR_THE_FIRST_RUN, SimulationStatus.NOT_STARTED);

    private SimulationLookup() {}

    static Probe<StartedSimulation> of(NewSimulation order) {
        ApiRequest<Page<Simulation>> list = ListQuery.of(LARGEST_PAGE, 0)
                .where("simulation_name", order.name())
                .of(ApiRequest.get("v1/simulations").as(PicusSimulations.SIMULATIONS));
        return Probe.of(list, page -> find(order, page));
    }

    /** Finds the simulation of an order. Absence may be taken as proof, so an ambiguous list is an error. */
    private static @Nullable StartedSimulation find(NewSimulation order, Page<Simulation> page) {
        List<Simulation> same =
                page.items().stream().filter(one -> isOf(order, one)).toList();
        if (same.size() > 1) {
            throw new IllegalStateException(same.size()
                    + " simulations are what was ordered (expected: one, or none of them is known to be it)");
        }
        if (same.isEmpty() && page.items().size() >= LARGEST_PAGE) {
            throw new IllegalStateException(page.items().size()
                    + " simulations have a name like it, a whole page (expected: fewer, or it may stand on the next)");
        }
        if (same.isEmpty()) {
            return null;
        }
        if (order.scheduleNow() && wasNeverRun(same.get(0))) {
            throw new IllegalStateException(
                    "the simulation is there and was never run (expected: a run, as ordered; start it by its id)");
        }
        return StartedSimulation.found(same.get(0));
    }

    private static boolean wasNeverRun(Simulation one) {
        return one.status() != null && NEVER_RUN.contains(one.status());
    }

    private static boolean isOf(NewSimulation order, Simulation one) {
        Long agent = one.agent() == null ? null : one.agent().id();
        return order.name().equals(one.simulationName())
                && (one.templateId() == null || one.templateId() == order.templateId())
                && (agent == null || order.agentId() == null || agent.equals(order.agentId()));
    }
}
