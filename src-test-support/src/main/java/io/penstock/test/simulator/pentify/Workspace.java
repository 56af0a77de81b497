package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FixedWindow;

/**
 * The state of the server. The object's monitor guards all of it: one request acts at a time, for a few microseconds,
 * so that checks and effects cannot interleave.
 */
final class Workspace {

    final Keys keys = new Keys();
    final TokenAccount account = new TokenAccount();
    final Targets targets;
    final Scans scans;
    final Webhooks webhooks;
    final Pairing pairing;
    final FixedWindow perKey;
    final FixedWindow perAddress;

    Workspace(PentifyRules rules, EffectLedger effects) {
        targets = new Targets(rules, effects);
        scans = new Scans(rules, effects, account, targets);
        webhooks = new Webhooks(rules, effects);
        pairing = new Pairing(rules, keys);
        perKey = new FixedWindow(rules.requestsPerMinutePerKey(), rules.rateWindow(), rules.clock());
        perAddress = new FixedWindow(rules.requestsPerMinutePerAddress(), rules.rateWindow(), rules.clock());
    }
}
