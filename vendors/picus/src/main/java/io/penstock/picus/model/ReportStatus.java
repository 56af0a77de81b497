package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Where a report stands. Only {@code COMPLETED} is documented; any other word means: not yet. Words that are newer than this library pass through as they are.
 *
 * @param value the word on the wire
 */
public record ReportStatus(@JsonValue String value) {

    /** {@code COMPLETED}. */
    public static final ReportStatus COMPLETED = new ReportStatus("COMPLETED");

    /** The status with that word on the wire. */
    @JsonCreator
    public static ReportStatus of(String value) {
        return new ReportStatus(value);
    }

    /** Whether it can be downloaded. */
    public boolean isCompleted() {
        return equals(COMPLETED);
    }

    @Override
    public String toString() {
        return value;
    }
}
