package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.penstock.http.Secret;
import java.util.List;

/**
 * A connection to Mend to be created (page "ast-import-api").
 *
 * @param name its name
 * @param integrationType {@code MEND}
 * @param category {@code ast_connections}
 * @param status its status; the words are not documented
 * @param url the address of Mend
 * @param email the user there
 * @param userKey the user's key there; visible only in the request
 * @param organizationId the organization there
 * @param vulnerabilitySource the findings to import: {@code SAST}, {@code SCA}, {@code CONTAINER}
 */
public record NewMendConnection(
        @JsonProperty("name") String name,
        @JsonProperty("integrationType") String integrationType,
        @JsonProperty("category") String category,
        @JsonProperty("status") String status,
        @JsonProperty("url") String url,
        @JsonProperty("email") String email,
        @JsonIgnore Secret userKey,
        @JsonProperty("organizationId") String organizationId,
        @JsonProperty("vulnerabilitySource") List<String> vulnerabilitySource) {

    /** Copies the list. */
    public NewMendConnection {
        vulnerabilitySource = List.copyOf(vulnerabilitySource);
    }

    /** Creates a connection with the type and category of the page. */
    public static NewMendConnection of(
            String name,
            String status,
            String url,
            String email,
            Secret userKey,
            String organizationId,
            List<String> vulnerabilitySource) {
        return new NewMendConnection(
                name, "MEND", "ast_connections", status, url, email, userKey, organizationId, vulnerabilitySource);
    }

    @JsonProperty("userKey")
    String userKeyOnTheWire() {
        return userKey.reveal();
    }
}
