package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.LoggedRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parameter {@code fields}: {@code name,sub.field,sub(f1,f2)} or {@code *} for the whole top level. Undocumented:
 * that {@code publicId} is always included, that a member without a selection is complete, and that a read returns at
 * least {@code publicId} and {@code name}. An unset field is null.
 */
final class Fields {

    private static final String NAME = "fields";

    private final Map<String, Fields> members = new LinkedHashMap<>();
    private boolean all;

    private Fields() {}

    /** Returns the requested fields; {@code null} if the parameter is absent. */
    static @Nullable Fields of(LoggedRequest request) {
        List<String> selections = Parameters.list(request, NAME);
        if (selections.isEmpty()) {
            return null;
        }
        Fields fields = new Fields();
        selections.forEach(fields::add);
        return fields;
    }

    /** Returns the fields for a read. */
    static ObjectNode read(@Nullable Fields fields, ObjectNode row) {
        return fields == null ? minimal(row, "publicId", "name") : fields.project(row);
    }

    /** Returns the fields for a creation. */
    static ObjectNode created(@Nullable Fields fields, ObjectNode row) {
        return fields == null ? minimal(row, "publicId") : fields.project(row);
    }

    boolean asksFor(String member) {
        return all || members.containsKey(member);
    }

    private static ObjectNode minimal(ObjectNode row, String... names) {
        ObjectNode selected = Json.object();
        for (String name : names) {
            JsonNode value = row.get(name);
            if (value != null) {
                selected.set(name, value);
            }
        }
        return selected;
    }

    private void add(String selection) {
        int dot = selection.indexOf('.');
        int parenthesis = selection.indexOf('(');
        if (selection.equals("*")) {
            all = true;
        } else if (parenthesis > 0 && (dot < 0 || parenthesis < dot) && selection.endsWith(")")) {
            Fields member = member(selection.substring(0, parenthesis));
            Parameters.split(NAME, selection.substring(parenthesis + 1, selection.length() - 1))
                    .forEach(member::add);
        } else if (dot > 0) {
            member(selection.substring(0, dot)).add(selection.substring(dot + 1));
        } else if (selection.isEmpty() || parenthesis >= 0 || dot == 0) {
            throw Refusal.invalid(Refusal.INVALID, NAME);
        } else {
            member(selection);
        }
    }

    private Fields member(String name) {
        return members.computeIfAbsent(name, created -> new Fields());
    }

    private ObjectNode project(ObjectNode row) {
        if (all) {
            return row;
        }
        ObjectNode selected = Json.object();
        JsonNode id = row.get("publicId");
        if (id != null) {
            selected.set("publicId", id);
        }
        members.forEach((name, selection) -> selected.set(name, selection.projectAny(row.get(name))));
        return selected;
    }

    private @Nullable JsonNode projectAny(@Nullable JsonNode value) {
        if (members.isEmpty()) {
            return value;
        }
        if (value instanceof ArrayNode array) {
            ArrayNode selected = Json.array();
            array.forEach(element -> selected.add(projectAny(element)));
            return selected;
        }
        return value instanceof ObjectNode object ? project(object) : value;
    }
}
