package io.penstock.pentify.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** An event delivered to a webhook (page "webhooks"). Events that are newer than this library are {@link Other}. */
public sealed interface PentifyEvent {

    /**
     * Returns the id, {@code evt_…}. The same event may be delivered several times, and events may arrive out of order.
     */
    @Nullable
    String id();

    /** Returns the type of the event. */
    @Nullable
    EventType type();

    /** Returns the time of the event. */
    @Nullable
    Instant createdAt();

    /** Returns the data of the event, as the server sent it. */
    JsonNode data();

    /** Creates the event that a body contains. */
    @JsonCreator
    static PentifyEvent of(
            @JsonProperty("id") @Nullable String id,
            @JsonProperty("type") @Nullable EventType type,
            @JsonProperty("created_at") @Nullable Instant createdAt,
            @JsonProperty("data") @Nullable JsonNode data) {
        JsonNode known = data == null ? MissingNode.getInstance() : data;
        if (type != null && type.value().startsWith("scan.")) {
            return new OfScan(id, type, createdAt, known);
        }
        return type != null && type.equals(EventType.TARGET_VERIFIED)
                ? new TargetVerified(id, type, createdAt, known)
                : new Other(id, type, createdAt, known);
    }

    /**
     * A change of a scan's status. Only the data in the samples is typed.
     *
     * @param id its id, or null if it is missing
     * @param type its type
     * @param createdAt its time, or null if it is missing
     * @param data all its data
     */
    record OfScan(
            @Nullable String id, EventType type, @Nullable Instant createdAt, JsonNode data) implements PentifyEvent {

        /** Returns the id of the scan, {@code scn_…}. */
        public @Nullable String scanId() {
            return text("scan_id");
        }

        /** Returns the scanned target. */
        public @Nullable String target() {
            return text("target");
        }

        /** Returns the status of the scan. Its word differs from that of the event. */
        public @Nullable ScanStatus status() {
            String word = text("status");
            return word == null ? null : new ScanStatus(word);
        }

        /** Returns the number of findings once the scan is completed. */
        public @Nullable Long findingsCount() {
            JsonNode count = data.path("findings_count");
            return count.canConvertToExactIntegral() && count.canConvertToLong() ? count.asLong() : null;
        }

        /** Returns the address of the report once the scan is completed. */
        public @Nullable String reportUrl() {
            return text("report_url");
        }

        /** Returns the reason why the scan failed. */
        public @Nullable String reason() {
            return text("reason");
        }

        private @Nullable String text(String member) {
            JsonNode value = data.path(member);
            return value.isString() ? value.stringValue() : null;
        }
    }

    /**
     * The verification of a target, which may now be scanned.
     *
     * @param id its id, or null if it is missing
     * @param type its type
     * @param createdAt its time, or null if it is missing
     * @param data its data, which is not documented
     */
    record TargetVerified(
            @Nullable String id, EventType type, @Nullable Instant createdAt, JsonNode data) implements PentifyEvent {}

    /**
     * An event that is unknown to this library.
     *
     * @param id its id, or null if it is missing
     * @param type its type, or null if it is missing
     * @param createdAt its time, or null if it is missing
     * @param data its data
     */
    record Other(
            @Nullable String id,
            @Nullable EventType type,
            @Nullable Instant createdAt,
            JsonNode data) implements PentifyEvent {}
}
