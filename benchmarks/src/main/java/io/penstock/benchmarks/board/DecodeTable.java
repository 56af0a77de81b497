package io.penstock.benchmarks.board;

import java.util.Locale;
import java.util.stream.Collectors;

/** The table that compares decoding with the JSON library alone. */
final class DecodeTable {

    private static final String HEAD = "| body | row | ns/op | B/op | × ns | × B |\n|---|---|---|---|---|---|\n";

    private DecodeTable() {}

    static String section(Results results) {
        return """
                ## Decode

                A body becomes a record, or a list of them: small (one object), 8 KB (50 of them), 1 MB; bare, or in the envelope of one of
                the shipped vendors. `penstock` reads pooled buffers as they come from a socket, and takes the value out of its envelope;
                `penstockFailureSigns` does so for an API that tells failures by a member of a body with status 200, which has to be looked
                for first. `objectReader` is the JSON library alone on an array that is there already, binding the envelope too;
                `objectReaderOfCopy` makes that array first; `treeToValue` reads a tree and binds the payload's node, what is often written.
                "×" is `penstock` divided by the row.

                ```sh
                mvn -q -pl benchmarks -am -DskipTests package exec:exec '-Djmh.args=Decode -prof gc'
                ```

                """ + table(results) + blackbird(results) + "\n";
    }

    private static String table(Results results) {
        return results.decode().isEmpty()
                ? Goal.ABSENT + "\n"
                : HEAD
                        + results.decode().stream()
                                .filter(row -> row.method().equals("penstock"))
                                .flatMap(own -> results.decode().stream()
                                        .filter(row -> row.params().equals(own.params()))
                                        .map(row -> row(row, own, row)))
                                .collect(Collectors.joining())
                        + "\n![Bytes allocated](benchmarks/" + BoardCharts.DECODE + ")\n";
    }

    /** Returns the section on the Blackbird module, with its gain for each row. */
    private static String blackbird(Results results) {
        return """

                ### With Blackbird

                The JSON library's module that binds by generated code. Core uses it where the application has
                `tools.jackson.module:jackson-module-blackbird` on its class path, and does not bring it: what it gains stands here, what
                it costs a program that makes only a few calls stands under "Cold start".
                "×" is the row with it divided by the same row without.

                """
                + (results.blackbird().isEmpty()
                        ? Goal.ABSENT + "\n"
                        : HEAD
                                + results.blackbird().stream()
                                        .flatMap(with -> results.decode().stream()
                                                .filter(row -> row.method().equals(with.method())
                                                        && row.params().equals(with.params()))
                                                .map(without -> row(with, with, without)))
                                        .collect(Collectors.joining()));
    }

    private static String row(JmhRow row, JmhRow dividend, JmhRow divisor) {
        return String.format(
                Locale.ROOT,
                "| %s | `%s` | %.0f | %.0f | %.2f | %.2f |%n",
                body(row),
                row.method(),
                row.nanos(),
                row.bytes(),
                dividend.nanos() / divisor.nanos(),
                dividend.bytes() / divisor.bytes());
    }

    static String body(JmhRow row) {
        return switch (row.params().getOrDefault("size", "")) {
                    case "SMALL" -> "small";
                    case "KB8" -> "8 KB";
                    default -> "1 MB";
                }
                + ", " + row.params().getOrDefault("shape", "").toLowerCase(Locale.ROOT);
    }
}
