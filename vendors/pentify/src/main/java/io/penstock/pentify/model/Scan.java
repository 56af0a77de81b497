package io.penstock.pentify.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A scan. Its fields are not documented: those here are named by the request and by the completed event.
 *
 * @param id {@code scn_…}
 * @param target what is scanned
 * @param scanType how thorough it is
 * @param status where it stands
 * @param findingsCount how many findings it has, once it is done
 * @param reportUrl where its report is, once it is done
 * @param createdAt when it was ordered
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Scan(
        @Nullable String id,
        @Nullable String target,
        @Nullable ScanType scanType,
        @Nullable ScanStatus status,
        @Nullable Long findingsCount,
        @Nullable String reportUrl,
        @Nullable Instant createdAt,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public Scan {
        more = Map.copyOf(more);
    }
}
