package io.penstock.benchmarks;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A client to compare.
 *
 * @param name the name in tables and charts
 * @param settings a description for the page
 * @param client the factory
 * @param <T> what the factory needs to know of the server
 */
public record Contender<T>(String name, String settings, Function<T, Client> client) {

    /** The name of Penstock with its defaults, to which the goals apply. */
    public static final String PENSTOCK = "Penstock";

    /** Returns the contenders with their settings, as a Markdown list. */
    public static <T> String list(List<Contender<T>> all) {
        return all.stream()
                .map(one -> "- **" + one.name + "**: " + one.settings + "\n")
                .collect(Collectors.joining());
    }
}
