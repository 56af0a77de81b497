package io.penstock.auth;

import io.penstock.annotation.Internal;
import io.penstock.auth.TokenSource.ExchangeFailed;
import io.penstock.auth.TokenSource.IssuedToken;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Reply;
import io.penstock.request.ApiRequest;
import io.penstock.request.Plan;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/**
 * An operator that adds a credential that can be fetched anew to every attempt that goes to its origin: a token that the
 * secret is exchanged for, or a secret that is read from a {@link SecretSource}. One exchange serves all calls that wait for
 * it. A token is renewed before it expires, while calls continue to use it. If the vendor's error table maps a refusal to a
 * renewal, the token is discarded and the attempt is repeated with a new one, once per call; the caller gets a second
 * refusal. A secret that is the same when it is read again is not sent again.
 *
 * <p>A request with a secret of its own has tokens of its own.
 *
 * <p>An attempt without a token fails with the exchange's own failure and {@code NOT_SENT}. If that failure is
 * transient, the retry loop repeats the attempt and with it the exchange.
 *
 * @hidden
 */
@Internal
public final class TokenAuthentication implements Operator {

    private final CredentialScheme scheme;
    /** Null for a client without a secret. */
    private final @Nullable TokenSource tokens;
    /** Of the secrets that requests bring; null if these are not exchanged. */
    private final @Nullable TokenTable others;

    private final URI origin;
    private final Function<Failure, ApiException> exceptions;
    private final Function<ApiRequest<JsonNode>, @Nullable ApiException> circuit;

