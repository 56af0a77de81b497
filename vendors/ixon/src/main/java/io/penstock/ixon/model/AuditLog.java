package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One entry of an audit log (contract). The outcomes of device actions are such entries.
 *
 * @param publicId its opaque identifier
 * @param action {@code CREATE}, {@code UPDATE}, {@code DELETE} or {@code TRIGGER}; newer words are kept
 * @param topic its topic
 * @param time the time of the action
 * @param target the object of the action
 * @param before the state before the action
 * @param after the state after the action
 * @param more every other member, as the server sent it
 */
public record AuditLog(
        @Nullable String publicId,
        @Nullable String action,
        @Nullable String topic,
        @Nullable Instant time,
        @Nullable JsonNode target,
        @Nullable JsonNode before,
        @Nullable JsonNode after,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public AuditLog {
        more = Map.copyOf(more);
    }
}
