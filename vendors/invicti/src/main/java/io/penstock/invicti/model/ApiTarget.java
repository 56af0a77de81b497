package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An API of the API hub's inventory (page "api-inventory-api").
 *
 * @param id its identifier
 * @param name its name
 * @param description its description
 * @param definitions where its definitions come from; empty if the server names none
 * @param definitionFormat the definitions' format
 * @param createdAt when it was added
 * @param modifiedAt when it was last changed
 * @param lastScanned when it was last scanned, or null
 * @param lastScanStatus how that went, or null
 * @param operationsCount how many operations it has
 * @param hidden whether it is hidden
 * @param vulnerabilityCounts what was found, or null
 * @param apiCredentialId the credential it is scanned with, or null
 * @param more every other member, as the server sent it; among them those whose form is not documented, such as
 *     {@code alternativeUrls}
 */
public record ApiTarget(
        @JsonProperty("id") @Nullable String id,
        @JsonProperty("name") @Nullable String name,
        @JsonProperty("description") @Nullable String description,
        @JsonProperty("definitions") List<Definition> definitions,
        @JsonProperty("definitionFormat") @Nullable String definitionFormat,
        @JsonProperty("createdAt") @Nullable OffsetDateTime createdAt,
        @JsonProperty("modifiedAt") @Nullable OffsetDateTime modifiedAt,
        @JsonProperty("lastScanned") @Nullable OffsetDateTime lastScanned,
        @JsonProperty("lastScanStatus") @Nullable String lastScanStatus,
        @JsonProperty("operationsCount") @Nullable Long operationsCount,
        @JsonProperty("isHidden") @Nullable Boolean hidden,
        @JsonProperty("vulnerabilityCounts") @Nullable VulnerabilityCounts vulnerabilityCounts,
        @JsonProperty("apiCredentialId") @Nullable String apiCredentialId,
        @JsonAnySetter Map<String, JsonNode> more) {

    /**
     * One definition of an API.
     *
     * @param id its identifier
     * @param source where it comes from, or null
     * @param format its format
     * @param name its name
     * @param url its address
     * @param sourceName the name of where it comes from
     */
    public record Definition(
            @JsonProperty("id") @Nullable String id,
            @JsonProperty("source") @Nullable Source source,
            @JsonProperty("format") @Nullable String format,
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("url") @Nullable String url,
            @JsonProperty("sourceName") @Nullable String sourceName) {}

    /**
     * Where a definition comes from.
     *
     * @param mode how it was got
     * @param origin from where
     */
    public record Source(
            @JsonProperty("mode") @Nullable String mode,
            @JsonProperty("origin") @Nullable String origin) {}

    /**
     * How many vulnerabilities were found.
     *
     * @param critical of the gravest
     * @param high grave
     * @param medium less grave
     * @param low hardly grave
     * @param info only worth knowing
     */
    public record VulnerabilityCounts(
            @JsonProperty("critical") @Nullable Long critical,
            @JsonProperty("high") @Nullable Long high,
            @JsonProperty("medium") @Nullable Long medium,
            @JsonProperty("low") @Nullable Long low,
            @JsonProperty("info") @Nullable Long info) {}

    /** Copies what can change. */
    public ApiTarget {
        definitions = definitions == null ? List.of() : List.copyOf(definitions);
        more = Map.copyOf(more);
    }
}
