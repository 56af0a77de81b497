package io.penstock.benchmarks.loopback;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The results of a run, stored as a JSON file.
 *
 * @param form the form of the run, such as {@code short}
 * @param surroundings a description of the machine, Java and libraries
 * @param cells each round of each contender, in the order of measurement
 */
public record Cells(String form, String surroundings, List<Cell> cells) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Reads a file that {@link #write} wrote. */
    public static Cells read(Path file) {
        return JSON.readValue(file, Cells.class);
    }

    /** Writes the results, and overwrites an existing file. */
    public void write(Path file) {
        JSON.writeValue(file, this);
    }
}
