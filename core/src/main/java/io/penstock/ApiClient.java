package io.penstock;

import io.penstock.auth.Authentication;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenAuthentication;
import io.penstock.auth.TokenExchange;
import io.penstock.body.JsonCodec;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.body.ServerSentEvent;
import io.penstock.call.CallFlux;
import io.penstock.call.ClientRuntime;
import io.penstock.call.PageCalls;
import io.penstock.call.ResumedEvents;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.circuit.CircuitState;
import io.penstock.circuit.Circuits;
import io.penstock.download.Download;
import io.penstock.download.DownloadOptions;
import io.penstock.download.DownloadRun;
import io.penstock.download.DownloadTarget;
import io.penstock.envelope.EnvelopeDecoding;
import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Phase;
import io.penstock.hedge.Hedging;
import io.penstock.hedge.HedgingPolicy;
import io.penstock.http.Headers;
import io.penstock.http.RequestTarget;
import io.penstock.http.ResponseHead;
import io.penstock.http.Secret;
import io.penstock.logging.CallLog;
import io.penstock.logging.LogPolicy;
import io.penstock.logging.WireLog;
import io.penstock.paging.Pages;
import io.penstock.paging.Paging;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Pipeline;
import io.penstock.pipeline.Redirects;
import io.penstock.pipeline.Stage;
import io.penstock.pipeline.Transport;
import io.penstock.polling.Poll;
import io.penstock.polling.Polling;
import io.penstock.ratelimit.Admission;
import io.penstock.ratelimit.Forecast;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.Quota;
import io.penstock.ratelimit.RateLimitTracking;
import io.penstock.redaction.Redaction;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.request.Plan;
import io.penstock.request.Planning;
import io.penstock.retry.ClassifiedRetry;
import io.penstock.retry.RetryPolicy;
import io.penstock.retry.RetryRestriction;
import io.penstock.spec.ListForm;
import io.penstock.spec.VendorSpec;
import io.penstock.timeout.AttemptTimeout;
import io.penstock.timeout.Deadline;
import io.penstock.timeout.Nesting;
import io.penstock.timeout.Scope;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.netty.NettyTransport;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A client of one API with one credential. Safe to share; keep one for as long as calls are made, it owns a connection
 * pool.
 *
 * <pre>{@code
 * try (ApiClient client = ApiClient.builder(spec).secret(Secret.of(key)).build()) {
 *     Mono<JsonNode> usage = client.value(ApiRequest.get("usage"));
 * }
 * }</pre>
 */
public final class ApiClient implements AutoCloseable {

    private final VendorSpec spec;
    private final URI baseUri;
    private final Transport transport;
    private final Scheduler scheduler;
    private final @Nullable Secret secret;
    private final RateLimitTracking tracking;
    private final @Nullable Admission gate;
    private final ClientRuntime runtime;
    private final Circuits circuits;
    private final ClassifiedRetry retries;
    private final RetryPolicy retry;

