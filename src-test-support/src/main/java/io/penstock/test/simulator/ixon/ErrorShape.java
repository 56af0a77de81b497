package io.penstock.test.simulator.ixon;

/** The members of an error envelope and their order. */
public enum ErrorShape {
    /** Each as its sample: {@code 2FA is required} has {@code type} first, all others have {@code data} first. */
    SAMPLES,
    /** {@code data, moreAfter, status, type}. */
    DATA_FIRST,
    /** {@code type, data, moreAfter, status}. */
    TYPE_FIRST,
    /** {@code type, data, status}: as the contract has it, without {@code moreAfter}. */
    CONTRACT
}
