package io.penstock.benchmarks.quota;

import io.penstock.benchmarks.Client;
import io.penstock.benchmarks.Contender;
import java.time.Duration;
import java.util.List;

/** The contenders and their settings. */
final class Contenders {

    private static final Duration DEADLINE = Duration.ofDays(1);

    private Contenders() {}

    static List<Contender<Site>> all() {
        return List.of(
                new Contender<>(
                        "Retry-After",
                        "Reactor Netty; after a 429 it waits as long as `Retry-After` says and tries again, as often as it"
                                + " takes",
                        PlainClient::obedient),
                new Contender<>(
                        "backoff",
                        "Reactor Netty with `Retry.backoff` after a 429: " + PlainClient.FIRST_BACKOFF.toMillis()
                                + " ms ×2 ±50 %, at most " + PlainClient.LONGEST_BACKOFF.toSeconds()
                                + " s, as often as it takes",
                        PlainClient::backingOff),
                new Contender<>(
                        "fixed rate",
                        "Reactor Netty behind a token bucket of one token, filled at the documented rate (limit per"
                                + " window): turns at even distances, none saved up; after a 429 as \"Retry-After\"",
                        PlainClient::evenly),
                new Contender<>(
                        Contender.PENSTOCK,
                        "a client of `VendorSpec.generic` as it is by default, with a deadline of " + DEADLINE.toHours()
                                + " h",
                        site -> Client.of(site.penstock().deadline(DEADLINE).build())));
    }
}
