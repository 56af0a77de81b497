package io.penstock.benchmarks.coldstart;

import java.util.List;

/**
 * The results of {@link ColdStart}, stored as a JSON file.
 *
 * @param programs each program with its class path
 * @param starts each start of each program, in order
 */
public record FirstAnswers(List<Program> programs, List<Start> starts) {

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
}
