package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An API in the inventory of the API hub (page "api-inventory-api").
 *
 * @param id its identifier
 * @param name its name
 * @param description its description
 * @param definitions the sources of its definitions; empty if the server names none
 * @param definitionFormat the format of its definitions
 * @param createdAt the time of creation
 * @param modifiedAt the time of the last change
 * @param lastScanned the time of the last scan, or null
 * @param lastScanStatus the status of the last scan, or null
 * @param operationsCount the number of its operations
 * @param hidden whether it is hidden
 * @param vulnerabilityCounts the vulnerabilities found, or null
 * @param apiCredentialId the credential for scans, or null
 * @param more every other member, as the server sent it, including those whose form is not documented, such as
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
     * @param source its source, or null
     * @param format its format
     * @param name its name
     * @param url its address
     * @param sourceName the name of its source
     */
    public record Definition(
            @JsonProperty("id") @Nullable String id,
            @JsonProperty("source") @Nullable Source source,
            @JsonProperty("format") @Nullable String format,
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("url") @Nullable String url,
            @JsonProperty("sourceName") @Nullable String sourceName) {}

    /**
     * The source of a definition.
     *
     * @param mode how the definition was obtained
     * @param origin its origin
     */
    public record Source(
            @JsonProperty("mode") @Nullable String mode,
            @JsonProperty("origin") @Nullable String origin) {}

    /**
     * The number of vulnerabilities by severity.
     *
     * @param critical the number of critical ones
     * @param high the number of high ones
     * @param medium the number of medium ones
     * @param low the number of low ones
     * @param info the number of informational ones
     */
    public record VulnerabilityCounts(
            @JsonProperty("critical") @Nullable Long critical,
            @JsonProperty("high") @Nullable Long high,
            @JsonProperty("medium") @Nullable Long medium,
            @JsonProperty("low") @Nullable Long low,
            @JsonProperty("info") @Nullable Long info) {}

    /** Copies the mutable components. */
    public ApiTarget {
        definitions = definitions == null ? List.of() : List.copyOf(definitions);
        more = Map.copyOf(more);
    }
}
