package io.penstock.benchmarks.quota;

import java.util.List;
import java.util.function.Function;

/** Who takes part, and how each is set. */
final class Contenders {

    /**
     * One of them.
     *
     * @param name for tables and pictures
     * @param settings in words, for the page
     * @param client makes it
     */
    record Entry(String name, String settings, Function<Site, Contender> client) {}

    /** The one that the goals are for. */
    static final String PENSTOCK = "Penstock";

    private Contenders() {}

    static List<Entry> all() {
        return List.of(
                new Entry(
                        "Retry-After",
                        "Reactor Netty; after a 429 it waits as long as `Retry-After` says and tries again, as often as it"
                                + " takes",
                        PlainClient::obedient),
                new Entry(
                        "backoff",
                        "Reactor Netty with `Retry.backoff` after a 429: " + PlainClient.FIRST_BACKOFF.toMillis()
                                + " ms ×2 ±50 %, at most " + PlainClient.LONGEST_BACKOFF.toSeconds()
                                + " s, as often as it takes",
                        PlainClient::backingOff),
                new Entry(
                        "fixed rate",
                        "Reactor Netty behind a token bucket of one token, filled at the documented rate (limit per"
                                + " window): turns at even distances, none saved up; after a 429 as \"Retry-After\"",
                        PlainClient::evenly),
                new Entry(
                        PENSTOCK,
                        "a client of `VendorSpec.generic` as it is by default, with a deadline of "
                                + PenstockClient.DEADLINE.toHours() + " h",
                        PenstockClient::new));
    }
}
