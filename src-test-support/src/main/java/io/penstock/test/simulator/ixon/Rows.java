package io.penstock.test.simulator.ixon;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The stored data by place: rows of collections, oldest first (undocumented), and single resources. */
final class Rows {

    private final Map<String, Map<String, Row>> collections = new HashMap<>();
    private final Map<String, ObjectNode> singles = new HashMap<>();
    private long sequence;

    /** Adds a row whose first member is {@code publicId}. */
    ObjectNode add(String place, String publicId, ObjectNode content) {
        ObjectNode json = Json.reference(publicId);
        content.properties().forEach(member -> {
            if (!member.getKey().equals("publicId")) {
                json.set(member.getKey(), member.getValue());
            }
        });
        collections.computeIfAbsent(place, created -> new LinkedHashMap<>()).put(publicId, new Row(++sequence, json));
        return json;
    }

    Collection<Row> all(String place) {
        Map<String, Row> rows = collections.get(place);
        return rows == null ? List.of() : rows.values();
    }

    @Nullable
    ObjectNode find(String place, String publicId) {
        Map<String, Row> rows = collections.get(place);
        Row row = rows == null ? null : rows.get(publicId);
        return row == null ? null : row.json();
    }

    boolean remove(String place, String publicId) {
        Map<String, Row> rows = collections.get(place);
        return rows != null && rows.remove(publicId) != null;
    }

    /** Returns whether a collection whose place has this prefix and suffix contains the row. */
    boolean existsBelow(String prefix, String suffix, String publicId) {
        return collections.entrySet().stream()
                .anyMatch(collection -> collection.getKey().startsWith(prefix)
                        && collection.getKey().endsWith(suffix)
                        && collection.getValue().containsKey(publicId));
    }

    /** Returns the only resource at a place, and creates it on demand. */
    ObjectNode single(String place) {
        return singles.computeIfAbsent(place, created -> Json.reference(Ids.resource()));
    }

    void removeSingle(String place) {
        singles.remove(place);
    }

    /**
     * A row with its sequence.
     *
     * @param sequence grows with every row, so that a page can follow a row that was removed
     */
    record Row(long sequence, ObjectNode json) {}
}
