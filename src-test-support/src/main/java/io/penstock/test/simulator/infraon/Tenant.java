package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FixedWindow;

/**
 * The state of the server. The object's monitor guards all of it: one request acts at a time, for a few microseconds,
 * so that checks and effects cannot interleave.
 */
final class Tenant {

    final Credentials credentials;
    final Resources resources;
    final Incidents incidents;
    final FixedWindow perCredential;

    Tenant(InfraonRules rules, EffectLedger effects) {
        credentials = new Credentials(rules);
        resources = new Resources(rules, effects);
        incidents = new Incidents(rules, effects, resources);
        perCredential = new FixedWindow(rules.requestsPerWindow(), rules.rateWindow(), rules.clock());
    }
}
