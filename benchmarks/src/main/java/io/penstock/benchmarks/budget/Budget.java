package io.penstock.benchmarks.budget;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bytes that a call may allocate, by row of a benchmark.
 *
 * @param bytes the bytes by row, such as {@code PipelineOverhead.whole}
 */
record Budget(SortedMap<String, Long> bytes) {

    private static final List<String> HEAD = List.of(
            "# Bytes that one call may allocate, by row; a run fails that needs 5 % more.",
            "# Written anew with the command in README.md and -Dbudget.write=true.");

    /**
     * Reads lines of {@code row = bytes}, and ignores empty lines and comments.
     *
     * @throws IllegalArgumentException if a line has another form, if a row occurs twice, or if there is no row
     */
    static Budget read(Path file) throws IOException {
        SortedMap<String, Long> bytes = new TreeMap<>();
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split("=", -1);
            String where = file.getFileName() + ":" + (i + 1) + ": " + line;
            if (parts.length != 2 || parts[0].isBlank() || !parts[1].strip().matches("\\d{1,9}")) {
                throw new IllegalArgumentException(where + " (expected: row = bytes)");
            }
            if (bytes.put(parts[0].strip(), Long.parseLong(parts[1].strip())) != null) {
                throw new IllegalArgumentException(where + " (expected: each row once)");
            }
        }
        if (bytes.isEmpty()) {
            throw new IllegalArgumentException(file.getFileName() + ": no row (expected: at least one)");
        }
        return new Budget(bytes);
    }

    /** Returns the figures of a run as the new budget. */
    static Budget of(Map<String, Double> measured) {
        SortedMap<String, Long> bytes = new TreeMap<>();
        measured.forEach((row, needed) -> bytes.put(row, Math.round(needed)));
        return new Budget(bytes);
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(HEAD);
        bytes.forEach((row, allowed) -> lines.add(row + " = " + allowed));
        Files.write(file, lines, StandardCharsets.UTF_8);
    }
}
