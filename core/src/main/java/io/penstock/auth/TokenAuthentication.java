package io.penstock.auth;

import io.penstock.ApiException;
import io.penstock.ApiRequest;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Retryability;
import io.penstock.Secret;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Plan;
import io.penstock.pipeline.Reply;
import java.net.URI;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/**
 * Puts an exchanged token on every attempt that goes to its origin. One exchange serves all who wait for it; a token is
 * replaced before it ends. Where the vendor's table says that a refusal means "renew", the token is given up and the
 * attempt repeated with another, once per call; a second refusal is the caller's.
 */
public final class TokenAuthentication implements Operator {

    private final CredentialScheme scheme;
    private final TokenSource tokens;
    private final URI origin;

    /**
     * A renewable credential.
     *
     * @param client sends the exchange's request, with deadline and retries of its own
     * @param origin any URI of the origin that the credential belongs to
     */
    public TokenAuthentication(
            CredentialScheme scheme,
            TokenExchange exchange,
            Secret secret,
            Function<ApiRequest<JsonNode>, Mono<JsonNode>> client,
            Scheduler scheduler,
            URI origin) {
        this.scheme = scheme;
        this.tokens = new TokenSource(exchange, secret, client, scheduler);
        this.origin = origin;
    }

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        if (call.plan().anonymous() || !Plan.sameOrigin(call.plan().uri(), origin)) {
            return next.exchange(call);
        }
        AccessToken token = tokens.usable();
        return token != null ? send(call, next, token) : fetch(call).flatMap(fresh -> send(call, next, fresh));
    }

    private Mono<Reply> send(Call call, Exchange next, AccessToken token) {
        call.header(scheme.header(), scheme.prefix() + token.value().reveal());
        return next.exchange(call).doOnError(ApiException.class, refused -> {
            if (refused.retryability() == Retryability.AFTER_RENEWAL) {
                tokens.discard(token);
                Attempt.of(call).credentialRenewed();
            }
        });
    }

    /** Off the hot path, once per token: here an operator that costs is worth what it does. */
    private Mono<AccessToken> fetch(Call call) {
        return tokens.token()
                .onErrorMap(
                        ApiException.class,
                        e -> noToken(e.kind(), "no token: " + e.failure().message()))
                .timeout(call.remaining(), call.scheduler())
                .onErrorMap(
                        TimeoutException.class,
                        e -> noToken(ErrorKind.DEADLINE_EXCEEDED, "deadline reached while a token was fetched"));
    }

    /** The exchange has been retried for itself: repeating it with this call would multiply the attempts. */
    private static ApiException noToken(ErrorKind kind, String message) {
        return new ApiException(Failure.of(kind, Certainty.NOT_SENT, Retryability.PERMANENT, message));
    }

    @Override
    public String describe() {
        return scheme.header() + ": " + scheme.prefix() + "<token by " + tokens.describe() + ">, to "
                + Plan.origin(origin) + " only";
    }
}
