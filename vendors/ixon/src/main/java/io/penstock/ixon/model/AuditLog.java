package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One thing that happened (contract). The outcome of a device action is found here.
 *
 * @param publicId its identifier, opaque
 * @param action {@code CREATE}, {@code UPDATE}, {@code DELETE} or {@code TRIGGER}; newer words pass
 * @param topic what it is about
 * @param time when
 * @param target what it was done to
 * @param before what it was before
 * @param after what it is since
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

    /** Copies what can change. */
    public AuditLog {
        more = Map.copyOf(more);
    }
}
