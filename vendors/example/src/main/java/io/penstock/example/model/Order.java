package io.penstock.example.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * An order as Lumen has it.
 *
 * @param id {@code ord_…}
 * @param lampId which lamp
 * @param quantity how many
 */
public record Order(
        String id, @JsonProperty("lamp_id") @Nullable String lampId, int quantity) {}
