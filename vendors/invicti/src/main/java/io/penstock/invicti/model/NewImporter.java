package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.penstock.http.Secret;

/**
 * An importer to be created (page "api-importers-api").
 *
 * @param name its name
 * @param type the type of its source
 * @param status whether it runs
 * @param updateFrequency how often it runs
 * @param parameters its parameters
 * @param excludeEmptySpecs whether definitions without content are omitted
 */
public record NewImporter(
        @JsonProperty("name") String name,
        @JsonProperty("type") ImporterType type,
        @JsonProperty("status") ImporterStatus status,
        @JsonProperty("updateFrequency") UpdateFrequency updateFrequency,
        @JsonProperty("parameters") Parameters parameters,
        @JsonProperty("excludeEmptySpecs") boolean excludeEmptySpecs) {

    /**
     * The interval between updates.
     *
     * @param unit {@code hourly}, {@code daily}, {@code weekly} or {@code monthly}
     * @param value the number of units between updates
     */
    public record UpdateFrequency(
            @JsonProperty("unit") String unit,
            @JsonProperty("value") int value) {}

    /**
     * The importer's own access to its source.
     *
     * @param clientId its identity at the source
     * @param clientSecret its secret at the source; visible only in the request
     * @param organizationId the owner of the definitions
     */
    public record Parameters(
            @JsonProperty("clientId") String clientId,
            @JsonIgnore Secret clientSecret,
            @JsonProperty("organizationId") String organizationId) {

        @JsonProperty("clientSecret")
        String clientSecretOnTheWire() {
            return clientSecret.reveal();
        }
    }
}
