package io.penstock.benchmarks.board;

import io.penstock.benchmarks.scale.Measurements;
import io.penstock.benchmarks.scale.Measurements.Wait;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/** The section on when one process or one key is not enough, computed from the board's figures. */
final class Sharding {

    private Sharding() {}

    static String section(Medians call, Measurements measured) {
        double perCore = Sizing.CORE_USE * 1e6 / call.cpuMicros();
        String limits = measured.waits().stream()
                .filter(wait -> wait.use() == 0.5) // each limit once
                .sorted(Comparator.comparing(Wait::limit))
                .map(wait -> row(wait, perCore))
                .collect(Collectors.joining());
        double fewest = measured.waits().stream()
                .mapToDouble(wait -> perCore * wait.windowSeconds() / wait.permits())
                .min()
                .orElse(Double.NaN);
        return """

                ## When to shard

                One core makes %.0f calls a second (%.1f s ÷ client CPU per call). What a limit allows of that:

                | limit | calls/s | of a core | keys or addresses that fill a core |
                |---|---|---|---|
                %s
                - One core serves all that these limits allow of %.0f keys or addresses, and of more where the limit is lower: **below that
                  the quota is the limit, not the machine**, and sharding its calls over processes gains nothing.
                - A limit that is counted by **credential** grows with keys: one client per key, as many clients in a process as there are keys
                  (they share event loops). A limit that is counted by **address** does not grow with keys or processes behind the same address:
                  only with addresses.
                - Processes that share a key know nothing of each other's use where the limit is only published: give each a part of it, or let
                  one process make the calls. Where the server reports its quota, each client comes to an equal part by itself ([pacing.md](pacing.md)).
                - Shard by process where `calls/s × client CPU per call` needs more cores than a machine has, or where memory in the tables
                  above exceeds its heap; shard by key, so that no quota is shared.
                - Where callers wait at a limit for longer than they may, more processes do not help: ask for less, or for a higher limit.
                """.formatted(perCore, Sizing.CORE_USE, limits, fewest);
    }

    private static String row(Wait wait, double perCore) {
        double allowed = wait.permits() / wait.windowSeconds();
        return String.format(
                Locale.ROOT,
                "| %s | %.1f | %.3f %% | %.0f |%n",
                wait.limit(),
                allowed,
                100 * allowed / perCore,
                perCore / allowed);
    }
}
