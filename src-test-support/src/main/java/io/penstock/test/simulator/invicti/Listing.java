package io.penstock.test.simulator.invicti;

/** The lists of the API, each with the shape on its page. */
public enum Listing {
    /**
     * {@code GET /api/1.0/targets}: not shown; here like the general sample, which lists targets. As a
     * {@link ListShape#CURSOR_ARRAY} its items have the lineage's members instead: {@code target_id}, {@code address}.
     */
    TARGETS("targets", ListShape.NUMBERED),
    /** {@code GET /api/v1/scans}: inferred. */
    SCANS("scans", ListShape.CURSOR_ARRAY),
    /** {@code GET /api/v1/scans/{id}/results}: inferred. */
    RESULTS("results", ListShape.CURSOR_ARRAY),
    /** {@code GET /api/v1/scans/{id}/results/{result}/vulnerabilities}: inferred. */
    VULNERABILITIES("vulnerabilities", ListShape.CURSOR_ARRAY),
    /** {@code GET /api/inventory/v1/applications} (page "inventory-api"). */
    APPLICATIONS("applications", ListShape.PAGE_INFO),
    /** {@code GET /api/apihub/v1/inventory/api-targets} (page "api-inventory-api"). */
    API_TARGETS("targets", ListShape.CURSOR),
    /** {@code GET /api/apihub/v1/importers} (page "api-importers-api"). */
    IMPORTERS("importers", ListShape.UNPAGED),
    /** {@code GET /api/external-scan/v1/connections} (page "ast-import-api"). */
    CONNECTIONS("items", ListShape.UNPAGED),
    /** {@code GET /api/integrations/v1/instances} (page "integrations-api"). */
    INSTANCES("instances", ListShape.UNPAGED),
    /** {@code GET /api/integrations/v1/automations}: not shown; here like the instances. */
    AUTOMATIONS("automations", ListShape.UNPAGED),
    /** {@code GET /api/identity/v1/audit/list} (page "identity-management-api"). */
    AUDIT("items", ListShape.PAGE_INFO);

    private final String plural;
    private final ListShape documented;

    Listing(String plural, ListShape documented) {
        this.plural = plural;
        this.documented = documented;
    }

    String plural() {
        return plural;
    }

    ListShape documented() {
        return documented;
    }
}
