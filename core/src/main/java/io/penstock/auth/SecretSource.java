package io.penstock.auth;

import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A place from which a client reads its secret, so that a key can rotate without a new client: a file, an environment, a vault,
 * the host of an identity.
 *
 * <pre>
 *  secret    |========= used =========|== used, read again beside ==|======== the next one
 *  reads     |-ok                     |-x      |-ok
 *                                       backoff
 * </pre>
 *
 * One read serves all calls that wait for it, which then continue on its thread. It runs on
 * {@code Schedulers.boundedElastic()}, where it may block, and may take 30 seconds. If all of these calls are cancelled, so is
 * the read. While a secret is in use, a failed read fails no call. If the server refuses a secret with a 401, it is read again,
 * and if it is another one then, the call is sent once more with it.
 *
 * <p>A source that fails, that is empty or takes too long fails the calls that wait for it, with {@code NOT_SENT} and the kind
 * {@code AUTHENTICATION} or {@code TIMEOUT}. A timeout or an {@code IOException} is transient: the call reads again, within its
 * attempts and its deadline.
 *
 * @param reading emits the secret, and when it expires if that is known; subscribed to for each read
 * @param life how long a secret is used before it is read again, unless it says when it expires
 */
public record SecretSource(Mono<AccessToken> reading, Duration life) {

    private static final Duration USUAL_LIFE = Duration.ofMinutes(5);

    /** Checks the life; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public SecretSource {
        Objects.requireNonNull(reading, "reading");
        if (life.isNegative() || life.isZero()) {
            throw ApiException.invalidConfiguration("life of secrets: " + life + " (expected: more than zero)");
        }
    }

    /** Returns a source that calls a supplier, which may block. */
    public static SecretSource of(Supplier<Secret> supplier) {
        return of(Mono.fromSupplier(supplier));
    }

    /** Returns a source that subscribes to a publisher of the secret. */
    public static SecretSource of(Mono<Secret> secret) {
        return ofTokens(secret.map(value -> new AccessToken(value, null)));
    }

    /**
     * Returns a source of secrets that say when they expire, such as the tokens of an identity host. One that expires is
     * replaced a minute earlier, or after half of its life if that comes later.
     */
    public static SecretSource ofTokens(Mono<AccessToken> tokens) {
        return new SecretSource(tokens, USUAL_LIFE);
    }

    /** Returns a copy whose secrets are used for this time before they are read again. */
    public SecretSource keptFor(Duration newLife) {
        return new SecretSource(reading, newLife);
    }

    /** Returns one read, on a thread that may block. */
    Mono<AccessToken> read() {
        return Mono.defer(() -> reading).subscribeOn(Schedulers.boundedElastic());
    }

    @Override
    public String toString() {
        return "SecretSource[kept for " + life + "]";
    }
}
