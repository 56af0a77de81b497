package io.penstock;

import io.penstock.circuit.CircuitState;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.ratelimit.Admission;
import io.penstock.ratelimit.Forecast;
import io.penstock.ratelimit.Quota;
import io.penstock.request.ApiRequest;
import io.penstock.request.Plan;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A view of what a client knows and holds: each method returns the state at the time of its call. Nothing is sent. */
public final class ClientInspection {

    private final ClientWiring wiring;

    ClientInspection(ClientWiring wiring) {
        this.wiring = wiring;
    }

    /** Returns what would be sent for a request and every stage it would pass, outermost first; no secret, no body. */
    public String explain(ApiRequest<?> request) {
        Plan plan = wiring.runtime().planning().plan(request);
        return String.format(
                Locale.ROOT,
                "%s %s  %s%s, deadline %d ms%s%n%s",
                plan.method(),
                plan.origin() + plan.target(),
                plan.retryClass(),
                plan.key() == null ? "" : " key=" + plan.key(),
                plan.timeoutNanos() / 1_000_000,
                plan.settings().describe(),
                wiring.runtime().pipeline().describe());
    }

    /** Returns what the server has reported about its quotas, a row for each partition. */
    public List<Quota> quotas() {
        return wiring.tracking.quotas();
    }

    /**
     * Returns a forecast for each quota that is known, published limits included; empty if the client was built without
     * a gate.
     */
    public List<Forecast> forecasts() {
        return wiring.gate == null ? List.of() : wiring.gate.forecasts(wiring.tracking);
    }

    /** Returns how many calls wait at the gate, for a circuit or for retry budget. */
    public int waiting() {
        return (wiring.gate == null ? 0 : wiring.gate.waiting()) + wiring.circuits.waiting() + wiring.retriesWaiting();
    }

    /** Returns how many retries the budget covers now; infinite if the policy sets no bound. */
    public double retryBudget() {
        return wiring.retryBudget();
    }

    /**
     * Returns the rates that were learned from refusals, in requests per second, by the name of the quota; empty as long as
     * there are none. A quota that headers or documents tell has no learned rate.
     */
    public Map<String, Double> learnedRates() {
        Admission gate = wiring.gate;
        return gate == null ? Map.of() : gate.learnedRates();
    }

    /** Returns the state of each circuit, one for each origin or operation called so far; empty if circuits are off. */
    public List<CircuitState> circuits() {
        return wiring.circuits.states();
    }

    /** Returns how the connections are used, a row for each origin. */
    public List<ConnectionStats> connections() {
        return wiring.transport.connections();
    }
}
