package io.penstock;

import io.penstock.auth.Authentication;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.SecretSource;
import io.penstock.auth.TokenAuthentication;
import io.penstock.body.JsonCodec;
import io.penstock.call.ActiveCalls;
import io.penstock.call.ClientRuntime;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.circuit.Circuits;
import io.penstock.envelope.EnvelopeDecoding;
import io.penstock.envelope.ErrorModel;
import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.hedge.Hedging;
import io.penstock.hedge.HedgingPolicy;
import io.penstock.http.Secret;
import io.penstock.logging.CallLog;
import io.penstock.logging.WireLog;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Listeners;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Pipeline;
import io.penstock.pipeline.Redirects;
import io.penstock.pipeline.Stage;
import io.penstock.pipeline.Transport;
import io.penstock.pipeline.TurnLine;
import io.penstock.ratelimit.Admission;
import io.penstock.ratelimit.RateLimitTracking;
import io.penstock.redaction.Redaction;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.CallSettings;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.Plan;
import io.penstock.request.Planning;
import io.penstock.retry.ClassifiedRetry;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.timeout.AttemptTimeout;
import io.penstock.timeout.Nesting;
import io.penstock.timeout.Scope;
import io.penstock.transport.ClientResources;
import io.penstock.transport.netty.Transports;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The parts of one client, connected to each other. */
final class ClientWiring {

    final VendorSpec spec;
    final URI baseUri;
    final Transport transport;
    final Scheduler scheduler;
    final RateLimitTracking tracking;
    final @Nullable Admission gate;
    final Circuits circuits;
    final RetryPolicy retry;
    private final @Nullable Secret secret;
    private final @Nullable SecretSource secretSource;
    private final ClassifiedRetry retries;
    private final ClientRuntime runtime;
    private final ClientClosing closing;
    private @Nullable TokenAuthentication tokens;

