package io.penstock.benchmarks.coldstart;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run of {@link ColdStart} measured, as a JSON file.
 *
 * @param surroundings machine and Java, in words
 * @param programs each with its class path
 * @param starts each start of each, in the order in which they were made
 */
public record FirstAnswers(String surroundings, List<Program> programs, List<Start> starts) {

    /**
     * A program.
     *
     * @param name as in tables
     * @param jars how many its runtime class path has
     * @param bytes how large they are together
     */
    public record Program(String name, int jars, long bytes) {}

    /**
     * One start.
     *
     * @param program its name
     * @param round from 1; the programs take turns within a round
     * @param answerMillis from the start of the process to its first answer, on the watching process's clock
     * @param cpuMillis the CPU time of the whole process up to then
     */
    public record Start(String program, int round, double answerMillis, double cpuMillis) {}

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Reads what {@link #write} wrote. */
    public static FirstAnswers read(Path file) {
        return JSON.readValue(file, FirstAnswers.class);
    }

    void write(Path file) {
        JSON.writeValue(file, this);
    }
}
