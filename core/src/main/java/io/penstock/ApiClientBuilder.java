package io.penstock;

import io.penstock.auth.SecretSource;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.error.ApiException;
import io.penstock.error.Phase;
import io.penstock.hedge.HedgingPolicy;
import io.penstock.http.Authority;
import io.penstock.http.Headers;
import io.penstock.http.RequestTarget;
import io.penstock.http.Secret;
import io.penstock.logging.LogPolicy;
import io.penstock.pipeline.CallListener;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Transport;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.retry.RetryRestriction;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ClientResources;
import io.penstock.transport.ConnectionOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A builder for clients. Each method rejects an invalid value with INVALID_CONFIGURATION. */
public final class ApiClientBuilder {

    private static final int MIN_RESPONSE_BYTES = 1024;
    private static final Duration USUAL_DEADLINE = Duration.ofSeconds(60);

    final VendorSpec spec;
    URI baseUri;

    @Nullable
    Secret secret;

    @Nullable
    SecretSource secretSource;

    RetryPolicy retry;

    @Nullable
    HedgingPolicy hedging;

    boolean gated = true;

    @Nullable
    GatePolicy gate;

    @Nullable
    ApiClient sharing;

    LogPolicy logs = LogPolicy.standard();
    CircuitPolicy circuit;
    Duration deadline;
    boolean patient = true;
    Duration attemptTimeout;
    /** Whether the attempt timeout was set here, and is not the spec's. */
    boolean ownAttemptTimeout;

    @Nullable
    Duration firstByteTimeout;

    Duration idleTimeout = Duration.ofSeconds(30);
    final List<String> headers = new ArrayList<>();
    int maxResponseBytes = 16 * 1024 * 1024;
    ConnectionOptions connections = ConnectionOptions.standard();

    @Nullable
    Transport transport;

    @Nullable
    UnaryOperator<Transport> aroundTransport;

    @Nullable
    Scheduler scheduler;

    @Nullable
    ClientResources resources;

    boolean ownsResources;

    final List<CallListener> listeners = new ArrayList<>();
    final List<Operator> perCall = new ArrayList<>();
    final List<Operator> perAttempt = new ArrayList<>();

    ApiClientBuilder(VendorSpec spec) {
        this.spec = spec;
        this.baseUri = checkedBase(spec.baseUri());
        this.retry = spec.retry();
        this.circuit = spec.circuit();
        this.attemptTimeout = spec.attemptTimeout();
        Duration twoAttempts = attemptTimeout.multipliedBy(2);
        this.deadline = twoAttempts.compareTo(USUAL_DEADLINE) > 0 ? twoAttempts : USUAL_DEADLINE;
        this.headers.addAll(spec.headers());
    }

    /** Sets the credential. Without one, the client can only use public operations. */
    public ApiClientBuilder secret(Secret newSecret) {
        this.secret = newSecret;
        this.secretSource = null;
        return this;
    }

    /**
     * Sets where the credential is read, so that it can change while the client lives: see {@link SecretSource}. Such as
     * {@code SecretSource.of(() -> Secret.of(read(file)))}.
     */
    public ApiClientBuilder secret(SecretSource source) {
        this.secret = null;
        this.secretSource = source;
        return this;
    }

    /** Sets where the credential is read, like {@link #secret(SecretSource)}. The supplier may block. */
    public ApiClientBuilder secret(Supplier<Secret> supplier) {
        return secret(SecretSource.of(supplier));
    }

    /** Sets where the credential is read, like {@link #secret(SecretSource)}. */
    public ApiClientBuilder secret(Mono<Secret> source) {
        return secret(SecretSource.of(source));
    }

    /** Sets the base URI, instead of the vendor's own. Paths without a leading slash are resolved below it. */
    public ApiClientBuilder baseUri(String uri) {
        try {
            return baseUri(new URI(uri));
        } catch (URISyntaxException e) {
            throw badBase(withoutSecrets(uri), e.getReason());
        }
    }

    /** Sets the base URI, like {@link #baseUri(String)}. */
    public ApiClientBuilder baseUri(URI uri) {
        this.baseUri = checkedBase(uri);
        return this;
    }

