package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * A report of a simulation.
 *
 * @param id its id
 * @param format its format, such as {@code PDF}
 * @param status whether it can be downloaded
 * @param name its name; only in the detail
 * @param includesSensitiveData whether it includes sensitive data; only in the detail
 * @param isPreventionOnly whether it omits detection; only in the detail
 * @param more every other member, as the server sent it
 */
public record Report(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long id,

        @Nullable String format,
        @Nullable ReportStatus status,
        @Nullable String name,

        @JsonDeserialize(using = Lenient.Flag.class) @Nullable
        Boolean includesSensitiveData,

        @JsonDeserialize(using = Lenient.Flag.class) @Nullable
        Boolean isPreventionOnly,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public Report {
        more = Map.copyOf(more);
    }
}
