package io.penstock.picus.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The score of a device.
 *
 * @param deviceId the device
 * @param blockedCount blocked
 * @param notBlockedCount not blocked
 * @param totalCount all
 * @param score its score
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record DeviceScore(
        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long deviceId,

        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long blockedCount,

        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long notBlockedCount,

        @JsonDeserialize(using = Lenient.Whole.class) @Nullable
        Long totalCount,

        @JsonDeserialize(using = Lenient.Decimal.class) @Nullable
        BigDecimal score,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public DeviceScore {
        more = Map.copyOf(more);
    }
}
