package io.penstock.envelope;

import io.penstock.ApiException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Looks up the first of several JSON pointers that leads to something. */
final class Pointers {

    private Pointers() {}

    /** The member names of a pointer that leads through objects only (RFC 6901). */
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

    /** What it leads to; a missing node if none does. */
    static JsonNode first(JsonNode tree, List<String> pointers) {
        for (String pointer : pointers) {
            JsonNode found = tree.at(pointer);
            if (!found.isMissingNode() && !found.isNull()) {
                return found;
            }
        }
        return MissingNode.getInstance();
    }

    /** The first plain value that is not blank, as text. */
    static @Nullable String text(JsonNode tree, List<String> pointers) {
        for (String pointer : pointers) {
            JsonNode found = tree.at(pointer);
            if (found.isValueNode() && !found.isNull() && !found.asString().isBlank()) {
                return found.asString();
            }
        }
        return null;
    }
}
