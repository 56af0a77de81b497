package io.penstock.example.mooring;

import java.util.List;

/**
 * The form of a booking.
 *
 * @param berth the berth
 * @param nights the number of nights, at least 1
 * @param guest the guest
 * @param extras the extras
 */
public record NewBooking(String berth, int nights, Guest guest, List<Extra> extras) {

    /** Copies the list. */
    public NewBooking {
        extras = List.copyOf(extras);
    }

    /** Creates a booking without extras. */
    public NewBooking(String berth, int nights, String guest) {
        this(berth, nights, new Guest(guest), List.of());
    }

    /**
     * The guest.
     *
     * @param name the name
     */
    public record Guest(String name) {}

    /**
     * An extra.
     *
     * @param name its name
     * @param count the number
     */
    public record Extra(String name, int count) {}
}