    private ApiClient(Builder b) {
        this.spec = b.spec;
        checkHeaders(spec);
        this.baseUri = b.baseUri;
        IdempotencyKey.prepare();
        this.scheduler = b.scheduler == null ? Schedulers.parallel() : b.scheduler;
        this.transport = new WireLog(
                b.transport == null ? new NettyTransport(b.connections) : b.transport, b.logs, b.secret, spec.id());
        JsonCodec codec = new JsonCodec(b.maxResponseBytes);
        this.secret = b.secret;
        this.gate = b.gated ? gate(b) : null;
        this.tracking =
                new RateLimitTracking(spec.quota(), gate, spec.errors().shape().retryAfter(), baseUri);
        Planning planning =
                new Planning(baseUri, codec, spec.keyPlacement(), b.deadline, b.patient, spec.name(), b.headers);
        EnvelopeDecoding decoding = new EnvelopeDecoding(
                codec,
                spec.errors().shape(),
                b.secret != null && spec.credential().exchange() != null
                        ? spec.errors().table().withRenewal()
                        : spec.errors().table(),
                spec.errors().exceptions(),
                b.maxResponseBytes,
                b.secret);
        this.retry = b.retry;
        int maxWaiting = b.places().maxWaiting();
        ClassifiedRetry retries = new ClassifiedRetry(b.retry, maxWaiting, this::nested);
        Pipeline.Builder stages = Pipeline.around(transport, decoding, decoding.describe())
                .with(Stage.REDIRECT, new Redirects())
                .with(Stage.RETRY, retries)
                .with(
                        Stage.ATTEMPT_TIMEOUT,
                        new AttemptTimeout(b.attemptTimeout, b.firstByteTimeout, b.idleTimeout, scheduler))
                .listening(tracking);
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
        if (!b.perCall.isEmpty() || !b.perAttempt.isEmpty()) {
            stages.with(Stage.DEADLINE, AttemptTimeout.ofTheCall(scheduler));
        }
        if (!b.perCall.isEmpty()) {
            stages.with(Stage.PER_CALL, new Nesting(false, () -> null));
        }
        if (!b.perAttempt.isEmpty()) {
            stages.with(Stage.PER_ATTEMPT, new Nesting(b.retry.maxAttempts() > 1, this::runtime));
        }
        b.perCall.forEach(operator -> stages.with(Stage.PER_CALL, operator));
        b.perAttempt.forEach(operator -> stages.with(Stage.PER_ATTEMPT, operator));
        if (b.secret != null) {
            stages.with(Stage.AUTHENTICATION, authentication(b.secret));
        }
        this.runtime = new ClientRuntime(
                planning,
                stages.build(),
                scheduler,
                spec.errors(),
                new CallLog(spec.id()),
                new Redaction(b.secret == null ? null : b.secret.reveal()));
    }

    /** What the spec has for every request is wrong for all of them: it is refused here, before there is one. */
    private static void checkHeaders(VendorSpec spec) {
        List<String> headers = spec.headers();
        KeyPlacement key = spec.keyPlacement();
        try {
            for (int i = 0; i < headers.size(); i += 2) {
                Headers.checkSendable(headers.get(i), headers.get(i + 1));
            }
            Headers.checkSendable(spec.credential().header(), "");
            if (key != null && key.where() == KeyPlacement.Where.HEADER) {
                Headers.checkSendable(key.name(), "");
            }
        } catch (ApiException e) {
            throw ApiException.invalidConfiguration("spec of " + spec.id() + ": " + e.getMessage());
        }
    }

    private Admission gate(Builder b) {
        ApiClient other = b.sharing;
        if (other == null) {
            return new Admission(spec.quota(), b.places(), scheduler, baseUri);
        }
        if (!Plan.sameOrigin(baseUri, other.baseUri) || !spec.quota().equals(other.spec.quota())) {
            throw ApiException.invalidConfiguration("sharesQuotaWith: " + other + ", this client is of " + spec.id()
                    + " at " + baseUri + " (expected: a client of the same API at the same origin)");
        }
        if (scheduler != other.scheduler) {
            throw ApiException.invalidConfiguration(
                    "sharesQuotaWith: " + other + " has another scheduler (expected: one clock for both)");
        }
        boolean sameCredential = Objects.equals(secret, other.secret);
        return new Admission(spec.quota(), b.places(), scheduler, baseUri, other.paced(), sameCredential);
    }

    private Operator authentication(Secret secret) {
        CredentialScheme scheme = spec.credential();
        TokenExchange exchange = scheme.exchange();
        return exchange == null
                ? new Authentication(scheme, secret, baseUri)
                : new TokenAuthentication(
                                scheme,
                                exchange,
                                secret,
                                this::valueForAll,
                                scheduler,
                                baseUri,
                                spec.errors().exceptions())
                        .withCircuit(
                                request -> circuits.refusal(runtime().planning().plan(request)));
    }

    ClientRuntime runtime() {
        return runtime;
    }

