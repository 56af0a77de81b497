package io.penstock.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Records as JSON: in the files of results, and in the lines between a process and its children. */
public final class Json {

    private static final JsonMapper LINES = new JsonMapper();
    private static final JsonMapper FILES =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    /** Returns the value as one line. */
    public static String line(Object value) {
        return LINES.writeValueAsString(value);
    }

    /** Returns the value of a line. */
    public static <T> T of(String line, Class<T> type) {
        return LINES.readValue(line, type);
    }

    /** Writes the value, and overwrites an existing file. */
    public static void write(Path file, Object value) {
        FILES.writeValue(file, value);
    }

    /**
     * Writes the results of a program: to the file that the system property {@code bench.result} names, which the board
     * sets, or else to a file in {@code target/board}.
     */
    public static void writeResult(String name, Object value) throws IOException {
        Path file = Path.of(System.getProperty("bench.result", "target/board/" + name + ".json"));
        Files.createDirectories(file.toAbsolutePath().getParent());
        write(file, value);
        System.out.println("Written: " + file);
    }

    /** Reads the value of a file. */
    public static <T> T read(Path file, Class<T> type) {
        return FILES.readValue(file, type);
    }

    /** Reads a file as a tree. */
    public static JsonNode tree(Path file) {
        return FILES.readTree(file);
    }
}
