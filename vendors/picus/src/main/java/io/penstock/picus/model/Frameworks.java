package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The scores of a run by framework. Their members are not documented.
 *
 * @param mitreAttackResults by MITRE ATT&amp;CK
 * @param unifiedKillChainResults by the unified kill chain
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Frameworks(
        List<JsonNode> mitreAttackResults,

        List<JsonNode> unifiedKillChainResults,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Frameworks {
        mitreAttackResults = mitreAttackResults == null ? List.of() : List.copyOf(mitreAttackResults);
        unifiedKillChainResults = unifiedKillChainResults == null ? List.of() : List.copyOf(unifiedKillChainResults);
        more = Map.copyOf(more);
    }
}
