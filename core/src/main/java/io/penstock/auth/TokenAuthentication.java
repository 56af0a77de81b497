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
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/**
 * Puts an exchanged token on every attempt that goes to its origin. One exchange serves all who wait for it; a token is
 * renewed before its end, beside the calls that use it until then. Where the vendor's table says that a refusal means
 * "renew", the token is given up and the attempt repeated with another, once per call; a second refusal is the caller's.
 *
 * <p>An attempt for which there is no token fails with the exchange's own failure and {@code NOT_SENT}: the retry loop repeats
 * it, and with it the exchange, where that may pass.
 */
@Internal
public final class TokenAuthentication implements Operator {

    private final CredentialScheme scheme;
    private final TokenSource tokens;
    private final URI origin;
    private final Function<Failure, ApiException> exceptions;
    private final Function<ApiRequest<JsonNode>, @Nullable ApiException> circuit;

    /**
     * A renewable credential whose failures are plain exceptions.
     *
     * @param client sends the exchange's request, within a deadline of its own
     * @param origin any URI of the origin that the credential belongs to
     */
    public TokenAuthentication(
            CredentialScheme scheme,
            TokenExchange exchange,
            Secret secret,
            Function<ApiRequest<JsonNode>, Mono<JsonNode>> client,
            Scheduler scheduler,
            URI origin) {
        this(scheme, exchange, secret, client, scheduler, origin, ApiException::new);
    }

    /**
     * A renewable credential.
     *
     * @param client sends the exchange's request, once and within a deadline of its own
     * @param origin any URI of the origin that the credential belongs to
     * @param exceptions the vendor's exception for a failure
     */
    public TokenAuthentication(
            CredentialScheme scheme,
            TokenExchange exchange,
            Secret secret,
            Function<ApiRequest<JsonNode>, Mono<JsonNode>> client,
            Scheduler scheduler,
            URI origin,
            Function<Failure, ApiException> exceptions) {
        this(
                scheme,
                exchange,
                secret,
                client,
                scheduler,
                origin,
                exceptions,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** The same, with dice of the caller's for the waits between exchanges: evenly between 0 and 1. */
    public TokenAuthentication(
            CredentialScheme scheme,
            TokenExchange exchange,
            Secret secret,
            Function<ApiRequest<JsonNode>, Mono<JsonNode>> client,
            Scheduler scheduler,
            URI origin,
            Function<Failure, ApiException> exceptions,
            DoubleSupplier dice) {
        this(
                scheme,
                new TokenSource(scheme, exchange, secret, client, scheduler, dice),
                origin,
                exceptions,
                request -> null);
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

    /**
     * The same, with the same tokens, where a call that fails fast does not wait for the circuit of the exchange.
     *
     * @param newCircuit its refusal of a request that would have to wait for it now, or null
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

    /** See {@link io.penstock.envelope.ErrorRule#malformedCredential}. */
    private static boolean isPermanentForFreshTokens(Failure failure) {
        return failure.kind() == ErrorKind.AUTHENTICATION
                && failure.retryability() == Retryability.PERMANENT
                && failure.maxAttempts() > 1;
    }

    /** Off the hot path, once per token: here an operator that costs is worth what it does. */
    private Mono<IssuedToken> fetch(Call call) {
        Mono<IssuedToken> token = call.plan().failFast() ? tokens.tokenWithoutWait(circuit) : tokens.token();
        return token.onErrorMap(ExchangeFailed.class, failed -> withoutToken(call, failed))
                .timeout(call.remaining(), call.scheduler())
                .onErrorMap(TimeoutException.class, e -> late())
                .contextWrite(Function.identity()); // goes on in its own context, whoever ends the wait
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
        return new Failure(
                f.kind(),
                f.certainty(),
                Retryability.AFTER_RENEWAL,
                f.message(),
                f.status(),
                f.code(),
                f.serverMessage(),
                f.requestId(),
                f.fieldErrors(),
                f.details(),
                f.retryAfter(),
                f.maxAttempts(),
                f.remedy(),
                f.bodyExcerpt(),
                f.cause(),
                f.phase());
    }

    /** A vendor's function that fails must not keep the failure back. */
    private ApiException exception(Failure failure, boolean ofVendor) {
        if (!ofVendor) {
            return new ApiException(failure);
        }
        try {
            return Objects.requireNonNull(exceptions.apply(failure), "exception");
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            ApiException plain = new ApiException(failure);
            plain.addSuppressed(e);
            return plain;
        }
    }

    @Override
    public String describe() {
        return scheme.header() + ": " + scheme.prefix() + "<token by " + tokens.describe() + ">, to "
                + Plan.origin(origin) + " only";
    }
}
