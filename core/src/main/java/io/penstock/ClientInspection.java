package io.penstock;

import io.penstock.circuit.CircuitState;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.ratelimit.Quota;
import io.penstock.request.ApiRequest;
import io.penstock.request.Plan;
import java.util.List;
import java.util.Locale;

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

    /** Returns the state of each circuit, one for each origin or operation called so far; empty if circuits are off. */
    public List<CircuitState> circuits() {
        return wiring.circuits.states();
    }

    /** Returns how the connections are used, a row for each origin. */
    public List<ConnectionStats> connections() {
        return wiring.transport.connections();
    }
}
