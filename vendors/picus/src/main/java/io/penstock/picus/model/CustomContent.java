package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A custom detection content.
 *
 * @param contentId its id
 * @param name its name
 * @param type its type
 * @param author its author
 * @param severity its severity
 * @param actions the actions that it detects; their members are not documented
 * @param contentSources its sources; their members are not documented
 * @param tactics the tactics of MITRE ATT&amp;CK; their members are not documented
 * @param techniques the techniques of MITRE ATT&amp;CK; their members are not documented
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record CustomContent(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long contentId,

        @Nullable String name,

        @Nullable String type,

        @Nullable String author,

        @Nullable String severity,

        List<JsonNode> actions,

        List<JsonNode> contentSources,

        List<JsonNode> tactics,

        List<JsonNode> techniques,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public CustomContent {
        actions = actions == null ? List.of() : List.copyOf(actions);
        contentSources = contentSources == null ? List.of() : List.copyOf(contentSources);
        tactics = tactics == null ? List.of() : List.copyOf(tactics);
        techniques = techniques == null ? List.of() : List.copyOf(techniques);
        more = Map.copyOf(more);
    }
}
