package io.penstock.benchmarks;

import io.penstock.ApiClient;
import io.penstock.ApiException;
import io.penstock.ApiRequest;
import io.penstock.ApiResponse;
import io.penstock.Method;
import io.penstock.Secret;
import io.penstock.auth.Authentication;
import io.penstock.auth.CredentialScheme;
import io.penstock.breaker.CircuitPolicy;
import io.penstock.breaker.Circuits;
import io.penstock.envelope.EnvelopeDecoding;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.envelope.JsonCodec;
import io.penstock.envelope.Payload;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Pipeline;
import io.penstock.pipeline.Plan;
import io.penstock.pipeline.Redirects;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Stage;
import io.penstock.ratelimit.Admission;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.ratelimit.RateLimitTracking;
import io.penstock.retry.AttemptTimeout;
import io.penstock.retry.ClassifiedRetry;
import io.penstock.retry.RetryClass;
import io.penstock.retry.RetryPolicy;
import io.penstock.transport.Transport;
import io.penstock.vendor.VendorSpec;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What the pipeline costs when all goes well, on a stub transport: the whole of it with and without decoding, and each
 * operator alone around the stub. {@code stub} is the floor that every other row contains.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class PipelineOverhead {

    private static final URI BASE = URI.create("https://api.example.com/v1");
    private static final String JSON =
            "{\"id\":\"scn_01HFY3ZZZZZZZZZZZZZZZZZZZZ\",\"target\":\"example.com\",\"status\":\"succeeded\","
                    + "\"scan_type\":\"standard\",\"findings_count\":12,\"created_at\":\"2026-04-29T14:11:09Z\"}";

    /** What a body of about 170 bytes decodes to. */
    public record Scan(String id, String target, String status) {}

    private final Scheduler scheduler = Schedulers.parallel();
    private final Transport transport = new StubTransport(JSON);
    private final ApiRequest<Void> bodyless = ApiRequest.get("scans").as(Payload.none());
    private final ApiRequest<Scan> decoded = ApiRequest.get("scans").as(Scan.class);
    private final Plan plan = new Plan(
            Method.GET,
            URI.create("https://api.example.com/v1/scans"),
            List.of("accept", "application/json"),
            null,
            Payload.none(),
            RetryClass.IDEMPOTENT,
            null,
            null,
            null,
            false,
            false,
            0,
            Duration.ofSeconds(60).toNanos(),
            "GET scans");

    private ApiClient client = newClient();
    private Mono<ApiResponse<Void>> assembled = client.execute(bodyless);
    private Exchange bare = around();
    private Exchange decoding = bare;
    private Exchange authentication = bare;
    private Exchange headerTracking = bare;
    private Exchange breaker = bare;
    private Exchange gate = bare;
    private Exchange attemptTimeout = bare;
    private Exchange retry = bare;
    private Exchange redirects = bare;
    private Plan decodingPlan = plan;

    /** For JMH. */
    public PipelineOverhead() {}

    private ApiClient newClient() {
        return ApiClient.builder(VendorSpec.generic("stub", BASE))
                .secret(Secret.of("pk_test_ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
                .transport(transport)
                .build();
    }

    /** Builds a pipeline around the stub for each operator. */
    @Setup
    public void setUp() {
        authentication = around(
                Stage.AUTHENTICATION,
                new Authentication(CredentialScheme.bearer(), Secret.of("pk_test_ABCDEFGHIJKLMNOPQRSTUVWXYZ"), BASE));
        headerTracking = around(Stage.HEADER_TRACKING, new RateLimitTracking(HeaderFamily.xRateLimit(), List.of()));
        Circuits circuits = new Circuits(CircuitPolicy.standard(), scheduler);
        breaker = pipeline()
                .with(Stage.BREAKER, circuits.peek())
                .with(Stage.BREAKER_PERMIT, circuits.permit())
                .build();
        gate = around(
                Stage.ADMISSION,
                new Admission(
                        QuotaModel.declared(
                                DeclaredLimit.perCredential("plenty", 1_000_000_000, Duration.ofSeconds(1))),
                        GatePolicy.standard(),
                        scheduler,
                        BASE));
        attemptTimeout = around(Stage.ATTEMPT_TIMEOUT, new AttemptTimeout(Duration.ofSeconds(30), scheduler));
        retry = around(Stage.RETRY, new ClassifiedRetry(RetryPolicy.standard()));
        redirects = around(Stage.REDIRECT, new Redirects());
        decodingPlan = new Plan(
                plan.method(),
                plan.uri(),
                plan.headers(),
                null,
                Payload.json(Scan.class),
                plan.retryClass(),
                null,
                null,
                null,
                false,
                false,
                0,
                plan.timeoutNanos(),
                "GET scans");
        decoding = bare;
    }

    /** Lets the client go. */
    @TearDown
    public void tearDown() {
        client.close();
    }

    private Pipeline around() {
        return pipeline().build();
    }

    private Pipeline around(Stage stage, Operator operator) {
        return pipeline().with(stage, operator).build();
    }

    private Pipeline.Builder pipeline() {
        EnvelopeDecoding receiver = new EnvelopeDecoding(
                new JsonCodec(1 << 20),
                ErrorShape.messageOnly(),
                ErrorTable.byStatusOnly(),
                ApiException::new,
                1 << 20,
                null);
        return Pipeline.around(transport, receiver, receiver.describe());
    }

    private @Nullable Reply run(Exchange exchange, Plan what) {
        return exchange.exchange(Call.start(what, scheduler)).block();
    }

    /** The call object, the stub and {@code block()}. */
    @Benchmark
    public @Nullable Reply stub() {
        return run(bare, plan);
    }

    /** The stub and authentication. */
    @Benchmark
    public @Nullable Reply operatorAuthentication() {
        return run(authentication, plan);
    }

    /** The stub and header tracking, of a response without quota headers. */
    @Benchmark
    public @Nullable Reply operatorHeaderTracking() {
        return run(headerTracking, plan);
    }

    /** The stub and both stages of the circuit breaker, closed. */
    @Benchmark
    public @Nullable Reply operatorBreaker() {
        return run(breaker, plan);
    }

    /** The stub and the admission gate, with a declared quota that is plentiful. */
    @Benchmark
    public @Nullable Reply operatorGate() {
        return run(gate, plan);
    }

    /** The stub and the attempt time-out. */
    @Benchmark
    public @Nullable Reply operatorAttemptTimeout() {
        return run(attemptTimeout, plan);
    }

    /** The stub and classified retry. */
    @Benchmark
    public @Nullable Reply operatorRetry() {
        return run(retry, plan);
    }

    /** The stub and redirects that are not allowed. */
    @Benchmark
    public @Nullable Reply operatorRedirects() {
        return run(redirects, plan);
    }

    /** The stub and decoding of a small JSON body to a record. */
    @Benchmark
    public @Nullable Reply operatorDecoding() {
        return run(decoding, decodingPlan);
    }

    /** Everything but planning and decoding: an assembled call, subscribed to again. */
    @Benchmark
    public @Nullable ApiResponse<Void> wholeAssembledOnce() {
        return assembled.block();
    }

    /** Everything but decoding: plan, call, all operators, response with its journey. */
    @Benchmark
    public @Nullable ApiResponse<Void> whole() {
        return client.execute(bodyless).block();
    }

    /** Everything, with decoding of a small JSON body to a record. */
    @Benchmark
    public @Nullable ApiResponse<Scan> wholeDecoded() {
        return client.execute(decoded).block();
    }
}
