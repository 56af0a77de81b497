package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The result of an importer's last run (page "api-importers-api"). Words that are newer than this library are kept.
 *
 * @param value the word on the wire
 */
public record SyncStatus(@JsonValue String value) {

    /** {@code None}: the importer has not run. A word like the others, not null. */
    public static final SyncStatus NONE = new SyncStatus("None");

    /** {@code Completed}. */
    public static final SyncStatus COMPLETED = new SyncStatus("Completed");

    /** {@code Failed}. */
    public static final SyncStatus FAILED = new SyncStatus("Failed");

    /** Returns the status for a word from the wire. */
    @JsonCreator
    public static SyncStatus of(String value) {
        return new SyncStatus(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
