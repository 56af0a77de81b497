package io.penstock.picus.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order for reports of a simulation, one per format.
 *
 * @param type {@code run} or {@code overview}
 * @param runId the run, {@code latest}, or null for an overview
 * @param formats the formats, such as {@code PDF}
 * @param includesSensitiveData whether the reports include sensitive data
 * @param onlyPrevention whether the reports omit detection
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

    /** Creates an order for reports of the latest run, without sensitive data. */
    public static ReportOrder ofLatestRun(String... formats) {
        return new ReportOrder("run", "latest", List.of(formats), false, false);
    }

    /** Creates an order for reports of one run, without sensitive data. */
    public static ReportOrder ofRun(long runId, String... formats) {
        return new ReportOrder("run", Long.toString(runId), List.of(formats), false, false);
    }

    /** Creates an order for reports of all runs, without sensitive data. */
    public static ReportOrder overview(String... formats) {
        return new ReportOrder("overview", null, List.of(formats), false, false);
    }

    /** Returns a copy that includes sensitive data. */
    public ReportOrder withSensitiveData() {
        return new ReportOrder(type, runId, formats, true, onlyPrevention);
    }

    /** Returns a copy that covers prevention only. */
    public ReportOrder preventionOnly() {
        return new ReportOrder(type, runId, formats, includesSensitiveData, true);
    }
}
