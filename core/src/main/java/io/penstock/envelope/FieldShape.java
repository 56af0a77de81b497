package io.penstock.envelope;

import io.penstock.ApiException;
import io.penstock.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where and how an error body complains about fields. What stands there may be a list of objects, a list of texts, an object
 * from field to complaint, or one text: all four are read.
 *
 * @param at the pointers, the first that leads to something counts
 * @param field the member of an object that names the field
 * @param code the member that holds a machine code; empty if there is none
 * @param message the member that holds the text
 */
public record FieldShape(List<String> at, String field, String code, String message) {

    /** Checks the pointers and copies the list: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public FieldShape {
        at = Pointers.checked("fields", at);
    }

    /** Complaints at one place. */
    public static FieldShape at(String pointer, String field, String code, String message) {
        return new FieldShape(List.of(pointer), field, code, message);
    }

    List<FieldError> read(JsonNode body) {
        List<FieldError> errors = new ArrayList<>();
        JsonNode found = Pointers.first(body, at);
        if (found.isArray()) {
            found.forEach(item -> errors.add(item.isObject() ? ofObject(item) : ofText(null, item)));
        } else if (found.isObject()) {
            found.properties().forEach(member -> errors.add(ofText(member.getKey(), member.getValue())));
        } else if (found.isString()) {
            errors.add(ofText(null, found));
        }
        return errors;
    }

    private FieldError ofObject(JsonNode item) {
        Map<String, JsonNode> more = new LinkedHashMap<>();
        item.properties().forEach(member -> {
            String name = member.getKey();
            if (!name.equals(field) && !name.equals(code) && !name.equals(message)) {
                more.put(name, member.getValue());
            }
        });
        return new FieldError(text(item.get(field)), text(item.get(code)), text(item.get(message)), more);
    }

    /** A text, or a list of which the first counts, as some frameworks write it. */
    private static FieldError ofText(@Nullable String name, JsonNode value) {
        JsonNode first = value.isArray() && !value.isEmpty() ? value.get(0) : value;
        return new FieldError(name, null, text(first), Map.of());
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null || node.isNull() ? null : node.isValueNode() ? node.asString() : node.toString();
    }
}
