package io.penstock.benchmarks.loopback;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run measured, as a JSON file.
 *
 * @param form which run it was, such as {@code short}
 * @param surroundings machine, Java and libraries, in words
 * @param cells each round of each contender, in the order in which they were measured
 */
public record Cells(String form, String surroundings, List<Cell> cells) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Reads what {@link #write} wrote. */
    public static Cells read(Path file) {
        return JSON.readValue(file, Cells.class);
    }

    /** Writes it over what is there. */
    public void write(Path file) {
        JSON.writeValue(file, this);
    }
}
