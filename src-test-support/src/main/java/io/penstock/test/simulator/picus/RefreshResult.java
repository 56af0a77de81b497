package io.penstock.test.simulator.picus;

/** The place of the new refresh token in the response of {@code POST /v1/auth/refresh}. */
public enum RefreshResult {
    /** In a JSON body. The contract declares none, probably by mistake. */
    BODY,
    /** In response headers, as the contract lists them, with an empty body. */
    HEADERS
}
