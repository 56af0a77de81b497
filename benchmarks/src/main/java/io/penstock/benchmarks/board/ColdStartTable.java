package io.penstock.benchmarks.board;

import io.penstock.benchmarks.coldstart.ColdStart;
import io.penstock.benchmarks.coldstart.FirstAnswers;
import io.penstock.benchmarks.coldstart.FirstAnswers.Program;
import io.penstock.benchmarks.coldstart.FirstAnswers.Start;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The table of first responses and class paths. */
final class ColdStartTable {

    private ColdStartTable() {}

    static String section(Results results) {
        return """
                ## Cold start

                From the start of a JVM to its first answer: programs that make one GET to a server in another process, decode it to a
                record, and end; medians of alternating rounds. "×" is the program's time divided by Reactor Netty's. Jars and MB are those of the runtime class path, as Maven resolves it: the
                program's own classes are not in it.

                ```sh
                mvn -q -pl benchmarks -am -DskipTests package exec:exec -Dbench.main=io.penstock.benchmarks.coldstart.ColdStart
                ```

                """ + table(results.coldStart());
    }

    private static String table(@Nullable FirstAnswers measured) {
        if (measured == null) {
            return Goal.ABSENT + "\n";
        }
        OptionalDouble base = answer(measured, ColdStart.REACTOR_NETTY);
        StringBuilder table = new StringBuilder(
                "| program | first answer, ms | × | CPU until then, ms | jars | MB | rounds |\n|---|---|---|---|---|---|---|\n");
        for (Program program : measured.programs()) {
            double answer = median(measured, program.name(), true);
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %s | %.0f | %d | %.1f | %d |%n",
                    program.name(),
                    answer,
                    base.isEmpty() ? "–" : PipelineTable.times(answer / base.getAsDouble()),
                    median(measured, program.name(), false),
                    program.jars(),
                    program.bytes() / 1e6,
                    starts(measured, program.name()).size()));
        }
        return table + "\n![Start to first answer](benchmarks/" + BoardCharts.COLD_START + ")\n";
    }

    /** Returns the time to the first response; empty if the program was not measured. */
    static OptionalDouble answer(@Nullable FirstAnswers measured, String program) {
        return measured == null || starts(measured, program).isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(median(measured, program, true));
    }

    static double median(FirstAnswers measured, String program, boolean answer) {
        return Medians.median(starts(measured, program), answer ? Start::answerMillis : Start::cpuMillis);
    }

    private static List<Start> starts(FirstAnswers measured, String program) {
        return measured.starts().stream()
                .filter(start -> start.program().equals(program))
                .toList();
    }
}
