package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The status of a report. Only {@code COMPLETED} is documented; any other word means that the report is not ready yet.
 * Words that are newer than this library are kept.
 *
 * @param value the word on the wire
 */
public record ReportStatus(@JsonValue String value) {

    /** {@code COMPLETED}. */
    public static final ReportStatus COMPLETED = new ReportStatus("COMPLETED");

    /** Returns the status for a word from the wire. */
    @JsonCreator
    public static ReportStatus of(String value) {
        return new ReportStatus(value);
    }

    /** Returns whether the report can be downloaded. */
    public boolean isCompleted() {
        return equals(COMPLETED);
    }

    @Override
    public String toString() {
        return value;
    }
}
