package io.penstock.invicti.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An application to be created (page "inventory-api").
 *
 * @param name 1 to 255 characters
 * @param description at most 1023 characters; null for none
 * @param tags its tags
 */
public record NewApplication(
        @JsonProperty("name") String name,

        @JsonProperty("description") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String description,

        @JsonProperty("tags") List<String> tags) {

    /** Copies the list. */
    public NewApplication {
        tags = List.copyOf(tags);
    }

    /** Creates an application with a name. */
    public static NewApplication named(String name) {
        return new NewApplication(name, null, List.of());
    }
}
