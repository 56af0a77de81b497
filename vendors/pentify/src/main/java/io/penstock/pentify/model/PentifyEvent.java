package io.penstock.pentify.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** What a webhook is told (page "webhooks"). Events that are newer than this library are {@link Other}. */
public sealed interface PentifyEvent {

    /** {@code evt_…}: the same event may be delivered several times, and events out of their order. */
    @Nullable
    String id();

    /** What happened. */
    @Nullable
    EventType type();

    /** When it happened. */
    @Nullable
    Instant createdAt();

    /** All that the event says, as the server sent it. */
    JsonNode data();

    /** The event that a body says. */
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

    /** A scan has moved on. Of its data only what the samples show is typed. */
    record OfScan(
            @Nullable String id, EventType type, @Nullable Instant createdAt, JsonNode data) implements PentifyEvent {

        /** {@code scn_…}. */
        public @Nullable String scanId() {
            return text("scan_id");
        }

        /** What is scanned. */
        public @Nullable String target() {
            return text("target");
        }

        /** Where the scan stands: the event's word and the status' word differ. */
        public @Nullable ScanStatus status() {
            String word = text("status");
            return word == null ? null : new ScanStatus(word);
        }

        /** How many findings it has, once it is completed. */
        public @Nullable Long findingsCount() {
            JsonNode count = data.path("findings_count");
            return count.canConvertToExactIntegral() && count.canConvertToLong() ? count.asLong() : null;
        }

        /** Where its report is, once it is completed. */
        public @Nullable String reportUrl() {
            return text("report_url");
        }

        /** Why it failed. */
        public @Nullable String reason() {
            return text("reason");
        }

        private @Nullable String text(String member) {
            JsonNode value = data.path(member);
            return value.isString() ? value.stringValue() : null;
        }
    }

    /** A target may be scanned now. What its data holds is not documented. */
    record TargetVerified(
            @Nullable String id, EventType type, @Nullable Instant createdAt, JsonNode data) implements PentifyEvent {}

    /** An event that this library does not know. */
    record Other(
            @Nullable String id,
            @Nullable EventType type,
            @Nullable Instant createdAt,
            JsonNode data) implements PentifyEvent {}
}
