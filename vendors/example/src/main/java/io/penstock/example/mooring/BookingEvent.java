package io.penstock.example.mooring;

/**
 * The body of a webhook.
 *
 * @param id its id, the same for every delivery
 * @param type {@code booking.created} or {@code booking.cancelled}
 * @param booking the booking
 */
public record BookingEvent(String id, String type, Booking booking) {}
