package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How an importer's last run went (page "api-importers-api"). Words that are newer than this library pass through as they
 * are.
 *
 * @param value the word on the wire
 */
public record SyncStatus(@JsonValue String value) {

    /** {@code None}: it has not run. A word like the others, and not null. */
    public static final SyncStatus NONE = new SyncStatus("None");

    /** {@code Completed}. */
    public static final SyncStatus COMPLETED = new SyncStatus("Completed");

    /** {@code Failed}. */
    public static final SyncStatus FAILED = new SyncStatus("Failed");

    /** The status with that word on the wire. */
    @JsonCreator
    public static SyncStatus of(String value) {
        return new SyncStatus(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
