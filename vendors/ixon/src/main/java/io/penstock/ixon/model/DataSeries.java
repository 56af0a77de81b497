package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The response to one query for historical data (page "how-to-retrieve-historical-data").
 *
 * @param start the start of the period
 * @param end the end of the period
 * @param timeZone the time zone of the steps
 * @param source the data source
 * @param points the values, in the requested order
 * @param more every other member, as the server sent it
 */
public record DataSeries(
        @Nullable Instant start,
        @Nullable Instant end,
        @Nullable String timeZone,
        @Nullable Resource source,
        List<DataPoint> points,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public DataSeries {
        points = points == null ? List.of() : List.copyOf(points);
        more = Map.copyOf(more);
    }
}