    /**
     * A token is fetched for all who wait: the deadline of the one who asked first is not the others'. They hold places at
     * the gate meanwhile, so that waiting for one more could wait for ever. It is sent once, because each of them repeats it
     * within a deadline of its own, where the vendor's restrictions do not forbid that.
     */
    private <T> Mono<T> valueForAll(ApiRequest<T> request) {
        return value(request)
                .onErrorMap(ApiException.class, e -> retry.forbidsResend(request, e.failure()) ? worthOneAttempt(e) : e)
                .contextWrite(context ->
                        Journey.Capture.without(context).put(Scope.class, Scope.exchanging(runtime, scheduler)));
    }

    private ApiException worthOneAttempt(ApiException e) {
        Failure failure = e.failure().withMaxAttempts(1);
        return e.getClass() == ApiException.class
                ? new ApiException(failure)
                : spec.errors().exceptions().apply(failure);
    }

    /** A call that is made for another one, with what is left of its deadline. */
    private <T> Mono<ApiResponse<T>> nested(Call call, ApiRequest<T> request) {
        Scope scope = new Scope(scheduler, call.deadlineNanos(), false, null, null, call.toString());
        return execute(request).contextWrite(scope::in);
    }

    /** A client of that API, to be configured. */
    public static Builder builder(VendorSpec spec) {
        return new Builder(spec);
    }

    /**
     * Makes a call of a request. Nothing happens before the {@code Mono} is subscribed to; every subscription is a call
     * with a deadline of its own, and all of them carry the same bytes and the same idempotency key.
     *
     * <p>It emits one response with a 2xx status, or with 304 and without a value where the request has {@code If-None-Match} or
     * {@code If-Modified-Since} and nothing has changed (RFC 9110 §15.4.5), on the connection's event loop, or ends with an {@link ApiException},
     * on the event loop, or on the client's scheduler where a time ran out. Cancelling it gives up the connection or the
     * wait; whether the server acted is then unknown. What is retried, and what not, is told by the exception's
     * {@link ApiException#certainty()} and the request's {@link ApiRequest#retryClass()}.
     */
    public <T> Mono<ApiResponse<T>> execute(ApiRequest<T> request) {
        return runtime.execute(request);
    }

    /**
     * Makes a call whose body is read while it arrives, however long it is: {@link ApiRequest#elements elements of an
     * array}, {@link ApiRequest#lines lines}, or {@link Payload#parts() parts} of anything. Nothing happens before something
     * is asked for; every subscription is a call of its own.
     *
     * <p>It emits what has arrived, at the subscriber's demand, which reaches the socket: of what was not asked for about
     * one read of the socket is held, and of a single element at most the client's {@code maxResponseBytes}. It emits on the
     * connection's event loop, or on the thread that asks for more. Cancelling closes the connection.
     *
     * <p>Until the first element everything is as with {@link #execute}: retries, time-outs, deadline; but a 304 is an error with that
     * status, because it is no empty stream. After it nothing is
     * sent again; a body that breaks off, cannot be read or pauses too long while more is asked for (the client's idle
     * time-out) ends it with an {@link ApiException} whose certainty is {@code PROCESSED}. So does the request's own
     * deadline and one around it ({@link Deadline}), whether something is asked for or not; the client's deadline ends with the
     * first element. The place at the gate is free
     * again with the first element, so that calls can be made for each; the connection is not. The circuit counts what happened
     * until the first element.
     */
    public <T> Flux<T> stream(ApiRequest<T> request) {
        return new CallFlux<>(request, runtime);
    }

    /**
     * Server-sent events, over as many calls as it takes: a stream that breaks or ends is taken up again with {@code
     * Last-Event-ID}, where the server has given ids. Each event is emitted as with {@link #stream}; nothing is asked for
     * that nobody wants.
     *
     * <p>The wait before is the longer one of the server's {@code retry} and the client's backoff. It completes where the
     * server answers 204, or ends a stream without a single event or id; it ends with an error where that is not transient,
     * where the client's retries were in vain, or where it broke {@code maxAttempts} times in a row without an event. A
     * stream without ids cannot be resumed: its break is an error, its end the end. The idle time-out takes a silent
     * connection for a broken one; comments count as a sign of life. The
     * request's own deadline, and one around it, hold for all calls and waits together.
     */
    public Flux<ServerSentEvent> events(ApiRequest<?> request) {
        return new ResumedEvents(request.events(), runtime, retry).events();
    }

