package io.penstock.test.simulator.ixon;

/** The format of {@code POST /data-export} and {@code GET /audit-logs-export}. The guide and the contract differ. */
public enum ExportFormat {
    /** {@code text/csv} (page "how-to-retrieve-historical-data"). */
    CSV,
    /** {@code application/json}, an object without declared members (contract). */
    JSON
}
