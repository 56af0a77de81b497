package io.penstock.pentify.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A type of event that a webhook can receive (page "webhooks"). Types that are newer than this library are kept.
 *
 * @param value the word on the wire
 */
public record EventType(@JsonValue String value) {

    /** {@code scan.queued}. */
    public static final EventType SCAN_QUEUED = new EventType("scan.queued");

    /** {@code scan.running}. */
    public static final EventType SCAN_RUNNING = new EventType("scan.running");

    /** {@code scan.completed}. */
    public static final EventType SCAN_COMPLETED = new EventType("scan.completed");

    /** {@code scan.failed}. */
    public static final EventType SCAN_FAILED = new EventType("scan.failed");

    /** {@code scan.cancelled}. */
    public static final EventType SCAN_CANCELLED = new EventType("scan.cancelled");

    /** {@code target.verified}. */
    public static final EventType TARGET_VERIFIED = new EventType("target.verified");

    /** Returns the type for a word from the wire. */
    @JsonCreator
    public static EventType of(String value) {
        return new EventType(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
