package io.penstock.infraon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The configuration of a workflow. Only its title is known (public clients).
 *
 * @param title the display name
 * @param more every other member, as the server sent it
 */
public record Workflow(
        @Nullable String title, @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Workflow {
        more = Map.copyOf(more);
    }
}
