package io.penstock.picus.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of reports of a simulation, one for each format.
 *
 * @param type {@code run} or {@code overview}
 * @param runId the run, {@code latest}, or null for an overview
 * @param formats such as {@code PDF}
 * @param includesSensitiveData whether they may
 * @param onlyPrevention whether they leave detection out
 */
public record ReportOrder(
        String type,
        @Nullable String runId,
        List<String> formats,
        boolean includesSensitiveData,
        boolean onlyPrevention) {

    /** Copies the list. */
    public ReportOrder {
        formats = List.copyOf(formats);
    }

    /** Of the latest run, without sensitive data. */
    public static ReportOrder ofLatestRun(String... formats) {
        return new ReportOrder("run", "latest", List.of(formats), false, false);
    }

    /** Of one run, without sensitive data. */
    public static ReportOrder ofRun(long runId, String... formats) {
        return new ReportOrder("run", Long.toString(runId), List.of(formats), false, false);
    }

    /** Of all runs, without sensitive data. */
    public static ReportOrder overview(String... formats) {
        return new ReportOrder("overview", null, List.of(formats), false, false);
    }

    /** The same reports, with sensitive data. */
    public ReportOrder withSensitiveData() {
        return new ReportOrder(type, runId, formats, true, onlyPrevention);
    }

    /** The same reports, of prevention only. */
    public ReportOrder preventionOnly() {
        return new ReportOrder(type, runId, formats, includesSensitiveData, true);
    }
}
