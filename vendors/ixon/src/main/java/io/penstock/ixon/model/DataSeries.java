package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The answer to one query of historical data (page "how-to-retrieve-historical-data").
 *
 * @param start from when
 * @param end until when
 * @param timeZone the zone of its steps
 * @param source whose data
 * @param points the values, in the order asked for
 * @param more every other member, as the server sent it
 */
public record DataSeries(
        @Nullable Instant start,
        @Nullable Instant end,
        @Nullable String timeZone,
        @Nullable Resource source,
        List<DataPoint> points,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public DataSeries {
        points = points == null ? List.of() : List.copyOf(points);
        more = Map.copyOf(more);
    }
}
