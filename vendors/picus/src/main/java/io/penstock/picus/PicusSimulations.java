package io.penstock.picus;

import static io.penstock.request.ApiRequest.post;
import static io.penstock.request.ApiRequest.put;

import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.paging.Pages;
import io.penstock.picus.model.NewSimulation;
import io.penstock.picus.model.Simulation;
import io.penstock.picus.model.SimulationStatus;
import io.penstock.picus.model.StartedSimulation;
import io.penstock.polling.Poll;
import io.penstock.polling.Polling;
import io.penstock.request.ApiRequest;
import io.penstock.request.Probe;
import java.util.Map;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/** Simulations: {@link Picus#simulations()}. Their runs are at {@link Picus#latestRun} and {@link Picus#run}. */
public final class PicusSimulations {

    static final Payload<Page<Simulation>> SIMULATIONS = Calls.list(Simulation.class, "simulations");
    /** The contract wraps a single object in the plural. */
    private static final Payload<Simulation> SIMULATION =
            Payload.json(Simulation.class).orWrappedIn("Simulations", "Simulation");

    private static final Payload<StartedSimulation> STARTED = Payload.json(StartedSimulation.class);

    private final Calls calls;

    PicusSimulations(Calls calls) {
        this.calls = calls;
    }

    /**
     * Returns the simulations: 25 per page by default, at most 50. Filters: {@code status}, {@code simulation_name}
     * (contains), {@code agent_name}, {@code agent_id}, {@code template_name}, {@code template_id}, and
     * {@code prevention_result} and {@code detection_result} with {@code _lte} or {@code _gte}.
     */
    public Pages<Simulation> list(ListQuery query) {
        return calls.pages(ApiRequest.get("v1/simulations"), query, Simulation.class, "simulations");
    }

    /** Emits one simulation with its runs. To wait for its end, use {@link #watch}. */
    public Mono<Simulation> get(long id) {
        return calls.value(one(id));
    }

    private static ApiRequest<Simulation> one(long id) {
        return ApiRequest.get("v1/simulations/{Id}").path("Id", id).as(SIMULATION);
    }

    /**
     * Creates a simulation, and starts it if the order requires that. Picus recognizes an existing order and reports it
     * in {@link StartedSimulation#simulationAlreadyExist()}.
     *
     * <p>If an attempt breaks off and it is unknown whether Picus acted, this method probes with {@link #lookFor}. A
     * simulation that is found is the result, see {@link StartedSimulation#found}. A simulation that is not found may
     * still be created, so the call then fails with {@code MAYBE_PROCESSED} rather than order twice. With
     * {@code force}, which creates another simulation of the same name, there is no probe. Fails with
     * {@link PicusException.LimitReached} if the licence allows no more simulations.
     */
    public Mono<StartedSimulation> create(NewSimulation order) {
        return Boolean.TRUE.equals(order.more().get("force"))
                ? calls.value(creation(order))
                : create(order, lookFor(order));
    }

    /**
     * Creates a simulation with a custom probe; see {@link #create(NewSimulation)}. With
     * {@code lookFor(order).trustingAbsenceAfter(time)}, an order that is not found for that time after a lost
     * connection is sent once more; the time that Picus may take is not documented. After an error response it is not
     * sent again: the failure then has the certainty {@code REJECTED}.
     */
    public Mono<StartedSimulation> create(NewSimulation order, Probe<StartedSimulation> look) {
        return calls.value(creation(order).reconciledBy(look));
    }

    private static ApiRequest<StartedSimulation> creation(NewSimulation order) {
        return post("v1/simulations").body(order).as(STARTED);
    }

    /**
     * Returns a probe that looks for the simulation of an order. It compares the name exactly, although the server's
     * filter "contains"; the template and, if the order has one, the agent; and, if the order requires a start, that
     * the simulation has run. The list does not show when a simulation was created, so an earlier one counts as well.
     * Picus treats such an order in the same way: it returns the existing simulation
     * ({@code simulation_already_exist}). Whether Picus then starts that simulation again is not documented; if this
     * matters, read the runs of {@link #get}. Several matches, or more than one page, are inconclusive.
     */
    public static Probe<StartedSimulation> lookFor(NewSimulation order) {
        return SimulationLookup.of(order);
    }

    /**
     * Changes the schedule of a simulation from {@code schedule} and {@code schedule_now}. Retried only if Picus
     * certainly did not act, because {@code schedule_now} starts a run.
     */
    public Mono<StartedSimulation> update(long id, Map<String, ?> members) {
        return calls.value(
                put("v1/simulations/{Id}").path("Id", id).body(members).unsafe().as(STARTED));
    }

    /**
     * Watches the latest run of a simulation until it has ended, as described in {@link Poll}: every 15 to 30 s, for at
     * most 4 h. Any status except completed, stopped and failed means that the run continues. Directly after
     * {@link #start}, use {@link NumberedRun#watch}: the simulation may still show the previous run.
     */
    public Poll<Simulation> watch(long id) {
        return calls.client().poll(polling(id));
    }

    /**
     * Returns the polling of {@link #watch}. Change it and pass it to the client's {@code poll}; use
     * {@code resumed()} after a restart.
     */
    public static Polling<Simulation> polling(long id) {
        return PicusVendor.SIMULATION.polling(
                SIMULATION,
                simulation -> PicusVendor.RUN_STATES
                        .status(simulation.status())
                        .withPercent(simulation.completionRatio())
                        .withReason(simulation.failReasonMessage()),
                id);
    }

    /** Starts a run (contract: simulate-now). Retried only if Picus certainly did not act. */
    public Mono<StartedSimulation> start(long id) {
        return calls.value(
                post("v1/simulations/{Id}/simulate-now").path("Id", id).as(STARTED));
    }

    /**
     * Stops a running simulation. The response to one that does not run is not documented. If an attempt breaks off
     * after Picus has acted and the resend is refused for that reason, a look at the simulation shows that it is
     * stopped, and the call succeeds.
     */
    public Mono<Void> cancel(long id) {
        return calls.value(put("v1/simulations/{Id}/cancel").path("Id", id).reconciledBy(stopped(id)))
                .then();
    }

    private static Probe<JsonNode> stopped(long id) {
        return Probe.of(
                one(id), simulation -> SimulationStatus.STOPPED.equals(simulation.status()) ? BooleanNode.TRUE : null);
    }

    /** Deletes a simulation. If a resend does not find it, it counts as deleted. */
    public Mono<Void> delete(long id) {
        return calls.value(
                ApiRequest.delete("v1/simulations/{Id}").path("Id", id).as(Payload.none()));
    }

    /**
     * Emits the summary of simulations, from {@code periodType} and {@code simulationIds}. The form of the response is
     * not documented. A read in the form of a POST, retried like a read (inferred).
     */
    public Mono<JsonNode> summary(Map<String, ?> members) {
        return calls.value(post("v1/summary/overall").body(members).idempotent());
    }
}
