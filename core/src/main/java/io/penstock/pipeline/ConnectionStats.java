package io.penstock.pipeline;

/**
 * Connection counts of one origin.
 *
 * @param origin the origin
 * @param active the number of connections that carry a request now
 * @param idle the number of connections that carry none
 * @param pending the number of requests that wait for a connection
 */
public record ConnectionStats(String origin, int active, int idle, int pending) {}
