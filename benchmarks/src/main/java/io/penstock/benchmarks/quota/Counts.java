package io.penstock.benchmarks.quota;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** Returns the counts as one line. */
    String line() {
        return joined(allowed) + " " + joined(refused) + " " + joined(arrived) + " " + foreign + " " + left;
    }

    private static String joined(List<Long> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    static Counts of(String line) {
        String[] words = line.split(" ", -1);
        return new Counts(
                split(words[0]), split(words[1]), split(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
    }

    private static List<Long> split(String values) {
        return Stream.of(values.split(",", -1)).map(Long::valueOf).toList();
    }
}
