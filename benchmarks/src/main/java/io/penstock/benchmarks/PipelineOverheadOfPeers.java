package io.penstock.benchmarks;

import com.azure.core.http.HttpResponse;
import io.penstock.benchmarks.StubAnswer.Scan;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * Alternatives to the pipeline, as far as they accept a stub. Compare the rows {@code …Decoded} with {@code
 * PipelineOverhead.wholeDecoded} and the others with {@code PipelineOverhead.whole}. No alternative does everything
 * that the pipeline does.
 */
public class PipelineOverheadOfPeers extends NanosPerCall {

    private final byte[] body = StubAnswer.body();
    private final AzureCore azureCore = new AzureCore();
    private final Armeria armeria = new Armeria();
    private final Resilience4j resilience4j = new Resilience4j();

    /** Creates the state for JMH. */
    public PipelineOverheadOfPeers() {}

    /** Measures Reactor's timeout with the retry, rate limiter and circuit breaker of Resilience4j. */
    @Benchmark
    public @Nullable Integer resilience4j() {
        return resilience4j.call().map(Resilience4j.Answer::status).block();
    }

    /** Measures {@link #resilience4j()} and decoding by Jackson 3. */
    @Benchmark
    public @Nullable Scan resilience4jDecoded() {
        return resilience4j
                .call()
                .map(answer -> StubAnswer.decode(answer.body()))
                .block();
    }

    /** Measures azure-core's pipeline with the policies for user agent, retry and credential. */
    @Benchmark
    public @Nullable Integer azureCore() {
        return azureCore.call().map(HttpResponse::getStatusCode).block();
    }

    /** Measures {@link #azureCore()} and decoding by Jackson 3. */
    @Benchmark
    public @Nullable Scan azureCoreDecoded() {
        return azureCore
                .call()
                .flatMap(HttpResponse::getBodyAsByteArray)
                .map(StubAnswer::decode)
                .block();
    }

    /** Measures Armeria's client with the decorators for retry and circuit breaker. */
    @Benchmark
    public int armeria() {
        return armeria.call().status().code();
    }

    /** Measures {@link #armeria()} and decoding by Jackson 3. */
    @Benchmark
    public Scan armeriaDecoded() {
        return StubAnswer.decode(armeria.call().content().array());
    }

    /** Measures Jackson 3 alone on the bytes of the body. */
    @Benchmark
    public Scan jackson() {
        return StubAnswer.decode(body);
    }
}