    /**
     * Downloads a file of any size, when subscribed to; memory holds a few parts of it. It emits once the file is whole and
     * in its place, on a thread of {@code Schedulers.boundedElastic()}, where all disk work is done.
     *
     * <p>A break is resumed with {@code Range} from what is there, and {@code If-Range} with a strong validator (RFC 9110
     * §8.8.1), so that two versions are never mixed: a strong {@code ETag}, or, where there is none at all, a {@code
     * Last-Modified} that was a minute old when it was told. Without one it starts over, and so it does wherever an answer does
     * not fit what is there: 200, 416, another version, a gap. Bytes of a range that are there already are left out. It goes on
     * as long as each call brings something, up to the option {@code maxResumes}.
     *
     * <p>The file is asked for without a content coding. Where it comes as gzip or deflate nevertheless, because it is stored
     * so, the coding is undone and its end checked; length and ranges count the stored bytes. Another process starts such a
     * file over. Any other coding is {@code UNDECODABLE}.
     *
     * <p>Cancelling, and an error, leave what is there as {@code <name>.part} with its version beside it; downloading to the
     * same place again, in this process or another, goes on from there. Nothing is left where nothing has arrived, and nothing
     * that is left keeps a later download from ending. A file is put into its place in one step. An existing one is replaced
     * only where the options say so: of two downloads to one name the second fails with INVALID_REQUEST and keeps its part.
     * Part and version are never written through a link. A whole file is told by its announced length; where a server announces
     * none, the end of the answer is the end of the file.
     *
     * <p>Redirects are followed where the request allows it, to another origin without credential. A request with a condition
     * downloads what has changed: a 304 is an error with that status, and leaves what is there.
     */
    public Mono<Download> download(ApiRequest<?> request, DownloadTarget target, DownloadOptions options) {
        Duration whole = request.deadline();
        Mono<Download> download = Mono.deferContextual(context -> DownloadRun.of(
                request,
                request.resolve(baseUri),
                target,
                options,
                (parts, head, journey) -> new CallFlux<>(parts, runtime, new CallFlux.Told() {
                    @Override
                    public void head(ResponseHead answer) {
                        head.accept(answer);
                    }

                    @Override
                    public void journey(Journey ended) {
                        journey.accept(ended);
                    }
                }),
                scheduler,
                dice -> Duration.ofNanos(retry.backoff().nanosAfter(1, dice)),
                leftOf(Scope.of(context))));
        return whole == null
                ? download
                : download.contextWrite(
                        context -> Scope.ending(whole, scheduler).in(context));
    }

    private static LongSupplier leftOf(@Nullable Scope scope) {
        return scope == null ? () -> Long.MAX_VALUE : scope::remainingNanos;
    }

    /** As {@link #download(ApiRequest, DownloadTarget, DownloadOptions)}, to a path, as {@link DownloadOptions#standard()}. */
    public Mono<Download> download(ApiRequest<?> request, Path file) {
        return download(request, DownloadTarget.file(file), DownloadOptions.standard());
    }

    /** As {@link #execute}, with the decoded value alone; empty where the answer has none, or a condition is answered 304. */
    public <T> Mono<T> value(ApiRequest<T> request) {
        return execute(request).handle((response, sink) -> {
            T value = response.value();
            if (value != null) {
                sink.next(value);
            }
        });
    }

    /**
     * Watches a long operation until it has ended: a cold {@code Flux} of its answers, and the {@code Mono} of its result.
     * Nothing is sent before there is demand; see {@link Poll} for what is repeated, and how it ends.
     */
    public <T> Poll<T> poll(Polling<T> polling) {
        return new Poll<>(polling, runtime);
    }

