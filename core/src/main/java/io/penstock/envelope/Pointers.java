package io.penstock.envelope;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Looks up the first of several JSON pointers that leads to something. */
final class Pointers {

    private Pointers() {}

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
