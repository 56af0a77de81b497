package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A link from discovery to a resource (page "ixon-api-prerequisites").
 *
 * @param rel its name, which is stable
 * @param href its address, which may change
 * @param methods the methods it supports
 * @param more every other member, as the server sent it
 */
public record Link(
        @Nullable String rel,
        @Nullable String href,
        List<String> methods,
        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Link {
        methods = methods == null ? List.of() : List.copyOf(methods);
        more = Map.copyOf(more);
    }
}
