package io.penstock.example.mooring;

import org.jspecify.annotations.Nullable;

/**
 * A booking.
 *
 * @param id its id, {@code bk_…}
 * @param berth the berth
 * @param nights the number of nights
 */
public record Booking(String id, @Nullable String berth, int nights) {}
