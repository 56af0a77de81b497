package io.penstock.example.tidewater;

/**
 * A report on a station.
 *
 * @param station the id of the station
 * @param highest the highest level in millimetres
 */
public record Report(String station, int highest) {}
