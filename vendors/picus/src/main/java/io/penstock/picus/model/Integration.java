package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A connected security product.
 *
 * @param integrationId its id
 * @param name the product
 * @param displayName the display name of the product
 * @param connectionName the connection
 * @param type its type, such as {@code SIEM / EDR}
 * @param healthStatus its health
 * @param integrationAgent the agent that connects it
 * @param integrationAgentId that agent's id
 * @param defaultIntegrationId the id of the product's kind
 * @param createdAt the time of creation
 * @param updatedAt the time of the last change
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Integration(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long integrationId,

        @Nullable String name,
        @Nullable String displayName,
        @Nullable String connectionName,
        @Nullable String type,
        @Nullable Health healthStatus,
        @Nullable String integrationAgent,

        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long integrationAgentId,

        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long defaultIntegrationId,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant createdAt,

        @JsonDeserialize(using = Lenient.Time.class) @Nullable
        Instant updatedAt,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Integration {
        more = Map.copyOf(more);
    }

    /**
     * The health of an integration.
     *
     * @param healthy whether the integration works
     * @param error the error, if it does not
     */
    public record Health(
            @JsonDeserialize(using = Lenient.Flag.class) @Nullable
            Boolean healthy,

            @Nullable HealthError error) {}

    /**
     * The error of an integration that does not work.
     *
     * @param step the failing step, such as {@code Connection}
     * @param type the kind of error
     * @param message the text for people
     */
    public record HealthError(
            @Nullable String step,
            @Nullable String type,
            @Nullable String message) {}
}
