package io.penstock.test.simulator.invicti;

/** The content of a 201. The pages show three kinds. */
public enum CreateAnswer {
    /** Each operation as on its page; {@link #BODY} where the page shows nothing. */
    AS_DOCUMENTED,
    /** The resource with its id, no {@code Location}: an integration instance (page "integrations-api"). */
    BODY,
    /** {@code Location} and an empty body: an application (page "inventory-api"). */
    LOCATION,
    /** {@code Location} and a body: a scan (page "s2-launch"). */
    BODY_AND_LOCATION
}
