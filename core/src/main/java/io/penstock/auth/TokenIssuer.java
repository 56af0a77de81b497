package io.penstock.auth;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/** The way to a new token: the exchange of a secret, or a read of the secret itself. Used once at a time. */
interface TokenIssuer {

    /** Emits a new token; fails with the error of the exchange or of the read. */
    Mono<AccessToken> next();

    /** Returns the beginning of the message of a failure. */
    String failurePrefix();

    /** Returns how long before its expiry a token is renewed. */
    Duration renewBefore();

    /** Returns how long a token is used that does not say when it expires; null for as long as it is not refused. */
    @Nullable
    Duration life();

    /** Returns whether the last waiting call that is cancelled ends it. */
    boolean endsWithLastWaiter();

    /** Returns the request that {@link #next} would send; null if it sends none or the request is not known yet. */
    @Nullable
    ApiRequest<JsonNode> request();

    /** Returns the secret that an error may quote, or null if there is none. */
    @Nullable
    Secret secret();

    /** Returns a description for {@code explain}. */
    String description();

    /** An issuer that reads secrets from a source. */
    record Source(SecretSource source, Scheduler scheduler) implements TokenIssuer {

        private static final Duration LONGEST_READ = Duration.ofSeconds(30);
        private static final Duration RENEWED_BEFORE = Duration.ofMinutes(1);

        @Override
        public Mono<AccessToken> next() {
            return source.read()
                    .timeout(LONGEST_READ, scheduler)
                    .onErrorMap(Source::failed)
                    .switchIfEmpty(Mono.error(Source::empty));
        }

        private static ApiException empty() {
            return new ApiException(Failure.of(
                    ErrorKind.AUTHENTICATION,
                    Certainty.NOT_SENT,
                    Retryability.PERMANENT,
                    "the source is empty (expected: one secret)"));
        }

        private static Throwable failed(Throwable error) {
            Throwable cause = Exceptions.unwrap(error);
            if (cause instanceof ApiException) {
                return cause;
            }
            if (cause instanceof TimeoutException) {
                return new ApiException(Failure.of(
                                ErrorKind.TIMEOUT,
                                Certainty.NOT_SENT,
                                Retryability.TRANSIENT,
                                "the source has not ended after " + LONGEST_READ.toMillis()
                                        + " ms (expected: one secret within this time)")
                        .withPhase(Phase.TOTAL));
            }
            boolean passing = cause instanceof IOException || cause instanceof UncheckedIOException;
            return new ApiException(Failure.of(
                            ErrorKind.AUTHENTICATION,
                            Certainty.NOT_SENT,
                            passing ? Retryability.TRANSIENT : Retryability.PERMANENT,
                            "the source failed with " + cause.getClass().getSimpleName() + " (see the cause)")
                    .withCause(cause));
        }

        @Override
        public String failurePrefix() {
            return "no secret: ";
        }

        @Override
        public Duration renewBefore() {
            return RENEWED_BEFORE;
        }

        @Override
        public Duration life() {
            return source.life();
        }

        @Override
        public boolean endsWithLastWaiter() {
            return true;
        }

        @Override
        public @Nullable ApiRequest<JsonNode> request() {
            return null;
        }

        @Override
        public @Nullable Secret secret() {
            return null;
        }

        @Override
        public String description() {
            return "secret of a source";
        }
    }

    /**
     * An issuer that exchanges a secret for a token. A secret that a server has replaced is used for the next exchange; if
     * that is refused and there is a source, the secret is read again.
     */
    final class Exchanging implements TokenIssuer {

        private final TokenExchange exchange;
        private final @Nullable Source source;
        private final Function<ApiRequest<JsonNode>, Mono<JsonNode>> client;
        private final Supplier<Instant> clock;
        /** Null until it is read from the source. Written only by the running exchange. */
        private volatile @Nullable Secret secret;

        Exchanging(
                TokenExchange exchange,
                @Nullable Secret secret,
                @Nullable Source source,
                Function<ApiRequest<JsonNode>, Mono<JsonNode>> client,
                Supplier<Instant> clock) {
            this.exchange = exchange;
            this.secret = secret;
            this.source = source;
            this.client = client;
            this.clock = clock;
        }

        @Override
        public Mono<AccessToken> next() {
            Source reads = source;
            Secret known = secret;
            if (reads == null || known != null) {
                return exchanged();
            }
            return reads.next().flatMap(read -> {
                secret = read.value();
                return exchanged();
            });
        }

        private Mono<AccessToken> exchanged() {
            return Mono.defer(() -> client.apply(wanted()))
                    .switchIfEmpty(Mono.error(Exchanging::withoutBody))
                    .map(this::read)
                    .doOnNext(token -> after(token.nextSecret()))
                    .doOnError(ApiException.class, this::refused);
        }

        /** A source is read for each exchange, because that is seldom; a secret that the server has issued is newer. */
        private void after(@Nullable Secret next) {
            if (next != null) {
                secret = next;
            } else if (source != null) {
                secret = null;
            }
        }

        private void refused(ApiException error) {
            if (source != null && error.failure().retryability() != Retryability.TRANSIENT) {
                secret = null;
            }
        }

        private ApiRequest<JsonNode> wanted() {
            Secret known = secret;
            if (known == null) {
                throw new IllegalStateException("no secret");
            }
            try {
                return exchange.request().apply(known).anonymous();
            } catch (ApiException e) {
                throw e;
            } catch (RuntimeException e) { // without its text, which may quote the secret
                throw ApiException.invalidRequest(
                        "the request cannot be made: " + e.getClass().getSimpleName());
            }
        }

        private AccessToken read(JsonNode answer) {
            try {
                return exchange.reader().apply(answer, clock.get());
            } catch (ApiException e) {
                throw e.kind() == ErrorKind.INVALID_CONFIGURATION ? TokenSource.unsendable(e) : e;
            } catch (RuntimeException e) { // without its text, which may quote the token
                throw new ApiException(Failure.of(
                        ErrorKind.UNDECODABLE,
                        Certainty.PROCESSED,
                        Retryability.PERMANENT,
                        "the answer holds no token that can be read: "
                                + e.getClass().getSimpleName()));
            }
        }

        private static ApiException withoutBody() {
            return new ApiException(Failure.of(
                    ErrorKind.AUTHENTICATION,
                    Certainty.REJECTED,
                    Retryability.PERMANENT,
                    "an answer without a body (expected: one with a token)"));
        }

        @Override
        public String failurePrefix() {
            return "no token: exchange " + exchange.description() + ": ";
        }

        @Override
        public Duration renewBefore() {
            return exchange.renewBefore();
        }

        @Override
        public @Nullable Duration life() {
            return null;
        }

        @Override
        public boolean endsWithLastWaiter() {
            return false;
        }

        @Override
        public @Nullable ApiRequest<JsonNode> request() {
            return secret == null ? null : wanted();
        }

        @Override
        public @Nullable Secret secret() {
            return secret;
        }

        @Override
        public String description() {
            return "token by " + exchange.description();
        }
    }
}
