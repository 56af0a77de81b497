package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A workflow's configuration, of which only the title is known (public clients).
 *
 * @param title for people
 * @param more every other member, as the server sent it
 */
public record Workflow(
        @Nullable String title, @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public Workflow {
        more = Map.copyOf(more);
    }
}
