package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.parts.FileHost;
import io.penstock.test.simulator.parts.SimulatedState;
import java.util.ArrayList;
import java.util.List;

/** The state of the server. */
final class Tenant extends SimulatedState {

    final Tokens tokens;
    final Quotas quotas;
    final Simulations simulations;
    final Reports reports;
    final List<Route> routes;

    Tenant(PicusRules rules, EffectLedger effects, FileHost files) {
        super(effects);
        Envelopes envelopes = new Envelopes(rules);
        tokens = new Tokens(rules, effects);
        quotas = new Quotas(rules);
        simulations = new Simulations(rules, effects, envelopes);
        reports = new Reports(rules, effects, envelopes, simulations, files);
        List<Route> all = new ArrayList<>(tokens.routes());
        all.addAll(new Agents(rules, envelopes, files).routes());
        all.addAll(simulations.routes());
        all.addAll(new RunResults(rules, envelopes, simulations).routes());
        all.addAll(reports.routes());
        all.addAll(new Users(rules, effects, envelopes).routes());
        all.addAll(new Overviews(rules, envelopes).routes());
        all.addAll(new Templates(rules, effects, envelopes).routes());
        all.addAll(new Threats(rules, effects, envelopes).routes());
        all.addAll(new ThreatLibrary(rules, effects, envelopes).routes());
        all.addAll(new CustomContent(rules, effects, envelopes).routes());
        all.addAll(new Mitigation(rules, envelopes).routes());
        routes = List.copyOf(all);
    }
}
