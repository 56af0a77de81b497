package io.penstock.benchmarks.coldstart;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The results of {@link ColdStart}, stored as a JSON file.
 *
 * @param surroundings a description of the machine and Java
 * @param programs each program with its class path
 * @param starts each start of each program, in order
 */
public record FirstAnswers(String surroundings, List<Program> programs, List<Start> starts) {

    /**
     * A program.
     *
     * @param name the name in tables
     * @param jars the number of jars on its runtime class path
     * @param bytes the total size of these jars
     */
    public record Program(String name, int jars, long bytes) {}

    /**
     * One start.
     *
     * @param program the name of the program
     * @param round the round, from 1; the programs take turns within a round
     * @param answerMillis the time from the start of the process to its first response, on the parent process's clock
     * @param cpuMillis the CPU time of the whole process until then
     */
    public record Start(String program, int round, double answerMillis, double cpuMillis) {}

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Reads a file that {@link #write} wrote. */
    public static FirstAnswers read(Path file) {
        return JSON.readValue(file, FirstAnswers.class);
    }

    void write(Path file) {
        JSON.writeValue(file, this);
    }
}
