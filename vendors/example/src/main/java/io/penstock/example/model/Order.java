package io.penstock.example.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * An order that Lumen has accepted.
 *
 * @param id its id, {@code ord_…}
 * @param lampId the id of the lamp
 * @param quantity the number of lamps
 */
public record Order(
        String id, @JsonProperty("lamp_id") @Nullable String lampId, int quantity) {}