    /**
     * Reads a list page by page, as its subscriber asks for more; each page is a call as {@link #execute} makes it, but that a
     * 304 is an error with that status, because it is no empty page.
     *
     * @param first asks for the page to begin with
     * @param paging how the next one is asked for
     */
    public <T> Pages<T> pages(ApiRequest<Page<T>> first, Paging paging) {
        return Pages.of(new PageCalls(runtime), first, paging);
    }

    /**
     * Reads a list as its vendor's spec says that it goes on.
     *
     * @param list asks for the list; what it decodes to does not matter
     * @throws ApiException INVALID_REQUEST if the spec knows of no list there
     */
    public <T> Pages<T> pages(ApiRequest<?> list, Class<T> item) {
        ListForm form = spec.listAt(list.pathTemplate());
        return pages(form.first(list, item), form.paging());
    }

    /** What would be sent, and every stage it would pass, outside in; no secret, no body. Nothing is sent. */
    public String explain(ApiRequest<?> request) {
        Plan plan = runtime.planning().plan(request);
        return String.format(
                Locale.ROOT,
                "%s %s  %s%s, deadline %d ms%n%s",
                plan.method(),
                plan.origin() + plan.target(),
                plan.retryClass(),
                plan.key() == null ? "" : " key=" + plan.key(),
                plan.timeoutNanos() / 1_000_000,
                runtime.pipeline().describe());
    }

    /** What the server has said about its quota, a row for each partition it has spoken of. */
    public List<Quota> quotas() {
        return tracking.quotas();
    }

    /** How the circuits stand, one for each origin (or operation) that has been called; empty where they are off. */
    public List<CircuitState> circuits() {
        return circuits.states();
    }

    /**
     * What is known of the quota that no other limit governs, and when there will be more of it. A client that was built
     * without a gate cannot tell: {@link ApiException} of kind INVALID_CONFIGURATION.
     */
    public Forecast quota() {
        return paced().forecast(tracking);
    }

    /** As {@link #quota()}, of the quota that a request would spend. Nothing is sent. */
    public Forecast quota(ApiRequest<?> request) {
        return paced().forecast(runtime.planning().plan(request), tracking);
    }

    private Admission paced() {
        if (gate == null) {
            throw ApiException.invalidConfiguration(
                    "quota: this client has no gate (expected: one that was not built with withoutGate())");
        }
        return gate;
    }

    /** How the connections are used now, a row for each origin. */
    public List<ConnectionStats> connections() {
        return transport.connections();
    }

    /** The API it is a client of. */
    public VendorSpec spec() {
        return spec;
    }

    /** Where it finds the API. */
    public URI baseUri() {
        return baseUri;
    }

    /** Gives up all connections when subscribed to; calls made afterwards fail with {@code CLIENT_CLOSED}. */
    public Mono<Void> closeLater() {
        return Mono.defer(() -> {
            if (gate != null) {
                gate.close();
            }
            circuits.close();
            retries.close();
            return transport.closeLater();
        });
    }

    /** As {@link #closeLater}, without waiting for it. */
    @Override
    public void close() {
        closeLater().subscribe();
    }

    /** API, base URI: no credential. */
    @Override
    public String toString() {
        return "ApiClient[" + spec.id() + ", " + baseUri + "]";
    }

    /** Collects what a client needs. Bad values are refused where they are given, with INVALID_CONFIGURATION. */
    public static final class Builder {

        private static final int MIN_RESPONSE_BYTES = 1024;
        private static final Duration USUAL_DEADLINE = Duration.ofSeconds(60);

        private final VendorSpec spec;
        private URI baseUri;
        private @Nullable Secret secret;
        private RetryPolicy retry;
        private @Nullable HedgingPolicy hedging;
        private boolean gated = true;
        private @Nullable GatePolicy gate;
        private @Nullable ApiClient sharing;
        private LogPolicy logs = LogPolicy.standard();
        private CircuitPolicy circuit;
        private Duration deadline;
        private boolean patient = true;
        private Duration attemptTimeout;
        private @Nullable Duration firstByteTimeout;
        private Duration idleTimeout = Duration.ofSeconds(30);
        private final List<String> headers = new ArrayList<>();
        private int maxResponseBytes = 16 * 1024 * 1024;
        private ConnectionOptions connections = ConnectionOptions.standard();
        private @Nullable Transport transport;
        private @Nullable Scheduler scheduler;
        private final List<Operator> perCall = new ArrayList<>();
        private final List<Operator> perAttempt = new ArrayList<>();

