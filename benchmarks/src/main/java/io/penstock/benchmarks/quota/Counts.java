package io.penstock.benchmarks.quota;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a server has counted of one client.
 *
 * @param allowed in each window
 * @param refused in each window
 * @param arrived in each slot of the watched time
 * @param foreign what somebody else was allowed
 * @param left what would still have been allowed at the end; -1 if it has not been reached
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

    /** As one line. */
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
