package io.penstock.auth;

import io.penstock.ApiException;
import io.penstock.ApiRequest;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Retryability;
import io.penstock.Secret;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/**
 * Keeps a token, and fetches another when it nears its end or was refused: once, for all who need it.
 *
 * <pre>
 *  callers   a    b c         d            e
 *  token     |--fetch--|==== in use ====|renew|==== in use ====
 * </pre>
 *
 * A caller who goes away does not stop a fetch that others wait for; a fetch that fails fails all who wait, and the next
 * caller starts another.
 */
final class TokenSource {

    private final TokenExchange exchange;
    private final Secret secret;
    private final Function<ApiRequest<JsonNode>, Mono<JsonNode>> client;
    private final Scheduler scheduler;
    private final AtomicReference<@Nullable AccessToken> current = new AtomicReference<>();
    private final AtomicReference<@Nullable Mono<AccessToken>> fetching = new AtomicReference<>();

    TokenSource(
            TokenExchange exchange,
            Secret secret,
            Function<ApiRequest<JsonNode>, Mono<JsonNode>> client,
            Scheduler scheduler) {
        this.exchange = exchange;
        this.secret = secret;
        this.client = client;
        this.scheduler = scheduler;
    }

    /** The token, if there is one that lives long enough. */
    @Nullable
    AccessToken usable() {
        AccessToken token = current.get();
        if (token == null || token.expiresAt() == null) {
            return token;
        }
        return now().plus(exchange.renewBefore()).isBefore(token.expiresAt()) ? token : null;
    }

    private Instant now() {
        return Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
    }

    /** A token that lives long enough, fetched if need be. */
    Mono<AccessToken> token() {
        for (; ; ) {
            Mono<AccessToken> running = fetching.get();
            if (running != null) {
                return running;
            }
            Mono<AccessToken> started = fetch();
            if (fetching.compareAndSet(null, started)) {
                return started;
            }
        }
    }

    /**
     * Whoever subscribes first starts it. It looks once more for a token, because it may have been prepared just after
     * another fetch ended. The token is kept before the fetch ends, so that nobody finds neither.
     */
    private Mono<AccessToken> fetch() {
        return Mono.defer(() -> {
                    AccessToken fresh = usable();
                    return fresh != null
                            ? Mono.just(fresh)
                            : client.apply(exchange.request().apply(secret).anonymous())
                                    .map(answer -> exchange.reader().apply(answer, now()))
                                    .switchIfEmpty(Mono.error(TokenSource::withoutBody))
                                    .doOnNext(current::set);
                })
                .doFinally(signal -> fetching.set(null))
                .cache();
    }

    /** Without this, who waits for a token would end as if the call had succeeded without a value. */
    private static ApiException withoutBody() {
        return new ApiException(Failure.of(
                ErrorKind.AUTHENTICATION,
                Certainty.REJECTED,
                Retryability.PERMANENT,
                "an answer without a body (expected: one with a token)"));
    }

    /** Gives a refused token up, unless another has taken its place already. */
    void discard(AccessToken refused) {
        current.compareAndSet(refused, null);
    }

    String describe() {
        return exchange.description();
    }
}
