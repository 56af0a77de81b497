package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request through the checks to its endpoint: rate limit, access token, scope, endpoint. The order is
 * undocumented. So is the response to a wrong method: 404, because the list of status codes has no 405.
 */
record PicusApi(Tenant tenant, Errors errors) implements SimulatedApi {

    @Override
    public SimulatedResponse answer(LoggedRequest request) {
        synchronized (tenant) {
            Routed routed = route(request);
            if (routed == null) {
                return errors.response(Refusal.notFound(), ErrorShape.PLAIN);
            }
            try {
                return tenant.quotas.stamped(routed.call(), 200, act(routed));
            } catch (Refusal refusal) {
                return refused(routed, refusal);
            }
        }
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        synchronized (tenant) {
            Routed routed = route(request);
            Refusal refusal = errors.forStatus(status);
            return routed == null ? errors.response(refusal, ErrorShape.PLAIN) : refused(routed, refusal);
        }
    }

    private SimulatedResponse act(Routed routed) {
        Call call = routed.call();
        if (!tenant.quotas.admit(call)) {
            throw Refusal.of(429, "too many requests");
        }
        if (!call.request().path().startsWith("/v1/auth/")) {
            tenant.tokens.authenticate(call);
        }
        return routed.route().endpoint().apply(call);
    }

    private SimulatedResponse refused(Routed routed, Refusal refusal) {
        return tenant.quotas.stamped(
                routed.call(),
                refusal.status,
                errors.response(refusal, routed.route().errors()));
    }

    private @Nullable Routed route(LoggedRequest request) {
        for (Route route : tenant.routes) {
            Call call = route.match(request);
            if (call != null) {
                return new Routed(route, call);
            }
        }
        return null;
    }

    private record Routed(Route route, Call call) {}
}
