package io.penstock.test.simulator.invicti;

/** The subject whose requests are counted together. Undocumented. */
public enum QuotaSubject {
    /** One window for each API key. */
    KEY,
    /** One window for all keys of the organization. */
    ORGANIZATION,
    /** One window for each client address. */
    ADDRESS
}
