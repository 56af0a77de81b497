package io.penstock.benchmarks;

import io.penstock.auth.Authentication;
import io.penstock.auth.CredentialScheme;
import io.penstock.benchmarks.overhead.StubAnswer;
import io.penstock.benchmarks.overhead.StubAnswer.Scan;
import io.penstock.body.JsonCodec;
import io.penstock.body.Payload;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.circuit.Circuits;
import io.penstock.envelope.EnvelopeDecoding;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ApiException;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Pipeline;
import io.penstock.pipeline.Redirects;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Stage;
import io.penstock.pipeline.Transport;
import io.penstock.ratelimit.Admission;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.ratelimit.RateLimitTracking;
import io.penstock.request.Plan;
import io.penstock.request.RetryClass;
import io.penstock.retry.ClassifiedRetry;
import io.penstock.retry.RetryPolicy;
import io.penstock.timeout.AttemptTimeout;
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
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The cost of each operator of the pipeline for a successful call, alone around the stub of {@link PipelineOverhead}.
 * The row {@code stub} of that class is the floor that every row here contains.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class PipelineOverheadOfOperators {

    private static final URI BASE = URI.create("https://api.example.com/v1");
    private final Scheduler scheduler = Schedulers.parallel();
    private final Transport transport = new StubTransport(StubAnswer.JSON);
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

    /** Creates the state for JMH. */
    public PipelineOverheadOfOperators() {}

    /** Builds a pipeline around the stub for each operator. */
    @Setup
    public void setUp() {
        authentication = around(
                Stage.AUTHENTICATION, new Authentication(CredentialScheme.bearer(), Secret.of(StubAnswer.KEY), BASE));
        headerTracking = Pipeline.around(
                        transport,
                        new RateLimitTracking(HeaderFamily.xRateLimit(), List.of()).around(receiver()),
                        "decoding")
                .build();
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

    private Pipeline around() {
        return pipeline().build();
    }

    private Pipeline around(Stage stage, Operator operator) {
        return pipeline().with(stage, operator).build();
    }

    private Pipeline.Builder pipeline() {
        EnvelopeDecoding receiver = receiver();
        return Pipeline.around(transport, receiver, receiver.describe());
    }

    private static EnvelopeDecoding receiver() {
        return new EnvelopeDecoding(
                new JsonCodec(1 << 20),
                ErrorShape.messageOnly(),
                ErrorTable.byStatusOnly(),
                ApiException::new,
                1 << 20,
                null);
    }

    private @Nullable Reply run(Exchange exchange, Plan what) {
        return exchange.exchange(Call.start(what, scheduler)).block();
    }

    /** Measures the stub and authentication. */
    @Benchmark
    public @Nullable Reply operatorAuthentication() {
        return run(authentication, plan);
    }

    /** Measures the stub and header tracking of a response without quota headers. */
    @Benchmark
    public @Nullable Reply operatorHeaderTracking() {
        return run(headerTracking, plan);
    }

    /** Measures the stub and both stages of the circuit breaker, closed. */
    @Benchmark
    public @Nullable Reply operatorBreaker() {
        return run(breaker, plan);
    }

    /** Measures the stub and the admission gate with a plentiful declared quota. */
    @Benchmark
    public @Nullable Reply operatorGate() {
        return run(gate, plan);
    }

    /** Measures the stub and the attempt timeout. */
    @Benchmark
    public @Nullable Reply operatorAttemptTimeout() {
        return run(attemptTimeout, plan);
    }

    /** Measures the stub and classified retry. */
    @Benchmark
    public @Nullable Reply operatorRetry() {
        return run(retry, plan);
    }

    /** Measures the stub and redirects that are not allowed. */
    @Benchmark
    public @Nullable Reply operatorRedirects() {
        return run(redirects, plan);
    }

    /** Measures the stub and the decoding of a small JSON body to a record. */
    @Benchmark
    public @Nullable Reply operatorDecoding() {
        return run(decoding, decodingPlan);
    }
}
