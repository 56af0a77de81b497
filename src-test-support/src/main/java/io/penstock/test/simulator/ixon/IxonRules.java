package io.penstock.test.simulator.ixon;

import java.time.Clock;
import java.time.Duration;

/**
 * The limits of the API, and what its documentation contradicts or leaves open, as switches. Start from
 * {@link #documented()} and change single ones; the parts have a {@code documented()} of their own.
 *
 * @param limits how often one may call
 * @param errors how a refusal is told
 * @param paging how a list is delivered
 * @param access how a client gets in
 * @param basePath {@code /api} as at {@code https://portal.ixon.cloud:443/api/}, or nothing as at the older
 *     {@code https://api.ayayot.com}
 * @param timeLimit beyond which a request gets 504: 60 s (page "common-errors") or 50 s (page "api-rate-limits")
 * @param rowsPerSecond how many rows or points the server collects in a second, so that a request for more than
 *     {@code timeLimit} allows gets 504 at once; undocumented
 * @param exportFormat what the exports deliver
 * @param bulkAtomic whether a bulk request with a wrong element has no effect at all, or has those of the right
 *     elements; undocumented
 * @param actionPolls after how many reads of the agent or its audit log the outcome of an action on it is there; 0 for
 *     never, so that only {@link IxonSimulator#finishActions(String)} brings it. Undocumented
 * @param foreignDiscovery whether the {@code href} of the discovery list point to {@link IxonSimulator#foreignOrigin()}
 *     instead of the API's own origin
 * @param clock what windows, blocks, lifetimes and the timestamps in bodies go by
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

    /** Checks the values against what the documentation allows. */
    public IxonRules {
        Expected.that(basePath.isEmpty() || basePath.equals("/api"), "basePath", basePath, "/api or nothing");
        Expected.that(timeLimit.compareTo(Duration.ZERO) > 0, "timeLimit", timeLimit, "> 0");
        Expected.that(rowsPerSecond >= 1, "rowsPerSecond", rowsPerSecond, ">= 1");
        Expected.that(actionPolls >= 0, "actionPolls", actionPolls, ">= 0");
    }

    /** What the documentation says; where it contradicts itself, its newest or most specific page. */
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

    /** The same with another {@link #limits()}. */
    public IxonRules withLimits(IxonLimits limits) {
        return new IxonRules(
                limits,
                errors,
                paging,
                access,
                basePath,
                timeLimit,
                rowsPerSecond,
                exportFormat,
                bulkAtomic,
                actionPolls,
                foreignDiscovery,
                clock);
    }

    /** The same with another {@link #errors()}. */
    public IxonRules withErrors(IxonErrors errors) {
        return new IxonRules(
                limits,
                errors,
                paging,
                access,
                basePath,
                timeLimit,
                rowsPerSecond,
                exportFormat,
                bulkAtomic,
                actionPolls,
                foreignDiscovery,
                clock);
    }

    /** The same with another {@link #paging()}. */
    public IxonRules withPaging(IxonPaging paging) {
        return new IxonRules(
                limits,
                errors,
                paging,
                access,
                basePath,
                timeLimit,
                rowsPerSecond,
                exportFormat,
                bulkAtomic,
                actionPolls,
                foreignDiscovery,
                clock);
    }

    /** The same with another {@link #access()}. */
    public IxonRules withAccess(IxonAccess access) {
        return new IxonRules(
                limits,
                errors,
                paging,
                access,
                basePath,
                timeLimit,
                rowsPerSecond,
                exportFormat,
                bulkAtomic,
                actionPolls,
                foreignDiscovery,
                clock);
    }

    /** The same with another {@link #basePath()}. */
    public IxonRules withBasePath(String basePath) {
        return new IxonRules(
                limits,
                errors,
                paging,
                access,
                basePath,
                timeLimit,
                rowsPerSecond,
                exportFormat,
                bulkAtomic,
                actionPolls,
                foreignDiscovery,
                clock);
    }

    /** The same with another {@link #timeLimit()}. */
    public IxonRules withTimeLimit(Duration timeLimit) {
        return new IxonRules(
                limits,
                errors,
                paging,
                access,
                basePath,
                timeLimit,
                rowsPerSecond,
                exportFormat,
                bulkAtomic,
                actionPolls,
                foreignDiscovery,
                clock);
    }

    /** The same with another {@link #rowsPerSecond()}. */
    public IxonRules withRowsPerSecond(int rowsPerSecond) {
        return new IxonRules(
                limits,
                errors,
                paging,
                access,
                basePath,
                timeLimit,
                rowsPerSecond,
                exportFormat,
                bulkAtomic,
                actionPolls,
                foreignDiscovery,
                clock);
    }

    /** The same with another {@link #exportFormat()}. */
    public IxonRules withExportFormat(ExportFormat exportFormat) {
        return new IxonRules(
                limits,
                errors,
                paging,
                access,
                basePath,
                timeLimit,
                rowsPerSecond,
                exportFormat,
                bulkAtomic,
                actionPolls,
                foreignDiscovery,
                clock);
    }

    /** The same with another {@link #bulkAtomic()}. */
    public IxonRules withBulkAtomic(boolean bulkAtomic) {
        return new IxonRules(
                limits,
                errors,
                paging,
                access,
                basePath,
                timeLimit,
                rowsPerSecond,
                exportFormat,
                bulkAtomic,
                actionPolls,
                foreignDiscovery,
                clock);
    }

    /** The same with another {@link #actionPolls()}. */
    public IxonRules withActionPolls(int actionPolls) {
        return new IxonRules(
                limits,
                errors,
                paging,
                access,
                basePath,
                timeLimit,
                rowsPerSecond,
                exportFormat,
                bulkAtomic,
                actionPolls,
                foreignDiscovery,
                clock);
    }

    /** The same with another {@link #foreignDiscovery()}. */
    public IxonRules withForeignDiscovery(boolean foreignDiscovery) {
        return new IxonRules(
                limits,
                errors,
                paging,
                access,
                basePath,
                timeLimit,
                rowsPerSecond,
                exportFormat,
                bulkAtomic,
                actionPolls,
                foreignDiscovery,
                clock);
    }

    /** The same with another {@link #clock()}. */
    public IxonRules withClock(Clock clock) {
        return new IxonRules(
                limits,
                errors,
                paging,
                access,
                basePath,
                timeLimit,
                rowsPerSecond,
                exportFormat,
                bulkAtomic,
                actionPolls,
                foreignDiscovery,
                clock);
    }

    /** How many rows a single request can collect before it gets 504. */
    long largestRequest() {
        return timeLimit.toMillis() * rowsPerSecond / 1_000;
    }
}
