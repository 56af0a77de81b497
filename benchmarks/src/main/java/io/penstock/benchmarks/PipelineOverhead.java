package io.penstock.benchmarks;

import io.penstock.ApiClient;
import io.penstock.benchmarks.overhead.StubAnswer;
import io.penstock.benchmarks.overhead.StubAnswer.Scan;
import io.penstock.body.JsonCodec;
import io.penstock.body.Payload;
import io.penstock.envelope.EnvelopeDecoding;
import io.penstock.envelope.ErrorModel;
import io.penstock.http.Secret;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Pipeline;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Transport;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.Plan;
import io.penstock.spec.VendorSpec;
import java.net.URI;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The cost of a successful call through the whole pipeline on a stub transport, with and without decoding. {@code stub}
 * is the floor that every other row contains, here and in {@link PipelineOverheadOfOperators}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class PipelineOverhead {

    private static final URI BASE = URI.create("https://api.example.com/v1");
    private final Scheduler scheduler = Schedulers.parallel();
    private final Transport transport = new StubTransport(StubAnswer.JSON);
    private final ApiRequest<Void> bodyless = ApiRequest.get("scans").as(Payload.none());
    private final ApiRequest<Scan> decoded = ApiRequest.get("scans").as(Scan.class);
    private final Plan plan = Plan.of(bodyless, BASE);

    private ApiClient client = newClient();
    private Mono<ApiResponse<Void>> assembled = client.execute(bodyless);
    private final Exchange bare = around();

    /** Creates the state for JMH. */
    public PipelineOverhead() {}

    private ApiClient newClient() {
        return ApiClient.builder(VendorSpec.generic("stub", BASE))
                .secret(Secret.of(StubAnswer.KEY))
                .transport(transport)
                .build();
    }

    /** Closes the client. */
    @TearDown
    public void tearDown() {
        client.close();
    }

    private Exchange around() {
        EnvelopeDecoding receiver =
                new EnvelopeDecoding(new JsonCodec(1 << 20), ErrorModel.byStatusOnly(), 1 << 20, null);
        return Pipeline.around(transport, receiver, receiver.describe()).build();
    }

    /** Measures the call object, the stub and {@code block()}. */
    @Benchmark
    public @Nullable Reply stub() {
        return bare.exchange(Call.start(plan, scheduler)).block();
    }

    /** Measures everything but planning and decoding: an assembled call, subscribed to again. */
    @Benchmark
    public @Nullable ApiResponse<Void> wholeAssembledOnce() {
        return assembled.block();
    }

    /** Measures everything but decoding: plan, call, all operators, and the response with its journey. */
    @Benchmark
    public @Nullable ApiResponse<Void> whole() {
        return client.execute(bodyless).block();
    }

    /** Measures everything, including the decoding of a small JSON body to a record. */
    @Benchmark
    public @Nullable ApiResponse<Scan> wholeDecoded() {
        return client.execute(decoded).block();
    }
}
