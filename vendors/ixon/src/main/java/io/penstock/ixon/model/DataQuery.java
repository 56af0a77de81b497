package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A query for historical data (page "how-to-retrieve-historical-data"). The API answers within 50 to 60 s or not at
 * all: request a short period, or few points with {@code limit} and {@code offset} in the series.
 *
 * @param source the data source, as {@code {"publicId": …}}
 * @param start the start of the period
 * @param end the end of the period
 * @param timeZone the time zone of the steps
 * @param tags the tags to read
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataQuery(Map<String, String> source, Instant start, Instant end, String timeZone, List<Tag> tags) {

    /** Copies the mutable components. */
    public DataQuery {
        source = Map.copyOf(source);
        tags = List.copyOf(tags);
    }

    /** Creates a query for the data of one source in a period, in UTC. */
    public static DataQuery of(String dataSourceId, Instant start, Instant end, Tag... tags) {
        return new DataQuery(Map.of("publicId", dataSourceId), start, end, "UTC", List.of(tags));
    }

    /**
     * A query for one tag.
     *
     * @param slug the tag's slug
     * @param queries the series, each an object with {@code ref} and any of {@code postAggr} (count, mean, median,
     *     mode, spread, sum, first, last, max, min, raw), {@code postTransform}, {@code step} in seconds,
     *     {@code limit}, {@code offset}, {@code factor}, {@code operator}, {@code decimals}, {@code order} (asc, desc)
     */
    public record Tag(String slug, List<Map<String, ?>> queries) {

        /** Copies the mutable components. */
        public Tag {
            queries = List.copyOf(queries);
        }

        /** Creates a query for a tag with one series, whose name in the response is {@code ref}. */
        public static Tag of(String slug, String ref, Map<String, ?> settings) {
            Map<String, Object> query = new LinkedHashMap<>(settings);
            query.put("ref", ref);
            return new Tag(slug, List.of(query));
        }
    }
}
