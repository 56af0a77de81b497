package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FixedWindow;
import io.penstock.test.simulator.parts.SimulatedState;

/** The state of the server. */
final class Workspace extends SimulatedState {

    final Keys keys = new Keys();
    final TokenAccount account = new TokenAccount();
    final Targets targets;
    final Scans scans;
    final Webhooks webhooks;
    final Pairing pairing;
    final FixedWindow perKey;
    final FixedWindow perAddress;

    Workspace(PentifyRules rules, EffectLedger effects) {
        super(effects);
        targets = new Targets(rules, effects);
        scans = new Scans(rules, effects, account, targets);
        webhooks = new Webhooks(rules, effects);
        pairing = new Pairing(rules, keys);
        perKey = new FixedWindow(rules.requestsPerMinutePerKey(), rules.rateWindow(), rules.clock());
        perAddress = new FixedWindow(rules.requestsPerMinutePerAddress(), rules.rateWindow(), rules.clock());
    }
}
