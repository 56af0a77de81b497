package io.penstock;

import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenAuthentication;
import io.penstock.auth.TokenExchange;
import io.penstock.body.JsonCodec;
import io.penstock.call.ActiveCalls;
import io.penstock.call.ClientRuntime;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.circuit.Circuits;
import io.penstock.envelope.EnvelopeDecoding;
import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorTable;
import io.penstock.hedge.LearnedHedging;
import io.penstock.http.Secret;
import io.penstock.logging.CallLog;
import io.penstock.pipeline.Pipeline;
import io.penstock.pipeline.Stage;
import io.penstock.ratelimit.Admission;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.redaction.Redaction;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.KeyPlacement;
import io.penstock.request.Plan;
import io.penstock.request.Planning;
import io.penstock.retry.Backoff;
import io.penstock.retry.ClassifiedRetry;
import io.penstock.retry.RetryPolicy;
import io.penstock.timeout.AttemptTimeout;
import io.penstock.timeout.Scope;
import java.net.URI;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A client with a random choice of stages, on a wire and a clock whose steps a seed orders. */
final class SeededClient {

    static final URI BASE = URI.create("https://api.example.com/v1/");
    static final RetryPolicy POLICY = RetryPolicy.standard()
            .withBackoff(new Backoff(Duration.ofMillis(5), 2, Duration.ofMillis(40), 0))
            .withMaxAttempts(4);

    private static final JsonCodec CODEC = new JsonCodec(1 << 20);
    private static final ErrorTable ERRORS = ErrorTable.ofCases(ErrorCase.ofStatus(401, ErrorRule.renewable()));

    private final SplittableRandom random;
    private final Interleaving wire;
    private final SeededScheduler scheduler;

    SeededClient(SplittableRandom random, Interleaving wire, SeededScheduler scheduler) {
        this.random = random;
        this.wire = wire;
        this.scheduler = scheduler;
    }

    /**
     * Builds the client.
     *
     * @param read the path of the GETs that may be hedged
     * @param more adds stages of the test's own
     */
    ClientRuntime build(String read, double budgetShare, CallLog log, Consumer<Pipeline.Builder> more) {
        Planning planning = new Planning(
                BASE,
                CODEC,
                KeyPlacement.header("idempotency-key"),
                "acme",
                Planning.Defaults.within(Duration.ofMillis(60 + random.nextInt(400))));
        EnvelopeDecoding decoding =
                new EnvelopeDecoding(CODEC, ErrorModel.byStatusOnly().withTable(ERRORS), 1 << 20, null);
        ClassifiedRetry retry = new ClassifiedRetry(POLICY.withBudgetShare(budgetShare), () -> 0.5);
        TokenExchange exchange = new TokenExchange(
                "POST token",
                secret -> ApiRequest.post("token").idempotent(),
                (answer, at) -> new AccessToken(Secret.of(answer.path("token").asString()), null),
                Duration.ZERO);
        ClientRuntime[] self = new ClientRuntime[1];
        Pipeline.Builder stages = Pipeline.around(wire, decoding, "decoding")
                .with(Stage.RETRY, retry)
                .with(
                        Stage.AUTHENTICATION,
                        new TokenAuthentication(
                                CredentialScheme.bearer().exchangedBy(exchange),
                                Secret.of("refresh-token"),
                                BASE,
                                new TokenAuthentication.Exchanges(
                                        request -> self[0].execute(request)
                                                .mapNotNull(ApiResponse::value)
                                                .contextWrite(context -> Scope.holding(self[0], scheduler)
                                                        .in(context)),
                                        scheduler,
                                        () -> 0.5)))
                .with(Stage.ATTEMPT_TIMEOUT, new AttemptTimeout(Duration.ofMillis(20 + random.nextInt(60)), scheduler));
        more.accept(stages);
        if (wire.chance(0.3)) {
            Plan get = planning.plan(ApiRequest.get(read));
            stages.with(Stage.HEDGING, LearnedHedging.of(retry, get, Duration.ofMillis(3)));
        }
        if (wire.chance(0.3)) {
            Backoff open = new Backoff(Duration.ofMillis(10), 1, Duration.ofMillis(10), 0);
            Circuits circuits = new Circuits(
                    CircuitPolicy.standard().withWindow(4, 2).withOpenWait(open).withTrials(2), scheduler);
            stages.with(Stage.BREAKER, circuits.peek()).with(Stage.BREAKER_PERMIT, circuits.permit());
        }
        if (wire.chance(0.6)) {
            Admission gate = admission();
            stages.with(Stage.ADMISSION, gate);
            if (wire.chance(0.1)) {
                wire.add(gate::close);
            }
        }
        self[0] = new ClientRuntime(
                planning,
                stages.build(),
                scheduler,
                new ClientRuntime.Reporting(ErrorModel.byStatusOnly(), log, new Redaction(null)),
                new ActiveCalls());
        return self[0];
    }

    private Admission admission() {
        DeclaredLimit limit =
                DeclaredLimit.perCredential("key", 1 + random.nextInt(3), Duration.ofMillis(5 + random.nextInt(60)));
        GatePolicy places =
                GatePolicy.standard().withMaxConcurrent(1 + random.nextInt(2)).withMaxWaiting(10);
        return new Admission(QuotaModel.declared(limit), places, scheduler, BASE);
    }
}