    /**
     * Sets the retry policy, instead of the vendor's. The vendor's restrictions stay, and those of the policy are
     * added.
     */
    public ApiClientBuilder retry(RetryPolicy policy) {
        List<RetryRestriction> all = new ArrayList<>(spec.retry().restrictions());
        all.addAll(policy.restrictions());
        this.retry = policy.withRestrictions(all.toArray(new RetryRestriction[0]));
        return this;
    }

    /** Sets the parts of requests and responses that may be logged. Default: {@link LogPolicy#standard()}. */
    public ApiClientBuilder logs(LogPolicy policy) {
        this.logs = policy;
        return this;
    }

    /**
     * Sets how many calls may be under way and how many may wait. Default: {@link GatePolicy#standard()}. It should
     * have no more places than the pool has connections. Calls are paced by the quota that the vendor reports or
     * publishes.
     */
    public ApiClientBuilder gate(GatePolicy policy) {
        this.gate = policy;
        this.gated = true;
        return this;
    }

    /**
     * Removes the admission gate: calls are neither limited in number nor paced, even if the vendor is going to refuse
     * them.
     */
    public ApiClientBuilder withoutGate() {
        this.gated = false;
        return this;
    }

    /**
     * Shares the published limits with another client of the same API: all of them if both have the same credential,
     * otherwise those that the vendor counts by address. Nothing else is shared. Quotas that a server reports need no
     * sharing, because each client sees there what others spend. Other processes are invisible to the client: if there
     * are any, declare their part of the limit.
     */
    public ApiClientBuilder sharesQuotaWith(ApiClient other) {
        this.sharing = other;
        return this;
    }

    GatePolicy places() {
        GatePolicy usual = GatePolicy.standard();
        return gate != null
                ? gate
                : usual.withMaxConcurrent(
                        Math.min(usual.maxConcurrent(), connections.pool().maxConnections()));
    }

    /** Sends a second, parallel request when an idempotent one is slow. Default: no hedging. */
    public ApiClientBuilder hedging(HedgingPolicy policy) {
        this.hedging = policy;
        return this;
    }

    /** Sets the circuit breaker's policy, instead of the vendor's. */
    public ApiClientBuilder circuit(CircuitPolicy policy) {
        this.circuit = policy;
        return this;
    }

    /**
     * Sets the total time of a call with all attempts and waits. Default: 60 s or twice the vendor's attempt timeout,
     * whichever is longer, plus the time that a published limit holds the call back. A deadline set here covers every
     * wait.
     */
    public ApiClientBuilder deadline(Duration total) {
        this.deadline = positive("deadline", total);
        this.patient = false;
        return this;
    }

    /** Sets the time of one attempt, without its waits. Default: that of the vendor's spec. */
    public ApiClientBuilder attemptTimeout(Duration limit) {
        this.attemptTimeout = positive("attemptTimeout", limit);
        this.ownAttemptTimeout = true;
        return this;
    }

    /**
     * Sets the time from the hand-over of the request to a connection until the head of the response, the sending of
     * the body included. Default: none but the attempt timeout, because a server is silent while it works, and only the
     * caller knows how long that may take. An attempt over the limit fails with the phase {@link Phase#FIRST_BYTE} and
     * is retried like any timeout.
     */
    public ApiClientBuilder firstByteTimeout(Duration limit) {
        this.firstByteTimeout = positive("firstByteTimeout", limit);
        return this;
    }

    /**
     * Sets the longest pause in a response after its head. Default: 30 s. A response that trickles is ended by the
     * attempt timeout only; an idle timeout longer than that has no effect. An attempt over the limit fails with the
     * phase {@link Phase#IDLE} and is retried like any timeout.
     */
    public ApiClientBuilder idleTimeout(Duration limit) {
        this.idleTimeout = positive("idleTimeout", limit);
        return this;
    }

    /**
     * Adds a header to every request that does not set it itself. Like the credential, it goes to the client's own
     * origin only.
     */
    public ApiClientBuilder header(String name, String value) {
        Headers.checkSendable(name, value);
        headers.add(name);
        headers.add(value);
        return this;
    }

