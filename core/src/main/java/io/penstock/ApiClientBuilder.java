package io.penstock;

import io.penstock.circuit.CircuitPolicy;
import io.penstock.error.ApiException;
import io.penstock.error.Phase;
import io.penstock.hedge.HedgingPolicy;
import io.penstock.http.Authority;
import io.penstock.http.Headers;
import io.penstock.http.RequestTarget;
import io.penstock.http.Secret;
import io.penstock.logging.LogPolicy;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Transport;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.retry.RetryRestriction;
import io.penstock.spec.VendorSpec;
import io.penstock.transport.ConnectionOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** Collects what a client needs. Bad values are refused where they are given, with INVALID_CONFIGURATION. */
public final class ApiClientBuilder {

    private static final int MIN_RESPONSE_BYTES = 1024;
    private static final Duration USUAL_DEADLINE = Duration.ofSeconds(60);

    final VendorSpec spec;
    URI baseUri;

    @Nullable
    Secret secret;

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

    @Nullable
    Duration firstByteTimeout;

    Duration idleTimeout = Duration.ofSeconds(30);
    final List<String> headers = new ArrayList<>();
    int maxResponseBytes = 16 * 1024 * 1024;
    ConnectionOptions connections = ConnectionOptions.standard();

    @Nullable
    Transport transport;

    @Nullable
    Scheduler scheduler;

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

    /** The credential. Without one the client can use only what is public. */
    public ApiClientBuilder secret(Secret newSecret) {
        this.secret = newSecret;
        return this;
    }

    /** Where to find the API, in place of the vendor's own address; paths without a leading slash go below it. */
    public ApiClientBuilder baseUri(String uri) {
        try {
            return baseUri(new URI(uri));
        } catch (URISyntaxException e) {
            throw badBase(withoutSecrets(uri), e.getReason());
        }
    }

    /** As {@link #baseUri(String)}. */
    public ApiClientBuilder baseUri(URI uri) {
        this.baseUri = checkedBase(uri);
        return this;
    }

    /** How to retry, in place of what the vendor documents; its restrictions stay, and the policy's own come on top. */
    public ApiClientBuilder retry(RetryPolicy policy) {
        List<RetryRestriction> all = new ArrayList<>(spec.retry().restrictions());
        all.addAll(policy.restrictions());
        this.retry = policy.withRestrictions(all.toArray(new RetryRestriction[0]));
        return this;
    }

    /** What of requests and answers may stand in a log, in place of {@link LogPolicy#standard()}. */
    public ApiClientBuilder logs(LogPolicy policy) {
        this.logs = policy;
        return this;
    }

    /**
     * How many calls may be under way at once and how many may wait, in place of {@link GatePolicy#standard()}; give it no
     * more places than the pool has connections. Calls are paced by the quota that the vendor reports or publishes.
     */
    public ApiClientBuilder gate(GatePolicy policy) {
        this.gate = policy;
        this.gated = true;
        return this;
    }

    /** Sends calls as they come: any number at once, and whether or not the vendor is going to refuse them. */
    public ApiClientBuilder withoutGate() {
        this.gated = false;
        return this;
    }

    /**
     * Counts what this client sends towards the published limits together with another client of the same API: all of
     * them where both have the same credential, otherwise those that the vendor counts by address. Nothing else is
     * shared. What a server reports needs no sharing: each client sees there what others spend. Other processes cannot
     * be seen; where there are some, declare their part of the limit.
     */
    public ApiClientBuilder sharesQuotaWith(ApiClient other) {
        this.sharing = other;
        return this;
    }

    GatePolicy places() {
        GatePolicy usual = GatePolicy.standard();
        return gate != null
                ? gate
                : usual.withMaxConcurrent(Math.min(usual.maxConcurrent(), connections.maxConnections()));
    }

    /** Sends what is safe to send twice a second time when it is slow; not done unless asked for. */
    public ApiClientBuilder hedging(HedgingPolicy policy) {
        this.hedging = policy;
        return this;
    }

    /** When a server that fails is left alone, in place of what the vendor's spec says. */
    public ApiClientBuilder circuit(CircuitPolicy policy) {
        this.circuit = policy;
        return this;
    }

    /**
     * The total time of a call with all attempts and waits: unless given 60 s, or twice the vendor's attempt time-out, to
     * which the time is added in which a limit that the vendor publishes holds the call back. A time that is given holds
     * whatever the call waits for.
     */
    public ApiClientBuilder deadline(Duration total) {
        this.deadline = positive("deadline", total);
        this.patient = false;
        return this;
    }

    /** The time of one attempt, without waits: as the vendor's spec says unless given. */
    public ApiClientBuilder attemptTimeout(Duration limit) {
        this.attemptTimeout = positive("attemptTimeout", limit);
        return this;
    }

    /**
     * How long an attempt may wait for the head of the response once its request was handed to a connection, the time
     * to send the body included: not limited unless given, apart from the attempt time-out. A server that works on an
     * answer is silent for as long as it works, and only the caller knows how long that may be. Such an attempt fails
     * with the phase {@link Phase#FIRST_BYTE} and is retried like one that took too long.
     */
    public ApiClientBuilder firstByteTimeout(Duration limit) {
        this.firstByteTimeout = positive("firstByteTimeout", limit);
        return this;
    }

    /**
     * How long a response may pause once its head is there: 30 s unless given. An answer that trickles on is not ended
     * by it, only by the attempt time-out; one that is longer than the attempt time-out has no effect. Such an attempt
     * fails with the phase {@link Phase#IDLE} and is retried like one that took too long.
     */
    public ApiClientBuilder idleTimeout(Duration limit) {
        this.idleTimeout = positive("idleTimeout", limit);
        return this;
    }

    /**
     * A header that every request carries, unless it has one of that name itself. It goes to the client's own origin
     * only, like the credential.
     */
    public ApiClientBuilder header(String name, String value) {
        Headers.checkSendable(name, value);
        headers.add(name);
        headers.add(value);
        return this;
    }

    /** The largest body to accept, in decoded bytes: 16 MiB unless given. */
    public ApiClientBuilder maxResponseBytes(int bytes) {
        if (bytes < MIN_RESPONSE_BYTES) {
            throw ApiException.invalidConfiguration(
                    "maxResponseBytes: " + bytes + " (expected: >= " + MIN_RESPONSE_BYTES + ")");
        }
        this.maxResponseBytes = bytes;
        return this;
    }

    /** How connections are made and kept. */
    public ApiClientBuilder connections(ConnectionOptions options) {
        this.connections = options;
        return this;
    }

    /** Another wire, such as a scripted one in a test. */
    public ApiClientBuilder transport(Transport other) {
        this.transport = other;
        return this;
    }

    /** The clock and timer: Reactor's parallel scheduler unless given. */
    public ApiClientBuilder scheduler(Scheduler clockAndTimer) {
        this.scheduler = clockAndTimer;
        return this;
    }

    /** Adds an operator; those of one position stand in the order of adding, the first outermost. */
    public ApiClientBuilder operator(Operator.Position position, Operator operator) {
        (position == Operator.Position.PER_CALL ? perCall : perAttempt).add(operator);
        return this;
    }

    /** The client. */
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

    /** What can be shown of text that may be anything: no user or password, no query. */
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
