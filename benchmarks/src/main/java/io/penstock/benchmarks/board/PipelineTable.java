package io.penstock.benchmarks.board;

import java.util.Locale;
import java.util.Optional;

/**
 * The table of the pipeline's cost without a socket, and of peers around the same stub as far as their API accepts one.
 */
final class PipelineTable {

    private static final String PEERS = "PipelineOverheadOfPeers.";

    private PipelineTable() {}

    static String section(Results results) {
        return """
                ## PipelineOverhead

                What a call costs when all goes well, on a stub transport that answers at once. Every row but the peers' contains the one
                called `stub`: the call object, the stub's own work, and `block()`. `operator…` rows are one operator around it, `whole` is
                everything but decoding, `wholeDecoded` decodes a small JSON body to a record, `wholePage` a page of 50 (8 kB); the last rows
                are the same work with what others offer, around a stub of theirs, and `jackson` the JSON library alone.
                "×" is `whole`, of rows that decode `wholeDecoded`, divided by the row.

                ```sh
                mvn -q -pl benchmarks -am -DskipTests package exec:exec '-Djmh.args=PipelineOverhead -prof gc'
                ```

                """ + table(results) + "\n";
    }

    private static String table(Results results) {
        if (results.pipeline().isEmpty()) {
            return Goal.ABSENT + "\n";
        }
        StringBuilder table = new StringBuilder("""
                | row | ns/op | ± | B/op | above `stub` | × ns | × B |
                |---|---|---|---|---|---|---|
                """);
        Optional<JmhRow> stub = results.pipelineRow("stub");
        for (JmhRow row : results.pipeline()) {
            Optional<JmhRow> own = results.pipelineRow(decodes(row) ? "wholeDecoded" : "whole");
            boolean peer = row.benchmark().startsWith(PEERS);
            table.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %.0f | %s | %.0f | %s | %s | %s |%n",
                    row.method(),
                    row.nanos(),
                    Double.isNaN(row.error()) ? "" : String.format(Locale.ROOT, "%.0f", row.error()),
                    row.bytes(),
                    peer || stub.isEmpty() ? "" : above(row, stub.get()),
                    peer && own.isPresent() ? times(own.get().nanos() / row.nanos()) : "",
                    peer && own.isPresent() ? times(own.get().bytes() / row.bytes()) : ""));
        }
        return table + "\n![Bytes and time per call without a socket](benchmarks/" + BoardCharts.PIPELINE + ")\n";
    }

    /** Returns the name of a row in a chart. */
    static String label(JmhRow row) {
        return row.benchmark().startsWith(PEERS) ? row.method() : "Penstock, " + row.method();
    }

    private static boolean decodes(JmhRow row) {
        return row.method().endsWith("Decoded") || row.method().equals("jackson");
    }

    private static String above(JmhRow row, JmhRow stub) {
        return String.format(Locale.ROOT, "%+.0f B, %+.0f ns", row.bytes() - stub.bytes(), row.nanos() - stub.nanos());
    }

    static String times(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }
}