    /** Sets the maximum size of a decoded body, in bytes. Default: 16 MiB. */
    public ApiClientBuilder maxResponseBytes(int bytes) {
        if (bytes < MIN_RESPONSE_BYTES) {
            throw ApiException.invalidConfiguration(
                    "maxResponseBytes: " + bytes + " (expected: >= " + MIN_RESPONSE_BYTES + ")");
        }
        this.maxResponseBytes = bytes;
        return this;
    }

    /** Sets the options of the connections and their pool. */
    public ApiClientBuilder connections(ConnectionOptions options) {
        this.connections = options;
        return this;
    }

    /** Replaces the transport, for example by a scripted one in a test. */
    public ApiClientBuilder transport(Transport other) {
        this.transport = other;
        return this;
    }

    /**
     * Wraps the transport, be it the usual one or a replaced one, such as to record what goes over the wire. The function
     * is called once, when the client is built; a second wrapping goes around the first one. The outer transport sees
     * each attempt with its credential.
     */
    public ApiClientBuilder aroundTransport(UnaryOperator<Transport> wrapping) {
        UnaryOperator<Transport> inner = aroundTransport;
        this.aroundTransport = inner == null ? wrapping : wire -> wrapping.apply(inner.apply(wire));
        return this;
    }

    /**
     * Sets the event loops, the timer and the DNS client, which may be shared with other clients. Close them after these
     * clients. Default: those of the process, which Reactor and Reactor Netty share with everybody.
     */
    public ApiClientBuilder resources(ClientResources shared) {
        this.resources = shared;
        this.ownsResources = false;
        return this;
    }

    /** Gives the client event loops, a timer and a DNS client of its own, which are closed with it. */
    public ApiClientBuilder ownResources() {
        this.resources = null;
        this.ownsResources = true;
        return this;
    }

    /** Sets the clock and timer. Default: that of the resources, or Reactor's parallel scheduler. */
    public ApiClientBuilder scheduler(Scheduler clockAndTimer) {
        this.scheduler = clockAndTimer;
        return this;
    }

    /** Adds an operator. Operators of one position run in the order of insertion, the first outermost. */
    public ApiClientBuilder operator(Operator.Position position, Operator operator) {
        (position == Operator.Position.PER_CALL ? perCall : perAttempt).add(operator);
        return this;
    }

    /** Adds a listener for calls and attempts, such as a tracer. The first one added is outermost. Default: none. */
    public ApiClientBuilder listener(CallListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Returns a client with these settings.
     *
     * @throws ApiException INVALID_CONFIGURATION if two of them contradict each other, such as an attempt timeout that is
     *     longer than the deadline
     */
    public ApiClient build() {
        return new ApiClient(new ClientWiring(this));
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
        String whole = uri.getRawAuthority();
        Authority authority = Authority.of(uri);
        if (whole == null || (authority == null && (whole.indexOf('@') >= 0 || whole.startsWith(":")))) {
            throw badBase(scheme + "://…", "no host");
        }
        if (authority == null) {
            throw badBase(scheme + "://" + RequestTarget.printable(whole) + "…", "no host that can be resolved");
        }
        if (whole.indexOf('@') >= 0) {
            throw badBase(scheme + "://****@" + authority.host(), "holds a user or password");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw badBase(scheme + "://" + authority.host() + uri.getRawPath() + "…", "holds a query or a fragment");
        }
        return uri;
    }

    /** Returns a printable form of text that may hold anything: without user, password and query. */
    private static String withoutSecrets(String uri) {
        if (uri.indexOf('@') >= 0) {
            return "…";
        }
        String shown = uri.replaceFirst("[?#].*", "…");
        return RequestTarget.printable(shown);
    }

    private static ApiException badBase(String shown, String why) {
        return ApiException.invalidConfiguration("baseUri: " + shown + ": " + why
                + " (expected: http or https, a host, an optional port and path, such as https://api.example.com/v1)");
    }
}