        private Builder(VendorSpec spec) {
            this.spec = spec;
            this.baseUri = checkedBase(spec.baseUri());
            this.retry = spec.retry();
            this.circuit = spec.circuit();
            this.attemptTimeout = spec.attemptTimeout();
            Duration twoAttempts = attemptTimeout.multipliedBy(2);
            this.deadline = twoAttempts.compareTo(USUAL_DEADLINE) > 0 ? twoAttempts : USUAL_DEADLINE;
            this.headers.addAll(spec.headers());
        }

        /** The credential. Without one the client can use only what is public. */
        public Builder secret(Secret newSecret) {
            this.secret = newSecret;
            return this;
        }

        /** Where to find the API, in place of the vendor's own address; paths without a leading slash go below it. */
        public Builder baseUri(String uri) {
            try {
                return baseUri(new URI(uri));
            } catch (URISyntaxException e) {
                throw badBase(withoutSecrets(uri), e.getReason());
            }
        }

        /** As {@link #baseUri(String)}. */
        public Builder baseUri(URI uri) {
            this.baseUri = checkedBase(uri);
            return this;
        }

        /** How to retry, in place of what the vendor documents; its restrictions stay, and the policy's own come on top. */
        public Builder retry(RetryPolicy policy) {
            List<RetryRestriction> all = new ArrayList<>(spec.retry().restrictions());
            all.addAll(policy.restrictions());
            this.retry = policy.withRestrictions(all.toArray(new RetryRestriction[0]));
            return this;
        }

        /** What of requests and answers may stand in a log, in place of {@link LogPolicy#standard()}. */
        public Builder logs(LogPolicy policy) {
            this.logs = policy;
            return this;
        }

        /**
         * How many calls may be under way at once and how many may wait, in place of {@link GatePolicy#standard()}; give it no
         * more places than the pool has connections. Calls are paced by the quota that the vendor reports or publishes.
         */
        public Builder gate(GatePolicy policy) {
            this.gate = policy;
            this.gated = true;
            return this;
        }

        /** Sends calls as they come: any number at once, and whether or not the vendor is going to refuse them. */
        public Builder withoutGate() {
            this.gated = false;
            return this;
        }

        /**
         * Counts what this client sends towards the published limits together with another client of the same API: all of
         * them where both have the same credential, otherwise those that the vendor counts by address. Nothing else is
         * shared. What a server reports needs no sharing: each client sees there what others spend. Other processes cannot
         * be seen; where there are some, declare their part of the limit.
         */
        public Builder sharesQuotaWith(ApiClient other) {
            this.sharing = other;
            return this;
        }

        private GatePolicy places() {
            GatePolicy usual = GatePolicy.standard();
            return gate != null
                    ? gate
                    : usual.withMaxConcurrent(Math.min(usual.maxConcurrent(), connections.maxConnections()));
        }

        /** Sends what is safe to send twice a second time when it is slow; not done unless asked for. */
        public Builder hedging(HedgingPolicy policy) {
            this.hedging = policy;
            return this;
        }

        /** When a server that fails is left alone, in place of what the vendor's spec says. */
        public Builder circuit(CircuitPolicy policy) {
            this.circuit = policy;
            return this;
        }

        /**
         * The total time of a call with all attempts and waits: unless given 60 s, or twice the vendor's attempt time-out, to
         * which the time is added in which a limit that the vendor publishes holds the call back. A time that is given holds
         * whatever the call waits for.
         */
        public Builder deadline(Duration total) {
            this.deadline = positive("deadline", total);
            this.patient = false;
            return this;
        }

        /** The time of one attempt, without waits: as the vendor's spec says unless given. */
        public Builder attemptTimeout(Duration limit) {
            this.attemptTimeout = positive("attemptTimeout", limit);
            return this;
        }

