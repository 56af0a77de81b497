package io.penstock.picus.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * How far the two analyses of a simulation are.
 *
 * @param prevention of the prevention analysis
 * @param detection of the detection analysis
 */
public record StatusDetails(
        @Nullable Progress prevention, @Nullable Progress detection) {

    /**
     * How far one is.
     *
     * @param completedThreatCount the threats that are through
     * @param totalThreatCount all of them
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Progress(
            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long completedThreatCount,

            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long totalThreatCount) {}
}