    ClientWiring(ApiClientBuilder b) {
        this.spec = b.spec;
        Contradictions.check(b);
        this.baseUri = b.baseUri;
        IdempotencyKey.prepare();
        CallSettings.prepare();
        ClientResources resources = b.ownsResources ? ClientResources.create() : b.resources;
        Scheduler usual = resources == null ? Schedulers.parallel() : resources.timer();
        this.scheduler = b.scheduler == null ? usual : b.scheduler;
        Transport wire = b.transport == null ? Transports.create(b.connections, resources) : b.transport;
        this.transport = new WireLog(
                b.aroundTransport == null ? wire : b.aroundTransport.apply(wire), b.logs, b.secret, spec.id());
        JsonCodec codec = new JsonCodec(b.maxResponseBytes);
        this.secret = b.secret;
        this.secretSource = b.secretSource;
        this.gate = b.gated ? gate(b) : null;
        this.tracking =
                new RateLimitTracking(spec.quota(), gate, spec.errors().shape().retryAfter(), baseUri);
        Planning planning = new Planning(
                baseUri,
                codec,
                spec.keyPlacement(),
                spec.name(),
                new Planning.Defaults(
                        b.deadline,
                        b.patient,
                        b.headers,
                        spec.bodies(),
                        spec.credential().parameters()));
        ErrorModel errors = b.secretSource != null || spec.credential().exchange() != null
                ? spec.errors().withTable(spec.errors().table().withRenewal())
                : spec.errors();
        EnvelopeDecoding decoding = new EnvelopeDecoding(codec, errors, b.maxResponseBytes, b.secret);
        this.retry = b.retry;
        int maxWaiting = b.places().maxWaiting();
        ClassifiedRetry retries = new ClassifiedRetry(b.retry, maxWaiting, this::nested);
        Pipeline.Builder stages = Pipeline.around(transport, tracking.around(decoding), decoding.describe())
                .describing(Stage.HEADER_TRACKING, tracking.describe())
                .with(Stage.REDIRECT, new Redirects())
                .with(Stage.RETRY, retries)
                .with(
                        Stage.ATTEMPT_TIMEOUT,
                        new AttemptTimeout(b.attemptTimeout, b.firstByteTimeout, b.idleTimeout, scheduler));
        this.retries = retries;
        this.circuits = new Circuits(b.circuit, scheduler, maxWaiting);
        if (b.circuit.scope() != CircuitPolicy.Scope.NONE) {
            stages.with(Stage.BREAKER, circuits.peek()).with(Stage.BREAKER_PERMIT, circuits.permit());
        }
        if (gate != null) {
            stages.with(Stage.ADMISSION, gate);
        }
        HedgingPolicy hedging = b.hedging;
        if (hedging != null) {
            stages.with(
                    Stage.HEDGING,
                    new Hedging(hedging, retries, call -> tracking.isScarce(call, hedging.quotaShare())));
        }
        List<Operator> perCall = operators(b.perCall, Operator.Position.PER_CALL);
        List<Operator> perAttempt = operators(b.perAttempt, Operator.Position.PER_ATTEMPT);
        if (!perCall.isEmpty() || !perAttempt.isEmpty()) {
            stages.with(Stage.DEADLINE, AttemptTimeout.ofTheCall(scheduler));
        }
        if (!perCall.isEmpty()) {
            stages.with(Stage.PER_CALL, new Nesting(0, () -> null));
        }
        if (!perAttempt.isEmpty()) {
            stages.with(Stage.PER_ATTEMPT, new Nesting(b.retry.maxAttempts(), this::runtime));
        }
        perCall.forEach(operator -> stages.with(Stage.PER_CALL, operator));
        perAttempt.forEach(operator -> stages.with(Stage.PER_ATTEMPT, operator));
        stages.with(Stage.AUTHENTICATION, authentication());
        Listeners listeners = Listeners.of(b.listeners, spec.id());
        if (listeners != null) {
            stages.with(Stage.LISTENERS, listeners.attempts());
        }
        this.runtime = new ClientRuntime(
                planning,
                stages.build(),
                scheduler,
                new ClientRuntime.Reporting(
                        spec.errors(),
                        new CallLog(spec.id()),
                        new Redaction(b.secret == null ? null : b.secret.reveal()),
                        listeners),
                new ActiveCalls());
        this.closing = new ClientClosing(
                this,
                runtime.active(),
                scheduler,
                resources == null || !b.ownsResources ? Mono.empty() : resources.closeLater());
    }

    /** Returns the operators of a position: those of the client around those of the spec. */
    private List<Operator> operators(List<Operator> ofTheClient, Operator.Position position) {
        List<Operator> all = new ArrayList<>(ofTheClient);
        spec.operators().stream()
                .filter(placed -> placed.position() == position)
                .forEach(placed -> all.add(placed.operator()));
        return all;
    }

    private Admission gate(ApiClientBuilder b) {
        if (b.sharing == null) {
            return new Admission(spec.quota(), b.places(), scheduler, baseUri);
        }
        ClientWiring other = b.sharing.wiring();
        if (!Plan.sameOrigin(baseUri, other.baseUri) || !spec.quota().equals(other.spec.quota())) {
            throw ApiException.invalidConfiguration("sharesQuotaWith: " + b.sharing + ", this client is of " + spec.id()
                    + " at " + baseUri + " (expected: a client of the same API at the same origin)");
        }
        if (scheduler != other.scheduler) {
            throw ApiException.invalidConfiguration(
                    "sharesQuotaWith: " + b.sharing + " has another scheduler (expected: one clock for both)");
        }
        boolean sameCredential =
                Objects.equals(secret, other.secret) && Objects.equals(secretSource, other.secretSource);
        return new Admission(
                spec.quota(), b.places(), scheduler, baseUri, new Admission.Shared(other.paced(), sameCredential));
    }

