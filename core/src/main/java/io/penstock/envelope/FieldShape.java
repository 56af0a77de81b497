package io.penstock.envelope;

import io.penstock.body.Pointers;
import io.penstock.error.ApiException;
import io.penstock.error.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The errors by field in an error body, and their notation: a list of objects, a list of texts, one such
 * object, an object from field to one or several errors, or one text. All of these are read.
 *
 * @param at the pointers, of which the first that leads to a value counts
 * @param field the member of an object that names the field
 * @param code the member that holds a machine-readable code; empty if there is none
 * @param message the member that holds the text
 * @param alone whether a text at the place is the name of the only field in error, whose code and text are those of the
 *     error itself
 */
public record FieldShape(List<String> at, String field, String code, String message, boolean alone) {

    /**
     * Checks the pointers and copies the list.
     *
     * @throws ApiException INVALID_CONFIGURATION if a pointer is malformed
     */
    public FieldShape {
        at = Pointers.checked("fields", at);
    }

    /** Creates a shape with the errors at one place. */
    public static FieldShape at(String pointer, String field, String code, String message) {
        return new FieldShape(List.of(pointer), field, code, message, false);
    }

    /**
     * Creates a shape for errors of one field each, which name it at one of these pointers, such as {@code /error/param}:
     * code and text are those of the error itself.
     */
    public static FieldShape named(String... pointers) {
        return new FieldShape(List.of(pointers), "", "", "", true);
    }

    /**
     * Reads the errors by field.
     *
     * @param ownCode the code of the error itself
     * @param ownMessage its text
     */
    List<FieldError> read(JsonNode body, @Nullable String ownCode, @Nullable String ownMessage) {
        List<FieldError> errors = new ArrayList<>();
        JsonNode found = Pointers.first(body, at);
        if (alone) {
            String named = found.isValueNode() && !found.isNull() ? found.asString() : "";
            return named.isBlank() ? List.of() : List.of(new FieldError(named, ownCode, ownMessage, Map.of()));
        }
        if (found.isArray()) {
            found.forEach(item -> errors.add(item.isObject() ? ofObject(null, item) : ofText(null, item)));
        } else if (isComplaint(found)) {
            errors.add(ofObject(null, found));
        } else if (found.isObject()) {
            found.properties().forEach(member -> addAll(member.getKey(), member.getValue(), errors));
        } else if (found.isString()) {
            errors.add(ofText(null, found));
        }
        return errors;
    }

    /**
     * Returns whether an object is one error and not a map from field to error. An error names its field, or has a text
     * and no other member that could be an error of another field.
     */
    private boolean isComplaint(JsonNode found) {
        if (!found.isObject()) {
            return false;
        }
        JsonNode named = field.isEmpty() ? null : found.get(field);
        if (named != null && named.isValueNode()) {
            return true;
        }
        return !message.isEmpty()
                && found.path(message).isString()
                && found.properties().stream()
                        .allMatch(member -> member.getKey().equals(message)
                                || member.getKey().equals(code)
                                || (member.getValue().isValueNode()
                                        && !member.getValue().isString()));
    }

    private FieldError ofObject(@Nullable String name, JsonNode item) {
        Map<String, JsonNode> more = new LinkedHashMap<>();
        item.properties().forEach(member -> {
            String key = member.getKey();
            if (!key.equals(field) && !key.equals(code) && !key.equals(message)) {
                more.put(key, member.getValue());
            }
        });
        String named = text(item.get(field));
        return new FieldError(named == null ? name : named, text(item.get(code)), text(item.get(message)), more);
    }

    /** Adds one error, or a list of them, as some frameworks write it. */
    private void addAll(String name, JsonNode value, List<FieldError> errors) {
        if (!value.isArray() || value.isEmpty()) {
            errors.add(isComplaint(value) ? ofObject(name, value) : ofText(name, value));
            return;
        }
        value.forEach(one -> errors.add(isComplaint(one) ? ofObject(name, one) : ofText(name, one)));
    }

    private static FieldError ofText(@Nullable String name, JsonNode value) {
        return new FieldError(name, null, text(value), Map.of());
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null || node.isNull() ? null : node.isValueNode() ? node.asString() : node.toString();
    }
}
