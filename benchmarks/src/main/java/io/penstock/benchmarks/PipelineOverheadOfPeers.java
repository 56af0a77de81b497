package io.penstock.benchmarks;

import io.penstock.benchmarks.overhead.Armeria;
import io.penstock.benchmarks.overhead.AzureCore;
import io.penstock.benchmarks.overhead.Resilience4j;
import io.penstock.benchmarks.overhead.StubAnswer;
import io.penstock.benchmarks.overhead.StubAnswer.Scan;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What users have in place of the pipeline, as far as it takes a stub: the rows {@code …Decoded} stand beside
 * {@code PipelineOverhead.wholeDecoded}, the others beside {@code PipelineOverhead.whole}. None of them does all that the
 * pipeline does.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class PipelineOverheadOfPeers {

    private final byte[] body = StubAnswer.body();
    private final AzureCore azureCore = new AzureCore();
    private final Armeria armeria = new Armeria();
    private final Resilience4j resilience4j = new Resilience4j();

    /** For JMH. */
    public PipelineOverheadOfPeers() {}

    /** Reactor's time-out; retry, rate limiter and circuit breaker of Resilience4j. */
    @Benchmark
    public @Nullable Integer resilience4j() {
        return resilience4j.call();
    }

    /** The same, decoded by Jackson 3. */
    @Benchmark
    public @Nullable Scan resilience4jDecoded() {
        return resilience4j.decoded();
    }

    /** Its pipeline with the policies for retry and credential. */
    @Benchmark
    public @Nullable Integer azureCore() {
        return azureCore.call();
    }

    /** The same, decoded by Jackson 3. */
    @Benchmark
    public @Nullable Scan azureCoreDecoded() {
        return azureCore.decoded();
    }

    /** Its client with the decorators for retry and circuit breaker. */
    @Benchmark
    public int armeria() {
        return armeria.call();
    }

    /** The same, decoded by Jackson 3. */
    @Benchmark
    public Scan armeriaDecoded() {
        return armeria.decoded();
    }

    /** Jackson 3 alone, of the body's bytes. */
    @Benchmark
    public Scan jackson() {
        return StubAnswer.decode(body);
    }
}