    private Operator authentication() {
        CredentialScheme scheme = spec.credential();
        if (scheme.exchange() == null && secretSource == null) {
            return new Authentication(scheme, secret, baseUri);
        }
        TokenAuthentication exchanged = new TokenAuthentication(
                        scheme,
                        secret,
                        secretSource,
                        baseUri,
                        new TokenAuthentication.Exchanges(
                                this::valueForAll,
                                scheduler,
                                issued -> runtime().reporting().secrets().learn(issued.reveal())))
                .withExceptions(spec.errors().exceptions())
                .withCircuit(request -> circuits.refusal(runtime().planning().plan(request)));
        tokens = secret == null && secretSource == null ? null : exchanged;
        return exchanged;
    }

    ClientRuntime runtime() {
        return runtime;
    }

    /**
     * Fetches a value on behalf of all waiting calls, such as a token. The deadline of the first one does not apply to
     * the others. They hold places at the gate meanwhile, so this call takes none: it could wait forever. It sends
     * once, because each waiting call repeats it within its own deadline, unless the vendor's restrictions forbid that.
     */
    private <T> Mono<T> valueForAll(ApiRequest<T> request) {
        return runtime.execute(request)
                .flatMap(response -> Mono.justOrEmpty(response.value()))
                .onErrorMap(ApiException.class, e -> retry.forbidsResend(request, e.failure()) ? worthOneAttempt(e) : e)
                .contextWrite(context ->
                        Journey.Capture.without(context).put(Scope.class, Scope.exchanging(runtime, scheduler)));
    }

    private ApiException worthOneAttempt(ApiException e) {
        Failure failure = e.failure().withMaxAttempts(1);
        return e.getClass() == ApiException.class
                ? new ApiException(failure)
                : runtime.exceptions().apply(failure);
    }

    /** Makes a call on behalf of another one, within the rest of its deadline. */
    private <T> Mono<ApiResponse<T>> nested(Call call, ApiRequest<T> request) {
        Scope scope = Scope.inside(call, false, null);
        Secret own = call.plan().settings().credential();
        ApiRequest<T> asCall = own == null || request.isAnonymous() || request.credential() != null
                ? request
                : request.credential(own);
        return runtime.execute(asCall).contextWrite(scope::in);
    }

    /** Returns the admission gate; INVALID_CONFIGURATION if the client was built without one. */
    Admission paced() {
        if (gate == null) {
            throw ApiException.invalidConfiguration(
                    "quota: this client has no gate (expected: one that was not built with withoutGate())");
        }
        return gate;
    }

    ClientClosing closing() {
        return closing;
    }

    /** Fails waiting and later calls with {@code CLIENT_CLOSED}. */
    void closeLines() {
        if (gate != null) {
            gate.close();
        }
        circuits.close();
        retries.close();
    }

    int retriesWaiting() {
        TurnLine line = retries.budget.line();
        return line == null ? 0 : line.waiting();
    }

    double retryBudget() {
        return retries.budget.balance(scheduler.now(TimeUnit.NANOSECONDS));
    }

    /** Opens a connection, and fetches a token if the API wants one, as a call would. */
    Mono<Void> warmUp() {
        return Mono.defer(() -> {
            Attempt attempt = Attempt.of(Call.start(runtime.planning().plan(ApiRequest.get("")), scheduler));
            TokenAuthentication exchanged = tokens;
            Mono<Void> connected = transport.connect(attempt);
            return exchanged == null ? connected : connected.then(exchanged.warmUp(attempt));
        });
    }

    ApiClient.Health health() {
        TokenAuthentication exchanged = tokens;
        ActiveCalls active = runtime.active();
        ActiveCalls.LastFailure failure = active.lastFailure();
        return new ApiClient.Health(
                new ApiClient.Health.Calls(
                        active.isClosing(),
                        active.size(),
                        active.lastSuccessAt(),
                        failure == null ? null : failure.at(),
                        failure == null ? null : failure.kind()),
                circuits.states(),
                transport.connections(),
                exchanged == null ? null : exchanged.tokenLife());
    }
}