        /**
         * How long an attempt may wait for the head of the response once its request was handed to a connection, the time
         * to send the body included: not limited unless given, apart from the attempt time-out. A server that works on an
         * answer is silent for as long as it works, and only the caller knows how long that may be. Such an attempt fails
         * with the phase {@link Phase#FIRST_BYTE} and is retried like one that took too long.
         */
        public Builder firstByteTimeout(Duration limit) {
            this.firstByteTimeout = positive("firstByteTimeout", limit);
            return this;
        }

        /**
         * How long a response may pause once its head is there: 30 s unless given. An answer that trickles on is not ended
         * by it, only by the attempt time-out; one that is longer than the attempt time-out has no effect. Such an attempt
         * fails with the phase {@link Phase#IDLE} and is retried like one that took too long.
         */
        public Builder idleTimeout(Duration limit) {
            this.idleTimeout = positive("idleTimeout", limit);
            return this;
        }

        /**
         * A header that every request carries, unless it has one of that name itself. It goes to the client's own origin
         * only, like the credential.
         */
        public Builder header(String name, String value) {
            Headers.checkSendable(name, value);
            headers.add(name);
            headers.add(value);
            return this;
        }

        /** The largest body to accept, in decoded bytes: 16 MiB unless given. */
        public Builder maxResponseBytes(int bytes) {
            if (bytes < MIN_RESPONSE_BYTES) {
                throw ApiException.invalidConfiguration(
                        "maxResponseBytes: " + bytes + " (expected: >= " + MIN_RESPONSE_BYTES + ")");
            }
            this.maxResponseBytes = bytes;
            return this;
        }

        /** How connections are made and kept. */
        public Builder connections(ConnectionOptions options) {
            this.connections = options;
            return this;
        }

        /** Another wire, such as a scripted one in a test. */
        public Builder transport(Transport other) {
            this.transport = other;
            return this;
        }

        /** The clock and timer: Reactor's parallel scheduler unless given. */
        public Builder scheduler(Scheduler clockAndTimer) {
            this.scheduler = clockAndTimer;
            return this;
        }

        /** Adds an operator; those of one position stand in the order of adding, the first outermost. */
        public Builder operator(Operator.Position position, Operator operator) {
            (position == Operator.Position.PER_CALL ? perCall : perAttempt).add(operator);
            return this;
        }

        /** The client. */
        public ApiClient build() {
            return new ApiClient(this);
        }

        private static Duration positive(String name, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw ApiException.invalidConfiguration(name + ": " + value + " (expected: more than zero)");
            }
            if (value.compareTo(ApiRequest.LONGEST) > 0) {
                throw ApiException.invalidConfiguration(
                        name + ": " + value + " (expected: at most " + ApiRequest.LONGEST.toDays() + " days)");
            }
            return value;
        }

        private static URI checkedBase(URI uri) {
            String scheme = uri.getScheme();
            if (scheme == null || !(scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http"))) {
                throw badBase(withoutSecrets(uri.toString()), "no scheme http or https");
            }
            if (uri.getHost() == null) {
                throw badBase(scheme + "://…", "no host");
            }
            if (uri.getRawUserInfo() != null) {
                throw badBase(scheme + "://****@" + uri.getHost(), "holds a user or password");
            }
            if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw badBase(scheme + "://" + uri.getHost() + uri.getRawPath() + "…", "holds a query or a fragment");
            }
            return uri;
        }

        /** What can be shown of text that may be anything: no user or password, no query. */
        private static String withoutSecrets(String uri) {
            if (uri.indexOf('@') >= 0) {
                return "…";
            }
            String shown = uri.replaceFirst("[?#].*", "…");
            return RequestTarget.printable(shown);
        }

        private static ApiException badBase(String shown, String why) {
            return ApiException.invalidConfiguration(
                    "baseUri: " + shown + ": " + why
                            + " (expected: http or https, a host, an optional port and path, such as https://api.example.com/v1)");
        }
    }
}