    /**
     * The rules of the exchanges for tokens.
     *
     * @param client sends the request of an exchange, once and within a deadline of its own
     * @param scheduler the clock and timer of the waits between exchanges
     * @param dice the jitter of these waits, evenly between 0 and 1
     * @param issued called with each token or secret, before it is used
     * @hidden
     */
    @Internal
    public record Exchanges(
            Function<ApiRequest<JsonNode>, Mono<JsonNode>> client,
            Scheduler scheduler,
            DoubleSupplier dice,
            Consumer<Secret> issued) {

        /** Creates exchanges whose tokens nobody else has to know. */
        public Exchanges(
                Function<ApiRequest<JsonNode>, Mono<JsonNode>> client, Scheduler scheduler, DoubleSupplier dice) {
            this(client, scheduler, dice, secret -> {});
        }

        /** Creates exchanges with random jitter. */
        public Exchanges(
                Function<ApiRequest<JsonNode>, Mono<JsonNode>> client, Scheduler scheduler, Consumer<Secret> issued) {
            this(client, scheduler, () -> ThreadLocalRandom.current().nextDouble(), issued);
        }

        /** Creates exchanges with random jitter whose tokens nobody else has to know. */
        public Exchanges(Function<ApiRequest<JsonNode>, Mono<JsonNode>> client, Scheduler scheduler) {
            this(client, scheduler, secret -> {});
        }

        /** Returns the way to a new token of a secret, fixed or of a source. */
        TokenIssuer issuer(CredentialScheme scheme, @Nullable Secret secret, @Nullable SecretSource source) {
            TokenIssuer.Source reads = source == null ? null : new TokenIssuer.Source(source, scheduler);
            TokenExchange exchange = scheme.exchange();
            return exchange == null
                    ? Objects.requireNonNull(reads, "a source or an exchange")
                    : new TokenIssuer.Exchanging(
                            exchange,
                            secret,
                            reads,
                            client,
                            () -> Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS)));
        }

        private TokenSource tokens(CredentialScheme scheme, @Nullable Secret secret, @Nullable SecretSource source) {
            return new TokenSource(scheme, issuer(scheme, secret, source), this);
        }
    }

    /**
     * Creates the operator for a credential that is exchanged, whose failures are plain exceptions.
     *
     * @param scheme a scheme with an exchange
     * @param origin any URI of the origin that the credential belongs to
     */
    public TokenAuthentication(CredentialScheme scheme, Secret secret, URI origin, Exchanges exchanges) {
        this(scheme, secret, null, origin, exchanges);
    }

    /**
     * Creates the operator for a credential that is exchanged, or whose secret comes from a source.
     *
     * @param secret the client's secret; null if there is a source, or if only requests bring a secret
     * @param source the source of the client's secret, or null
     */
    public TokenAuthentication(
            CredentialScheme scheme,
            @Nullable Secret secret,
            @Nullable SecretSource source,
            URI origin,
            Exchanges exchanges) {
        this(
                scheme,
                secret == null && source == null ? null : exchanges.tokens(scheme, secret, source),
                scheme.exchange() == null ? null : new TokenTable(own -> exchanges.tokens(scheme, own, null)),
                origin,
                ApiException::new,
                request -> null);
    }

    private TokenAuthentication(
            CredentialScheme scheme,
            @Nullable TokenSource tokens,
            @Nullable TokenTable others,
            URI origin,
            Function<Failure, ApiException> exceptions,
            Function<ApiRequest<JsonNode>, @Nullable ApiException> circuit) {
        this.scheme = scheme;
        this.tokens = tokens;
        this.others = others;
        this.origin = origin;
        this.exceptions = exceptions;
        this.circuit = circuit;
    }

    /** Returns a copy that shares the tokens and creates the vendor's exceptions. */
    public TokenAuthentication withExceptions(Function<Failure, ApiException> newExceptions) {
        return new TokenAuthentication(scheme, tokens, others, origin, newExceptions, circuit);
    }

    /**
     * Returns a copy that shares the tokens and in which calls that fail fast do not wait for the exchange's circuit
     * breaker.
     *
     * @param newCircuit returns the refusal of a request that would have to wait for the circuit breaker now, or null
     */
    public TokenAuthentication withCircuit(Function<ApiRequest<JsonNode>, @Nullable ApiException> newCircuit) {
        return new TokenAuthentication(scheme, tokens, others, origin, exceptions, newCircuit);
    }

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        Plan plan = call.plan();
        if (plan.anonymous() || !Plan.sameOrigin(plan.uri(), origin)) {
            return next.exchange(call);
        }
        Secret own = plan.settings().credential();
        if (own != null && others == null) {
            Attempt attempt = Attempt.of(call);
            attempt.authenticated(scheme.carrying(own, plan));
            return next.exchange(attempt);
        }
        TokenSource source = own == null || others == null ? tokens : others.of(own);
        if (source == null) {
            return next.exchange(call);
        }
        IssuedToken token = source.usable();
        Attempt attempt = Attempt.of(call);
        return token != null
                ? send(attempt, next, source, token)
                : fetch(call, source).flatMap(fresh -> send(attempt, next, source, fresh));
    }

    /** Fetches a token unless there is one, as a call would. */
    public Mono<Void> warmUp(Call call) {
        TokenSource source = tokens;
        return source == null
                ? Mono.empty()
                : Mono.defer(() -> source.usable() == null ? fetch(call, source).then() : Mono.empty());
    }

    /** Returns how long the current token can still be used: zero if there is none, very long if it does not expire. */
    public Duration tokenLife() {
        return tokens == null ? Duration.ZERO : tokens.life();
    }

    private Mono<Reply> send(Attempt attempt, Exchange next, TokenSource source, IssuedToken token) {
        scheme.checkNoneOf(attempt.plan());
        attempt.authenticated(token.credential());
        Mono<Reply> reply = next.exchange(attempt);
        return source.comparesRefused()
                ? reply.onErrorResume(ApiException.class, failed -> compared(attempt, source, token, failed))
                : reply.onErrorMap(ApiException.class, failed -> sent(attempt, source, token, failed));
    }

    private ApiException sent(Attempt attempt, TokenSource source, IssuedToken token, ApiException failed) {
        boolean once = isPermanentForFreshTokens(failed.failure());
        if (failed.retryability() != Retryability.AFTER_RENEWAL && !once) {
            return failed;
        }
        source.discard(token);
        attempt.credentialRenewed();
        return once && attempt.isCredentialRenewed()
                ? exception(renewable(failed.failure()), failed.getClass() != ApiException.class)
                : failed;
    }

    /** Reads a refused secret again. The attempt is repeated only if it has changed; otherwise its refusal is final. */
    private Mono<Reply> compared(Attempt attempt, TokenSource source, IssuedToken token, ApiException failed) {
        if (failed.retryability() != Retryability.AFTER_RENEWAL) {
            return Mono.error(failed);
        }
        ApiException last = exception(
                failed.failure().withRetryability(Retryability.PERMANENT), failed.getClass() != ApiException.class);
        return source.after(token)
                .timeout(attempt.remaining(), attempt.scheduler())
                .onErrorMap(error -> {
                    attempt.note("the refused secret could not be read again: "
                            + (error instanceof ExchangeFailed read
                                    ? read.failure().message()
                                    : "no time was left"));
                    return last;
                })
                .flatMap(next -> {
                    if (next.isSameAs(token)) {
                        return Mono.<Reply>error(last);
                    }
                    attempt.credentialRenewed();
                    return Mono.<Reply>error(attempt.isCredentialRenewed() ? failed : last);
                })
                .contextWrite(Function.identity());
    }

    /** Returns whether even a fresh token is refused, see {@link io.penstock.envelope.ErrorRule#malformedCredential}. */
    private static boolean isPermanentForFreshTokens(Failure failure) {
        return failure.kind() == ErrorKind.AUTHENTICATION
                && failure.retryability() == Retryability.PERMANENT
                && failure.maxAttempts() > 1;
    }

    /** Fetches a token. This happens once per token, off the hot path, so the operators are worth their cost. */
    private Mono<IssuedToken> fetch(Call call, TokenSource source) {
        Mono<IssuedToken> token = call.plan().failFast() ? source.tokenWithoutWait(circuit) : source.token();
        return token.onErrorMap(ExchangeFailed.class, failed -> withoutToken(call, failed))
                .timeout(call.remaining(), call.scheduler())
                .onErrorMap(TimeoutException.class, e -> late())
                .contextWrite(Function.identity()); // continues in its own context, whichever thread ends the wait
    }

    private ApiException withoutToken(Call call, ExchangeFailed failed) {
        boolean late = failed.failure().phase() == Phase.TOTAL
                && (call.remaining().isZero() || call.remaining().isNegative());
        return late ? late() : exception(failed.failure(), failed.isOfVendor());
    }

    private static ApiException late() {
        return new ApiException(Failure.of(
                ErrorKind.DEADLINE_EXCEEDED,
                Certainty.NOT_SENT,
                Retryability.PERMANENT,
                "deadline reached while a token was fetched"));
    }

    private static Failure renewable(Failure f) {
        return f.withRetryability(Retryability.AFTER_RENEWAL);
    }

    private ApiException exception(Failure failure, boolean ofVendor) {
        return ofVendor ? ApiException.of(exceptions, failure) : new ApiException(failure);
    }

    @Override
    public String describe() {
        return scheme.describe(tokens == null ? "<of the request>" : tokens.describe()) + ", to " + Plan.origin(origin)
                + " only";
    }
}
