package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FixedWindow;
import io.penstock.test.simulator.parts.SimulatedState;

/** The state of the server. */
final class Organization extends SimulatedState {

    final String id;
    final Keys keys;
    final Audit audit;
    final Targets targets;
    final Scans scans;
    final Exports reports;
    final Exports exports;
    final Inventory inventory;
    final Importers importers;
    final Integrations integrations;
    final FixedWindow window;
    /** Whether the organization's allow-list excludes the client. */
    boolean shutOut;

    Organization(InvictiRules rules, EffectLedger effects) {
        super(effects);
        Ids ids = new Ids(rules.idForm());
        Wire wire = new Wire(rules);
        id = ids.next("organization");
        keys = new Keys(rules.keyFormat());
        audit = new Audit(rules, wire, effects, ids);
        targets = new Targets(rules, wire, ids, audit);
        scans = new Scans(rules, wire, ids, audit, targets);
        reports = new Exports(rules, wire, ids, audit, "report");
        exports = new Exports(rules, wire, ids, audit, "export");
        inventory = new Inventory(rules, wire, ids, audit, id);
        importers = new Importers(rules, wire, ids, audit);
        integrations = new Integrations(rules, wire, ids, audit);
        window = new FixedWindow(rules.requestsPerWindow(), rules.rateWindow(), rules.clock());
    }
}
