package io.penstock.example.tidewater;

import org.jspecify.annotations.Nullable;

/**
 * A station that measures the water level.
 *
 * @param id its id
 * @param name its name
 */
public record Station(String id, @Nullable String name) {}
