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
 * The importance of an exposure on an asset.
 *
 * @param assetId the asset
 * @param cveId the exposure
 * @param assetCriticality the criticality of the asset
 * @param contextualCvss CVSS in the asset's context
 * @param exploitability the exploitability of the exposure
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

    /** Copies the mutable components. */
    public ExposureScore {
        more = Map.copyOf(more);
    }
}
