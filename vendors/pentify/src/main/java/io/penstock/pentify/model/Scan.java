package io.penstock.pentify.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A scan. Its fields are not documented: these are named by the request and by the completed event.
 *
 * @param id {@code scn_…}
 * @param target the scanned target
 * @param scanType the depth of the scan
 * @param status its status
 * @param findingsCount the number of findings once it is done
 * @param reportUrl the address of its report once it is done
 * @param createdAt the time of the order
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

    /** Copies the mutable components. */
    public Scan {
        more = Map.copyOf(more);
    }
}
