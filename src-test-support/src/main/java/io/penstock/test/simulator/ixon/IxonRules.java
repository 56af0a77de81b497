package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.parts.Expected;
import io.penstock.test.simulator.parts.RecordCopy;
import java.time.Clock;
import java.time.Duration;

/**
 * The limits of the API, and switches for the points that its documentation contradicts or leaves open. Start from
 * {@link #documented()} and change single values; the parts have a {@code documented()} of their own.
 *
 * @param limits the rate limits
 * @param errors options for refusals
 * @param paging options for lists
 * @param access options for the authentication of clients
 * @param basePath {@code /api} as at {@code https://portal.ixon.cloud:443/api/}, or empty as at the older
 *     {@code https://api.ayayot.com}
 * @param timeLimit time beyond which a request gets 504: 60 s (page "common-errors") or 50 s (page "api-rate-limits")
 * @param rowsPerSecond number of rows or points that the server collects in a second. A request for more than
 *     {@code timeLimit} allows gets 504 at once; undocumented
 * @param exportFormat format of the exports
 * @param bulkAtomic whether a bulk request with a wrong element has no effect at all. If false, it has those of the
 *     valid elements; undocumented
 * @param actionPolls number of reads of the agent or its audit log after which the outcome of an action is there; 0 for
 *     never, so that only {@link IxonSimulator#finishActions(String)} or {@link IxonSimulator#actionsTake(Duration)}
 *     finishes it. Undocumented
 * @param foreignDiscovery whether each {@code href} of the discovery list points to
 *     {@link IxonSimulator#foreignOrigin()} instead of the API's own origin
 * @param clock clock of windows, blocks, lifetimes and timestamps in bodies
 */
public record IxonRules(
        IxonLimits limits,
        IxonErrors errors,
        IxonPaging paging,
        IxonAccess access,
        String basePath,
        Duration timeLimit,
        int rowsPerSecond,
        ExportFormat exportFormat,
        boolean bulkAtomic,
        int actionPolls,
        boolean foreignDiscovery,
        Clock clock) {

    /** Checks the values against the documentation. */
    public IxonRules {
        Expected.that(basePath.isEmpty() || basePath.equals("/api"), "basePath", basePath, "/api or nothing");
        Expected.that(timeLimit.compareTo(Duration.ZERO) > 0, "timeLimit", timeLimit, "> 0");
        Expected.that(rowsPerSecond >= 1, "rowsPerSecond", rowsPerSecond, ">= 1");
        Expected.that(actionPolls >= 0, "actionPolls", actionPolls, ">= 0");
    }

    /**
     * Returns the documented rules. Where the documentation contradicts itself, its newest or most specific page
     * applies.
     */
    public static IxonRules documented() {
        return new IxonRules(
                IxonLimits.newest(),
                IxonErrors.documented(),
                IxonPaging.documented(),
                IxonAccess.documented(),
                "/api",
                Duration.ofSeconds(60),
                1_000,
                ExportFormat.CSV,
                true,
                0,
                false,
                Clock.systemUTC());
    }

    /** Returns a copy with another {@link #limits()}. */
    public IxonRules withLimits(IxonLimits limits) {
        return RecordCopy.with(this, "limits", limits);
    }

    /** Returns a copy with another {@link #errors()}. */
    public IxonRules withErrors(IxonErrors errors) {
        return RecordCopy.with(this, "errors", errors);
    }

    /** Returns a copy with another {@link #paging()}. */
    public IxonRules withPaging(IxonPaging paging) {
        return RecordCopy.with(this, "paging", paging);
    }

    /** Returns a copy with another {@link #access()}. */
    public IxonRules withAccess(IxonAccess access) {
        return RecordCopy.with(this, "access", access);
    }

    /** Returns a copy with another {@link #basePath()}. */
    public IxonRules withBasePath(String basePath) {
        return RecordCopy.with(this, "basePath", basePath);
    }

    /** Returns a copy with another {@link #timeLimit()}. */
    public IxonRules withTimeLimit(Duration timeLimit) {
        return RecordCopy.with(this, "timeLimit", timeLimit);
    }

    /** Returns a copy with another {@link #rowsPerSecond()}. */
    public IxonRules withRowsPerSecond(int rowsPerSecond) {
        return RecordCopy.with(this, "rowsPerSecond", rowsPerSecond);
    }

    /** Returns a copy with another {@link #exportFormat()}. */
    public IxonRules withExportFormat(ExportFormat exportFormat) {
        return RecordCopy.with(this, "exportFormat", exportFormat);
    }

    /** Returns a copy with another {@link #bulkAtomic()}. */
    public IxonRules withBulkAtomic(boolean bulkAtomic) {
        return RecordCopy.with(this, "bulkAtomic", bulkAtomic);
    }

    /** Returns a copy with another {@link #actionPolls()}. */
    public IxonRules withActionPolls(int actionPolls) {
        return RecordCopy.with(this, "actionPolls", actionPolls);
    }

    /** Returns a copy with another {@link #foreignDiscovery()}. */
    public IxonRules withForeignDiscovery(boolean foreignDiscovery) {
        return RecordCopy.with(this, "foreignDiscovery", foreignDiscovery);
    }

    /** Returns a copy with another {@link #clock()}. */
    public IxonRules withClock(Clock clock) {
        return RecordCopy.with(this, "clock", clock);
    }

    /** Returns the number of rows that a single request can collect before it gets 504. */
    long largestRequest() {
        return timeLimit.toMillis() * rowsPerSecond / 1_000;
    }
}
