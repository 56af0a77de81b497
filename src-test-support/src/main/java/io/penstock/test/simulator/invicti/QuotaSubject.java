package io.penstock.test.simulator.invicti;

/** Whose requests are counted together. The documentation does not say. */
public enum QuotaSubject {
    /** Every API key has a window of its own. */
    KEY,
    /** The keys of the organisation share one. */
    ORGANIZATION,
    /** All that comes from one client address. */
    ADDRESS
}
