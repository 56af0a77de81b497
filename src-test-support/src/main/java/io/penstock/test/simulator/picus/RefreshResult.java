package io.penstock.test.simulator.picus;

/** Where {@code POST /v1/auth/refresh} puts the new refresh token. */
public enum RefreshResult {
    /** In a JSON body; the contract declares none, which is probably a slip. */
    BODY,
    /** In response headers, as the contract lists them, with an empty body. */
    HEADERS
}
