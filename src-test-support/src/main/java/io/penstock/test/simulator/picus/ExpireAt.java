package io.penstock.test.simulator.picus;

/** The unit of an access token's {@code expire_at}. Page and contract differ. */
public enum ExpireAt {
    /** {@code 1654518145155} (page "authentication-method"). */
    MILLISECONDS,
    /** {@code 1650875751} (contract). */
    SECONDS,
    /** {@code "1650875751"}: undocumented here, but other times of the API are strings. */
    SECONDS_AS_STRING
}
