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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/**
 * An operator that adds an exchanged token to every attempt that goes to its origin. One exchange serves all calls that
 * wait for a token. A token is renewed before it expires, while calls continue to use it. If the vendor's error table
 * maps a refusal to a renewal, the token is discarded and the attempt is repeated with a new one, once per call; the
 * caller gets a second refusal.
 *
 * <p>An attempt without a token fails with the exchange's own failure and {@code NOT_SENT}. If that failure is
 * transient, the retry loop repeats the attempt and with it the exchange.
 *
 * @hidden
 */
@Internal
public final class TokenAuthentication implements Operator {

    private final CredentialScheme scheme;
    private final TokenSource tokens;
    private final URI origin;
    private final Function<Failure, ApiException> exceptions;
    private final Function<ApiRequest<JsonNode>, @Nullable ApiException> circuit;

    /**
     * The rules of the exchanges for tokens.
     *
     * @param client sends the request of an exchange, once and within a deadline of its own
     * @param scheduler the clock and timer of the waits between exchanges
     * @param dice the jitter of these waits, evenly between 0 and 1
     * @hidden
     */
    @Internal
    public record Exchanges(
            Function<ApiRequest<JsonNode>, Mono<JsonNode>> client, Scheduler scheduler, DoubleSupplier dice) {

        /** Creates exchanges with random jitter. */
        public Exchanges(Function<ApiRequest<JsonNode>, Mono<JsonNode>> client, Scheduler scheduler) {
            this(client, scheduler, () -> ThreadLocalRandom.current().nextDouble());
        }
    }

    /**
     * Creates the operator for a credential that is exchanged, whose failures are plain exceptions.
     *
     * @param scheme a scheme with an exchange
     * @param origin any URI of the origin that the credential belongs to
     */
    public TokenAuthentication(CredentialScheme scheme, Secret secret, URI origin, Exchanges exchanges) {
        this(scheme, new TokenSource(scheme, secret, exchanges), origin, ApiException::new, request -> null);
    }

    private TokenAuthentication(
            CredentialScheme scheme,
            TokenSource tokens,
            URI origin,
            Function<Failure, ApiException> exceptions,
            Function<ApiRequest<JsonNode>, @Nullable ApiException> circuit) {
        this.scheme = scheme;
        this.tokens = tokens;
        this.origin = origin;
        this.exceptions = exceptions;
        this.circuit = circuit;
    }

    /** Returns a copy that shares the tokens and creates the vendor's exceptions. */
    public TokenAuthentication withExceptions(Function<Failure, ApiException> newExceptions) {
        return new TokenAuthentication(scheme, tokens, origin, newExceptions, circuit);
    }

    /**
     * Returns a copy that shares the tokens and in which calls that fail fast do not wait for the exchange's circuit
     * breaker.
     *
     * @param newCircuit returns the refusal of a request that would have to wait for the circuit breaker now, or null
     */
    public TokenAuthentication withCircuit(Function<ApiRequest<JsonNode>, @Nullable ApiException> newCircuit) {
        return new TokenAuthentication(scheme, tokens, origin, exceptions, newCircuit);
    }

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        if (call.plan().anonymous() || !Plan.sameOrigin(call.plan().uri(), origin)) {
            return next.exchange(call);
        }
        IssuedToken token = tokens.usable();
        return token != null ? send(call, next, token) : fetch(call).flatMap(fresh -> send(call, next, fresh));
    }

    /** Fetches a token unless there is one, as a call would. */
    public Mono<Void> warmUp(Call call) {
        return Mono.defer(() -> tokens.usable() == null ? fetch(call).then() : Mono.empty());
    }

    /** Returns how long the current token can still be used: zero if there is none, very long if it does not expire. */
    public Duration tokenLife() {
        return tokens.life();
    }

    private Mono<Reply> send(Call call, Exchange next, IssuedToken token) {
        call.sharedHeader(token.header());
        return next.exchange(call).onErrorMap(ApiException.class, failed -> sent(call, token, failed));
    }

    private ApiException sent(Call call, IssuedToken token, ApiException failed) {
        boolean once = isPermanentForFreshTokens(failed.failure());
        if (failed.retryability() != Retryability.AFTER_RENEWAL && !once) {
            return failed;
        }
        tokens.discard(token);
        Attempt attempt = Attempt.of(call);
        attempt.credentialRenewed();
        return once && attempt.isCredentialRenewed()
                ? exception(renewable(failed.failure()), failed.getClass() != ApiException.class)
                : failed;
    }

    /** Returns whether even a fresh token is refused, see {@link io.penstock.envelope.ErrorRule#malformedCredential}. */
    private static boolean isPermanentForFreshTokens(Failure failure) {
        return failure.kind() == ErrorKind.AUTHENTICATION
                && failure.retryability() == Retryability.PERMANENT
                && failure.maxAttempts() > 1;
    }

    /** Fetches a token. This happens once per token, off the hot path, so the operators are worth their cost. */
    private Mono<IssuedToken> fetch(Call call) {
        Mono<IssuedToken> token = call.plan().failFast() ? tokens.tokenWithoutWait(circuit) : tokens.token();
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
        return scheme.describe("<token by " + tokens.describe() + ">") + ", to " + Plan.origin(origin) + " only";
    }
}
