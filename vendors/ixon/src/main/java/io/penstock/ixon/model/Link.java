package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where discovery says that a resource is (page "ixon-api-prerequisites").
 *
 * @param rel its name, which stays
 * @param href its address, which may change
 * @param methods what it understands
 * @param more every other member, as the server sent it
 */
public record Link(
        @Nullable String rel,
        @Nullable String href,
        List<String> methods,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public Link {
        methods = methods == null ? List.of() : List.copyOf(methods);
        more = Map.copyOf(more);
    }
}
