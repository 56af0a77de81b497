package io.penstock.benchmarks;

import io.penstock.auth.Authentication;
import io.penstock.auth.CredentialScheme;
import io.penstock.benchmarks.StubAnswer.Scan;
import io.penstock.body.Payload;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.circuit.Circuits;
import io.penstock.envelope.ErrorShape;
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
import io.penstock.retry.ClassifiedRetry;
import io.penstock.retry.RetryPolicy;
import io.penstock.timeout.AttemptTimeout;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The cost of each operator of the pipeline for a successful call, alone around the stub of {@link PipelineOverhead}.
 * The row {@code stub} of that class is the floor that every row here contains.
 */
public class PipelineOverheadOfOperators extends NanosPerCall {

    private final Scheduler scheduler = Schedulers.parallel();
    private final Transport transport = new StubTransport(StubAnswer.JSON);
    private final Plan plan = StubPipeline.plan(Payload.none());
    private final Plan decodingPlan = StubPipeline.plan(Payload.json(Scan.class));

    private Exchange bare = pipeline().build();
    private Exchange authentication = bare;
    private Exchange headerTracking = bare;
    private Exchange breaker = bare;
    private Exchange gate = bare;
    private Exchange attemptTimeout = bare;
    private Exchange retry = bare;
    private Exchange redirects = bare;

    /** Creates the state for JMH. */
    public PipelineOverheadOfOperators() {}

    /** Builds a pipeline around the stub for each operator. */
    @Setup
    public void setUp() {
        authentication = around(
                Stage.AUTHENTICATION,
                new Authentication(CredentialScheme.bearer(), Secret.of(StubAnswer.KEY), StubPipeline.BASE));
        headerTracking = Pipeline.around(
                        transport,
                        new RateLimitTracking(HeaderFamily.xRateLimit(), List.of())
                                .around(StubPipeline.decoding(ErrorShape.messageOnly(), 1 << 20)),
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
                        StubPipeline.BASE));
        attemptTimeout = around(Stage.ATTEMPT_TIMEOUT, new AttemptTimeout(Duration.ofSeconds(30), scheduler));
        retry = around(Stage.RETRY, new ClassifiedRetry(RetryPolicy.standard()));
        redirects = around(Stage.REDIRECT, new Redirects());
    }

    private Pipeline around(Stage stage, Operator operator) {
        return pipeline().with(stage, operator).build();
    }

    private Pipeline.Builder pipeline() {
        return StubPipeline.around(transport);
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
        return run(bare, decodingPlan);
    }
}
