package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Simulations: created, run, polled, cancelled, deleted. */
final class Simulations {

    private static final int DEFAULT_PAGE = 25;
    private static final int LARGEST_PAGE = 50;

    private final PicusRules rules;
    private final EffectLedger effects;
    private final Envelopes envelopes;
    private final Store<Long, Simulation> simulations = new Store<>(Refusal::notFound);
    private JobCourse course = JobCourse.byHand();
    private long lastId;
    private long lastRunId;

    Simulations(PicusRules rules, EffectLedger effects, Envelopes envelopes) {
        this.rules = rules;
        this.effects = effects;
        this.envelopes = envelopes;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/simulations", this::list),
                Route.post("/v1/simulations", this::create),
                Route.get("/v1/simulations/{Id}", this::detail),
                Route.put("/v1/simulations/{Id}", this::update),
                Route.delete("/v1/simulations/{Id}", this::delete).failing(ErrorShape.FLAGGED),
                Route.put("/v1/simulations/{Id}/cancel", this::cancel).failing(ErrorShape.FLAGGED),
                Route.post("/v1/simulations/{Id}/simulate-now", this::simulateNow));
    }

    /** Returns the latest run of a simulation. */
    Run latestRun(long simulationId) {
        Run run = simulations.has(simulationId) ? simulations.find(simulationId).latest() : null;
        if (run == null) {
            throw new IllegalArgumentException(
                    "simulationId: " + simulationId + " (expected: the id of a simulation that was started)");
        }
        return run;
    }

    /** Sets the course of runs that start from now on. */
    void course(JobCourse next) {
        course = next;
    }

    Simulation find(Call call, String placeholder) {
        Simulation simulation = simulations.find(call.id(placeholder));
        exists(simulation);
        return simulation;
    }

    /** Returns the run of {@code {RunId}}, or the latest one if the path has none, and counts a poll. */
    Run poll(Call call, Simulation simulation) {
        Run run = call.path().containsKey("RunId") ? run(simulation, call.id("RunId")) : simulation.latest();
        if (run == null || !run.job.exists()) {
            throw Refusal.notFound();
        }
        run.job.poll(rules.pollsToFinish());
        return run;
    }

    /** Applies the courses of all runs. Returns false if the latest one does not exist yet. */
    private boolean exists(Simulation simulation) {
        boolean exists = true;
        for (Run run : simulation.runs) {
            exists = run.job.exists();
        }
        return exists;
    }

    private static @Nullable Run run(Simulation simulation, long id) {
        return simulation.runs.stream().filter(run -> run.id == id).findFirst().orElse(null);
    }

    private SimulatedResponse list(Call call) {
        SimulationFilter filter = new SimulationFilter(call);
        List<ObjectNode> matching = simulations.all().stream()
                .filter(this::exists)
                .filter(filter)
                .map(Simulation::listed)
                .toList();
        return envelopes.page(call, "simulations", matching, DEFAULT_PAGE, LARGEST_PAGE);
    }

    /**
     * Creates a simulation, unless an identical one exists. The criterion for identical is undocumented; here it is the
     * name. {@code force} creates one in any case (contract). The {@code run_info} of a simulation that was not started
     * is undocumented.
     */
    private SimulatedResponse create(Call call) {
        ObjectNode body = call.body();
        Simulation created = new Simulation(lastId + 1, body, seconds());
        boolean now = Json.flag(body, "schedule_now");
        if (!Json.flag(body, "force")) {
            for (Simulation existing : simulations.all()) {
                if (existing.name.equals(created.name)) {
                    return envelopes.created(started(existing, false, true));
                }
            }
        }
        if (simulations.all().size() >= rules.simulationLicence()) {
            throw Refusal.of(402, "simulation limit of the license is reached");
        }
        lastId++;
        simulations.put(created.id, created);
        effects.enter(call.operation(), Long.toString(created.id), null);
        if (now) {
            start(created);
        }
        return envelopes.created(started(created, now, false));
    }

    private SimulatedResponse detail(Call call) {
        Simulation simulation = find(call, "Id");
        if (simulation.latest() != null) {
            poll(call, simulation);
        }
        return envelopes.item("Simulations", simulation.detail());
    }

    /** Updates a simulation. No response shows its schedule, so only {@code updated_at} changes. */
    private SimulatedResponse update(Call call) {
        Simulation simulation = find(call, "Id");
        boolean now = Json.flag(call.body(), "schedule_now");
        simulation.updatedAt = seconds();
        effects.enter(call.operation(), Long.toString(simulation.id), null);
        if (now) {
            start(simulation);
        }
        ObjectNode answer = Json.object().put("run_immediately", now);
        answer.set("simulation", simulation.output(envelopes));
        return Json.ok(answer);
    }

    private SimulatedResponse delete(Call call) {
        Simulation simulation = simulations.remove(call.id("Id"));
        effects.enter(call.operation(), Long.toString(simulation.id), null);
        return envelopes.deleted(Json.object().put("success", true));
    }

    /** Cancels a running simulation (contract). The response for any other is undocumented. */
    private SimulatedResponse cancel(Call call) {
        Simulation simulation = find(call, "Id");
        Run run = simulation.latest();
        if (run == null || !run.job.exists() || run.job.isEnded()) {
            throw Refusal.of(400, "simulation is not running");
        }
        run.job.status("STOPPED");
        effects.enter(call.operation(), Long.toString(simulation.id), null);
        return envelopes.success();
    }

    /** Starts a run, even beside one that is still running, which is undocumented. */
    private SimulatedResponse simulateNow(Call call) {
        Simulation simulation = find(call, "Id");
        Run run = start(simulation);
        effects.enter(call.operation(), Long.toString(run.id), null);
        return envelopes.created(started(simulation, true, false));
    }

    private Run start(Simulation simulation) {
        Run run = new Run(++lastRunId, new Job("SCHEDULED", "RUNNING", course, rules.clock()), seconds());
        simulation.runs.add(run);
        return run;
    }

    private ObjectNode started(Simulation simulation, boolean now, boolean existed) {
        ObjectNode answer = Json.object();
        answer.set("simulation", simulation.output(envelopes));
        Run run = simulation.latest();
        answer.set(
                "run_info",
                run == null ? Json.object().put("id", 0).put("status", "").put("browser", "") : run.info());
        return answer.put("run_immediately", now).put("simulation_already_exist", existed);
    }

    private long seconds() {
        return rules.clock().instant().getEpochSecond();
    }
}
