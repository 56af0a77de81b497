package io.penstock.pentify.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The status of a scan. Only {@code succeeded} is documented as a status word; the others follow the events. Words that
 * are newer than this library are kept. The event for {@code succeeded} is called {@code scan.completed}: see
 * {@link EventType}.
 *
 * @param value the word on the wire
 */
public record ScanStatus(@JsonValue String value) {

    /** {@code queued}. */
    public static final ScanStatus QUEUED = new ScanStatus("queued");

    /** {@code running}. */
    public static final ScanStatus RUNNING = new ScanStatus("running");

    /** {@code succeeded}. */
    public static final ScanStatus SUCCEEDED = new ScanStatus("succeeded");

    /** {@code failed}. */
    public static final ScanStatus FAILED = new ScanStatus("failed");

    /** {@code cancelled}. */
    public static final ScanStatus CANCELLED = new ScanStatus("cancelled");

    /** Returns the status for a word from the wire. */
    @JsonCreator
    public static ScanStatus of(String value) {
        return new ScanStatus(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
