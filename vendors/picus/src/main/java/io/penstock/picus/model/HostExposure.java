package io.penstock.picus.model;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * An exposure on a host, to ask for its score.
 *
 * @param exposureId such as {@code CVE-2022-21903}
 * @param hostname the asset
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record HostExposure(String exposureId, String hostname) {}
