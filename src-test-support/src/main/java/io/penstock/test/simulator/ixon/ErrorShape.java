package io.penstock.test.simulator.ixon;

/** The members of an error envelope and their order. */
public enum ErrorShape {
    /** The order of each sample: {@code 2FA is required} has {@code type} first, all others have {@code data} first. */
    SAMPLES,
    /** {@code data, moreAfter, status, type}. */
    DATA_FIRST,
    /** {@code type, data, moreAfter, status}. */
    TYPE_FIRST,
    /** {@code type, data, status}: the contract's form, without {@code moreAfter}. */
    CONTRACT
}
