package io.penstock.picus.model;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The progress of the two analyses of a simulation.
 *
 * @param prevention the progress of the prevention analysis
 * @param detection the progress of the detection analysis
 */
public record StatusDetails(
        @Nullable Progress prevention, @Nullable Progress detection) {

    /**
     * The progress of one analysis.
     *
     * @param completedThreatCount the number of completed threats
     * @param totalThreatCount the number of all threats
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Progress(
            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long completedThreatCount,

            @JsonDeserialize(using = Lenient.Whole.class) @Nullable
            Long totalThreatCount) {}
}
