package io.penstock.pipeline;

/**
 * The connections to one origin.
 *
 * @param origin where they lead
 * @param active how many carry a request now
 * @param idle how many wait for one
 * @param pending how many requests wait for a connection
 */
public record ConnectionStats(String origin, int active, int idle, int pending) {}
