package io.penstock.test.simulator.parts;

import io.penstock.test.simulator.EffectLedger;

/**
 * The state of a server. The object's monitor guards all of it: one request acts at a time, for a few microseconds, so
 * that checks and effects cannot interleave.
 */
public abstract class SimulatedState {

    /** The ledger, in which the server enters each effect at once. */
    public final EffectLedger effects;

    /** Creates a state with this ledger. */
    protected SimulatedState(EffectLedger effects) {
        this.effects = effects;
    }
}
