package io.penstock.benchmarks.budget;

import io.penstock.benchmarks.PipelineOverhead;
import io.penstock.benchmarks.PipelineOverheadOfOperators;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The program that runs the rows of {@link PipelineOverhead} and {@link PipelineOverheadOfOperators} and fails if a row
 * allocates over 5 % more per call than {@code budget.properties} allows. It prints times but does not check them.
 *
 * <p>The allocation of a call depends on what has been compiled: the optimising compiler removes objects by escape
 * analysis. To get the figures of a quiet machine on a busy one, rows run for a number of calls instead of a time, and
 * the program waits for the compiler.
 */
public final class AllocationBudget {

    private static final int WARM_UP_CALLS = 300_000;
    private static final int MEASURED_CALLS = 100_000;

    private AllocationBudget() {}

    /**
     * Runs the rows and compares them with the budget. Exits with 1 if a row exceeds the budget or is missing from the
     * budget or the run. With {@code -Dbudget.write=true} it writes the figures of the run as the new budget instead.
     */
    public static void main(String[] args) throws RunnerException, IOException {
        Path file = Path.of(System.getProperty("bench.budget", "budget.properties"));
        boolean write = Boolean.getBoolean("budget.write");
        Budget budget = write ? null : Budget.read(file); // reports an unreadable file before the run
        System.setProperty("jmh.ignoreLock", "true"); // a parallel run costs time only, which does not count
        System.setProperty("java.class.path", withoutContextPropagation(System.getProperty("java.class.path")));
        Map<String, Double> measured = bytesPerCall(new Runner(options()).run());
        if (budget == null) {
            Budget.of(measured).write(file);
            System.out.println("written: " + file);
            return;
        }
        Comparison comparison = Comparison.of(budget, measured);
        System.out.println();
        System.out.print(comparison.table());
        String failure = comparison.failure();
        if (failure != null) {
            System.err.println(failure);
            System.exit(1);
        }
    }

    /**
     * Returns the class path without context-propagation. A peer depends on it, and with it on the class path every
     * {@code block()} looks for thread-locals to propagate.
     */
    private static String withoutContextPropagation(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.contains("context-propagation"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Options options() {
        return new OptionsBuilder()
                .include(PipelineOverhead.class.getName() + "\\.")
                .include(PipelineOverheadOfOperators.class.getName() + "\\.")
                .mode(Mode.SingleShotTime)
                .forks(1)
                .warmupIterations(2)
                .warmupBatchSize(WARM_UP_CALLS)
                .measurementIterations(2)
                .measurementBatchSize(MEASURED_CALLS)
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend("-XX:-BackgroundCompilation")
                .shouldFailOnError(true)
                .build();
    }

    private static Map<String, Double> bytesPerCall(Collection<RunResult> results) {
        Map<String, Double> bytes = new TreeMap<>();
        for (RunResult result : results) {
            Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
            String name = result.getParams().getBenchmark();
            String row = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
            if (allocated != null) {
                bytes.put(row, allocated.getScore() / MEASURED_CALLS);
            }
        }
        return bytes;
    }
}
