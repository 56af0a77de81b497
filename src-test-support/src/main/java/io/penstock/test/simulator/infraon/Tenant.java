package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FixedWindow;
import io.penstock.test.simulator.parts.SimulatedState;

/** The state of the server. */
final class Tenant extends SimulatedState {

    final Credentials credentials;
    final Resources resources;
    final Incidents incidents;
    final FixedWindow perCredential;

    Tenant(InfraonRules rules, EffectLedger effects) {
        super(effects);
        credentials = new Credentials(rules);
        resources = new Resources(rules, effects);
        incidents = new Incidents(rules, effects, resources);
        perCredential = new FixedWindow(rules.requestsPerWindow(), rules.rateWindow(), rules.clock());
    }
}
