package io.penstock.body;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * A lookup of the first of several JSON pointers that leads to a value.
 *
 * @hidden
 */
@Internal
public final class Pointers {

    private Pointers() {}

    /** Returns the member names of a pointer that leads through objects only (RFC 6901). */
    static List<String> names(String pointer) {
        if (pointer.isEmpty()) {
            return List.of();
        }
        if (!pointer.startsWith("/")) {
            throw ApiException.invalidRequest(
                    "pointer: " + pointer + " (expected: a JSON pointer such as /data/items, or nothing for the root)");
        }
        return Stream.of(pointer.substring(1).split("/", -1))
                .map(name -> name.replace("~1", "/").replace("~0", "~"))
                .toList();
    }

    /**
     * Checks pointers, and copies the list.
     *
     * @throws ApiException INVALID_CONFIGURATION if one of them is not a pointer
     */
    public static List<String> checked(String name, List<String> pointers) {
        pointers.forEach(pointer -> check(name, pointer));
        return List.copyOf(pointers);
    }

    /**
     * Checks a pointer.
     *
     * @throws ApiException INVALID_CONFIGURATION if it is not a pointer
     */
    public static void check(String name, String pointer) {
        for (int from = 0; from < pointer.length(); from = end(pointer, from)) {
            boolean element = isElement(pointer, from);
            if (pointer.charAt(from) != '/' || (element && end(pointer, from) > pointer.length())) {
                throw ApiException.invalidConfiguration(name + ": " + pointer
                        + " (expected: a JSON pointer as in RFC 6901, such as /error/code; of a list /0, or /[type=wait] for"
                        + " the element whose type is wait)");
            }
        }
    }

    /** Returns the node that a pointer leads to; a missing node if it leads nowhere. */
    static JsonNode at(JsonNode tree, String pointer) {
        JsonNode found = tree;
        for (int from = 0; from < pointer.length(); from = end(pointer, from)) {
            String step = pointer.substring(from, end(pointer, from));
            found = isElement(pointer, from) ? element(found, step.substring(2, step.length() - 1)) : found.at(step);
        }
        return found;
    }

    /** Returns whether the step that begins here selects an element of a list by one of its members. */
    private static boolean isElement(String pointer, int from) {
        int equals = pointer.indexOf('=', from);
        int slash = pointer.indexOf('/', from + 1);
        return pointer.startsWith("/[", from) && equals >= 0 && (slash < 0 || equals < slash);
    }

    /** Returns the end of the step that begins here; one past the end of the pointer if a bracket is not closed. */
    private static int end(String pointer, int from) {
        if (!isElement(pointer, from)) {
            int slash = pointer.indexOf('/', from + 1);
            return slash < 0 ? pointer.length() : slash;
        }
        for (int at = pointer.indexOf(']', from); at >= 0; at = pointer.indexOf(']', at + 1)) {
            if (at + 1 == pointer.length() || pointer.charAt(at + 1) == '/') {
                return at + 1;
            }
        }
        return pointer.length() + 1;
    }

    private static JsonNode element(JsonNode list, String condition) {
        int equals = condition.indexOf('=');
        String member = condition.substring(0, equals);
        String value = condition.substring(equals + 1);
        for (JsonNode item : list) {
            JsonNode found = item.path(member);
            if (found.isValueNode() && value.equals(found.asString())) {
                return item;
            }
        }
        return MissingNode.getInstance();
    }

    /** Returns the node that the first matching pointer leads to; a missing node if none matches. */
    public static JsonNode first(JsonNode tree, List<String> pointers) {
        for (String pointer : pointers) {
            JsonNode found = at(tree, pointer);
            if (!found.isMissingNode() && !found.isNull()) {
                return found;
            }
        }
        return MissingNode.getInstance();
    }

    /** Returns the first scalar that is not blank, as text, or null. */
    public static @Nullable String text(JsonNode tree, List<String> pointers) {
        for (String pointer : pointers) {
            JsonNode found = at(tree, pointer);
            if (found.isValueNode() && !found.isNull() && !found.asString().isBlank()) {
                return found.asString();
            }
        }
        return null;
    }

    /**
     * Returns the first message that these pointers lead to, or null: a scalar, or all scalars of a list joined by
     * semicolons.
     */
    public static @Nullable String message(JsonNode tree, List<String> pointers) {
        for (String pointer : pointers) {
            JsonNode found = at(tree, pointer);
            String said = found.isArray()
                    ? found.valueStream()
                            .map(Pointers::plain)
                            .filter(Objects::nonNull)
                            .collect(Collectors.joining("; "))
                    : plain(found);
            if (said != null && !said.isEmpty()) {
                return said;
            }
        }
        return null;
    }

    private static @Nullable String plain(JsonNode node) {
        return node.isValueNode() && !node.isNull() && !node.asString().isBlank() ? node.asString() : null;
    }
}
