package io.penstock.invicti;

/**
 * The parts of the API, each below its own path. The documentation contradicts itself about the scanner's path: one
 * page has its targets below {@code api/1.0}, another its scans below {@code api/v1}. Each part is at the path on its
 * page; {@link Invicti#at(Resource, String)} moves it.
 */
public enum Resource {
    /** Users, audit log, SAML (page "identity-management-api"). */
    IDENTITY("api/identity/v1"),
    /** Applications (page "inventory-api"). */
    INVENTORY("api/inventory/v1"),
    /** The inventory of APIs and its importers (pages "api-inventory-api", "api-importers-api"). */
    API_HUB("api/apihub/v1"),
    /** Findings of other scanners (page "ast-import-api"). */
    EXTERNAL_SCAN("api/external-scan/v1"),
    /** Integrations (page "integrations-api"). */
    INTEGRATIONS("api/integrations/v1"),
    /** The scanner's targets (page "s1-authenticate"). */
    TARGETS("api/1.0"),
    /** The scanner's scans (page "s2-launch"). */
    SCANS("api/v1");

    private final String prefix;

    Resource(String prefix) {
        this.prefix = prefix;
    }

    /** Returns the documented path below the base URI. */
    public String documentedPrefix() {
        return prefix;
    }
}
