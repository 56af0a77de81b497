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
 * How much an exposure matters on an asset.
 *
 * @param assetId the asset
 * @param cveId the exposure
 * @param assetCriticality how critical the asset is
 * @param contextualCvss CVSS in the asset's context
 * @param exploitability how easily it is exploited
 * @param picusExposureScore the score
 * @param securityControlEffectiveness in percent, a text on the wire
 * @param more every other member, as the server sent it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ExposureScore(
        @Nullable String assetId,
        @Nullable String cveId,

        @JsonDeserialize(using = Lenient.Decimal.class) @Nullable
        BigDecimal assetCriticality,

        @JsonDeserialize(using = Lenient.Decimal.class) @Nullable
        BigDecimal contextualCvss,

        @JsonDeserialize(using = Lenient.Decimal.class) @Nullable
        BigDecimal exploitability,

        @JsonDeserialize(using = Lenient.Decimal.class) @Nullable
        BigDecimal picusExposureScore,

        @JsonDeserialize(using = Lenient.Decimal.class) @Nullable
        BigDecimal securityControlEffectiveness,

        @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public ExposureScore {
        more = Map.copyOf(more);
    }
}
