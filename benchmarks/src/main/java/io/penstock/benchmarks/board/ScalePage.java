package io.penstock.benchmarks.board;

import io.penstock.benchmarks.scale.Measurements;
import io.penstock.benchmarks.scale.Measurements.Memory;
import io.penstock.benchmarks.scale.Measurements.Wait;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The page on what the measured costs mean for size. Its inputs are the board's figures; each formula is beside its
 * results.
 */
final class ScalePage {

    private static final String MANY = "100 000 × the above";

    private ScalePage() {}

    static String of(Results results) {
        Optional<Medians> call = results.medians(Goals.SCENARIO, Goals.CALLERS, Goals.PENSTOCK);
        Measurements measured = results.scale();
        return head(results)
                + costs(results, call, measured)
                + (call.isEmpty() || measured == null ? "" : Sizing.section(call.get(), measured))
                + (measured == null ? "\n## What one key allows\n\n" + Goal.ABSENT + "\n" : keys(measured))
                + (call.isEmpty() || measured == null ? "" : Sharding.section(call.get(), measured));
    }

    private static String head(Results results) {
        return """
                # Scale

                What a call costs while it runs and while it waits, how many connections and threads a rate takes, what one key of a vendor
                allows, and when to shard. Every number is measured, by the board ([benchmarks.md](benchmarks.md)) or by

                ```sh
                mvn -q -pl benchmarks -am -DskipTests package exec:exec -Dbench.main=io.penstock.benchmarks.scale.Scale
                ```

                or follows from measured ones by the formula that stands beside it. The board writes this page: the %s one of %s, on
                %s.

                """.formatted(results.form(), results.date(), results.surroundings());
    }

    private static String costs(Results results, Optional<Medians> call, @Nullable Measurements measured) {
        Optional<Measurements> scale = Optional.ofNullable(measured);
        return "## What a call costs\n\n| cost | figure | measured by |\n|---|---|---|\n"
                + row(
                        "client CPU per call, kernel included",
                        "`Loopback`, small GET, 64 callers",
                        call,
                        c -> number("%.1f µs", c.cpuMicros()))
                + row("garbage per call", "the same", call, c -> number("%.0f B", c.bytes()))
                + row(
                        "of these, the pipeline without decoding",
                        "`PipelineOverhead.whole`",
                        results.pipelineRow("whole"),
                        w -> number("%.0f B", w.bytes()) + number(", %.0f ns", w.nanos()))
                + row(
                        "heap of a call in flight, without its connection",
                        "`Scale`, a transport that never answers",
                        scale,
                        m -> bytes(m.inFlight()))
                + row(
                        "heap of a caller who waits at the gate",
                        "`Scale`, one call holds the only place",
                        scale,
                        m -> bytes(m.waiting()))
                + row(
                        "heap and direct memory of a call in flight with its connection",
                        "`Scale`, a server that never answers",
                        scale,
                        m -> bytes(m.connected()))
                + row("100 000 in flight, without connections", MANY, scale, m -> megabytes(m.inFlight()))
                + row("100 000 waiting at the gate", MANY, scale, m -> megabytes(m.waiting()))
                + row("100 000 in flight, each on its connection", MANY, scale, m -> megabytes(m.connected()))
                + "\nA call that waits holds no thread: it is an entry in a queue, or a slot of one coarse timer.\n";
    }

    private static <T> String row(String cost, String by, Optional<T> measured, Function<T, String> figure) {
        return "| " + cost + " | " + measured.map(figure).orElse(Goal.ABSENT) + " | " + by + " |\n";
    }

    private static String megabytes(Memory memory) {
        return number("%.0f MB", total(memory) / 10);
    }

    private static String bytes(Memory memory) {
        return number("%.0f B", memory.heapBytes())
                + (memory.directBytes() > 0 ? number(" + %.0f B direct", memory.directBytes()) : "")
                + " (of " + memory.count() + ")";
    }

    static double total(Memory memory) {
        return memory.heapBytes() + memory.directBytes();
    }

    private static String keys(Measurements measured) {
        return """

                ## What one key allows

                The limits that vendors publish, as their modules declare them ([vendors.md](vendors.md)); Invicti, Picus and Infraon publish
                no number, so of them only the headers tell. Callers come at random times (a Poisson process with a fixed seed) and ask for a
                share of the quota; they wait at the real gate, in virtual time, at a server that answers at once. "Waiting" is the number of
                callers in the queue on average: rate × mean wait (Little's law).

                | limit | asked for | calls/s | calls | mean wait, s | p50 | p99 | waiting |
                |---|---|---|---|---|---|---|---|
                """ + measured.waits().stream().map(ScalePage::row).collect(Collectors.joining()) + """

                Whoever asks for little of a quota hardly waits: the window takes bursts. Near the whole of it a burst waits for the next
                window; above it, the queue grows by what is asked for too much until the gate's limit of
                waiting calls, or a deadline, refuses (`client.quota().eta(n)` tells when n more calls would be through).
                """;
    }

    private static String row(Wait wait) {
        return String.format(
                Locale.ROOT,
                "| %s | %.0f %% | %.2f | %d | %.3f | %.3f | %.3f | %.2f |%n",
                wait.limit(),
                100 * wait.use(),
                wait.rate(),
                wait.calls(),
                wait.meanSeconds(),
                wait.p50Seconds(),
                wait.p99Seconds(),
                wait.rate() * wait.meanSeconds());
    }

    static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
