package io.penstock.picus.model;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An exposure on a host, in a request for its score.
 *
 * @param exposureId the exposure, such as {@code CVE-2022-21903}
 * @param hostname the asset
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record HostExposure(String exposureId, String hostname) {}
