package io.penstock.benchmarks.quota;

import java.util.List;

/**
 * A server's counts for one client.
 *
 * @param allowed the allowed requests in each window
 * @param refused the refused requests in each window
 * @param arrived the arrivals in each slot of the watched time
 * @param foreign the requests that another client was allowed
 * @param left the remaining quota at the end; -1 if the end has not been reached
 */
record Counts(List<Long> allowed, List<Long> refused, List<Long> arrived, long foreign, long left) {

    long allAllowed() {
        return sum(allowed);
    }

    long allRefused() {
        return sum(refused);
    }

    private static long sum(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).sum();
    }
}
