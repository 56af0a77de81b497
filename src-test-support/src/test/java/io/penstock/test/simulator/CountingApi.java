package io.penstock.test.simulator;

/** Acts on everything in the same way, and counts it. */
final class CountingApi implements SimulatedApi {

    static final String BODY = "{\"answer\":\"0123456789\"}";

    final EffectLedger effects = new EffectLedger();

    @Override
    public SimulatedResponse answer(LoggedRequest request) {
        effects.enter(request.method() + " " + request.path(), "id", null);
        return SimulatedResponse.json(201, BODY).withHeader("x-vendor", "acted");
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        return SimulatedResponse.json(status, "{\"error\":" + status + "}").withHeader("x-vendor", "refused");
    }
}
