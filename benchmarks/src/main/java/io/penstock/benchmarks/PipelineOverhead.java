package io.penstock.benchmarks;

import io.penstock.ApiClient;
import io.penstock.benchmarks.StubAnswer.Scan;
import io.penstock.body.Payload;
import io.penstock.http.Secret;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Transport;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.Plan;
import io.penstock.spec.VendorSpec;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.TearDown;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The cost of a successful call through the whole pipeline on a stub transport, with and without decoding. {@code stub}
 * is the floor that every other row contains, here and in {@link PipelineOverheadOfOperators}.
 */
public class PipelineOverhead extends NanosPerCall {

    private final Scheduler scheduler = Schedulers.parallel();
    private final Transport transport = new StubTransport(StubAnswer.JSON);
    private final ApiRequest<Void> bodyless = ApiRequest.get("scans").as(Payload.none());
    private final ApiRequest<Scan> decoded = ApiRequest.get("scans").as(Scan.class);
    private final Plan plan = StubPipeline.plan(Payload.none());

    private ApiClient client = newClient();
    private Mono<ApiResponse<Void>> assembled = client.execute(bodyless);
    private final Exchange bare = StubPipeline.around(transport).build();

    /** Creates the state for JMH. */
    public PipelineOverhead() {}

    private ApiClient newClient() {
        return ApiClient.builder(VendorSpec.generic("stub", StubPipeline.BASE))
                .secret(Secret.of(StubAnswer.KEY))
                .transport(transport)
                .build();
    }

    /** Closes the client. */
    @TearDown
    public void tearDown() {
        client.close();
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
