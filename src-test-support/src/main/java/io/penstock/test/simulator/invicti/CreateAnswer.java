package io.penstock.test.simulator.invicti;

/** What a 201 carries. The pages show three kinds. */
public enum CreateAnswer {
    /** Each operation as its page has it; where the page shows nothing, {@link #BODY}. */
    AS_DOCUMENTED,
    /** The resource with its id, no {@code Location}: an integration instance (page "integrations-api"). */
    BODY,
    /** {@code Location} and an empty body: an application (page "inventory-api"). */
    LOCATION,
    /** Both: a scan (page "s2-launch"). */
    BODY_AND_LOCATION
}
