package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A query of historical data (page "how-to-retrieve-historical-data"). The API answers within 50 to 60 s or not at all:
 * ask for a short time, or for few points with {@code limit} and {@code offset} in the series.
 *
 * @param source the data source, as {@code {"publicId": …}}
 * @param start from when
 * @param end until when
 * @param timeZone the zone that steps are counted in
 * @param tags what of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataQuery(Map<String, String> source, Instant start, Instant end, String timeZone, List<Tag> tags) {

    /** Copies what can change. */
    public DataQuery {
        source = Map.copyOf(source);
        tags = List.copyOf(tags);
    }

    /** What a data source has recorded in a time, in UTC. */
    public static DataQuery of(String dataSourceId, Instant start, Instant end, Tag... tags) {
        return new DataQuery(Map.of("publicId", dataSourceId), start, end, "UTC", List.of(tags));
    }

    /**
     * What to read of one tag.
     *
     * @param slug the tag's
     * @param queries the series, each an object with {@code ref} and any of {@code postAggr} (count, mean, median, mode,
     *     spread, sum, first, last, max, min, raw), {@code postTransform}, {@code step} in seconds, {@code limit},
     *     {@code offset}, {@code factor}, {@code operator}, {@code decimals}, {@code order} (asc, desc)
     */
    public record Tag(String slug, List<Map<String, ?>> queries) {

        /** Copies what can change. */
        public Tag {
            queries = List.copyOf(queries);
        }

        /** A tag with one series, found in the answer as {@code ref}. */
        public static Tag of(String slug, String ref, Map<String, ?> settings) {
            Map<String, Object> query = new LinkedHashMap<>(settings);
            query.put("ref", ref);
            return new Tag(slug, List.of(query));
        }
    }
}
