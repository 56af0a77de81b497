package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.penstock.http.Secret;

/**
 * An importer to be created (page "api-importers-api").
 *
 * @param name its name
 * @param type what it imports from
 * @param status whether it runs
 * @param updateFrequency how often it runs
 * @param parameters what it needs to know to import
 * @param excludeEmptySpecs whether definitions without content are left out
 */
public record NewImporter(
        @JsonProperty("name") String name,
        @JsonProperty("type") ImporterType type,
        @JsonProperty("status") ImporterStatus status,
        @JsonProperty("updateFrequency") UpdateFrequency updateFrequency,
        @JsonProperty("parameters") Parameters parameters,
        @JsonProperty("excludeEmptySpecs") boolean excludeEmptySpecs) {

    /**
     * How often.
     *
     * @param unit {@code hourly}, {@code daily}, {@code weekly} or {@code monthly}
     * @param value every so many of them
     */
    public record UpdateFrequency(
            @JsonProperty("unit") String unit,
            @JsonProperty("value") int value) {}

    /**
     * The importer's own access to what it imports from.
     *
     * @param clientId who it is there
     * @param clientSecret its secret there; only the wire sees it
     * @param organizationId whose definitions
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
