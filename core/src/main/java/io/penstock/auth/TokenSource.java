package io.penstock.auth;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.FieldError;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.pipeline.SentCredential;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import io.penstock.redaction.Redaction;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import tools.jackson.databind.JsonNode;

/**
 * A holder of a token that gets a new one from its {@link TokenIssuer}, with at most one exchange at a time for all callers.
 * A secret that is read from a source is held in the same way: its read is the exchange.
 *
 * <pre>
 *  token      |====== fresh ======|== stale: used, renewed beside ==| over
 *  calls      a   b               c   d    e                        f
 *  exchanges                      |-x      |-x                      |-- ok: f goes on
 *                                   backoff     backoff
 * </pre>
 *
 * A call waits for an exchange only if there is no token: none was fetched yet, the last one has expired, or it was
 * refused. A failed exchange fails the calls that wait for it. While a token is valid, a failed renewal fails no call;
 * the next renewal waits for its backoff. Only calls start renewals: an idle client fetches no tokens.
 *
 * <p>An exchange belongs to no call. It runs in an empty Reactor context and without any caller's ThreadLocals. A request on
 * the wire cannot be cancelled; a read from a source is, if the last call that waits for it is.
 *
 * <p>Lifetimes are measured on the scheduler's monotonic clock, which corrections of the wall clock do not move. If the
 * wall clock has nevertheless passed a token's expiry, the token is stale: the process may have been suspended.
 */
final class TokenSource {

    /** The backoff between renewals of a token that is still in use. */
    private static final Backoff RENEWALS = new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0.25);

    /** The backoff between exchanges that calls wait for; each of these calls has a backoff of its own as well. */
    private static final Backoff EXCHANGES = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.25);

    /** The longest time for which the wait hint of a response counts. */
    private static final Duration LONGEST_HINT = Duration.ofHours(1);

    /** The renewal interval of a token that had already expired on arrival and is used anyway. */
    private static final Duration RENEWED_IN_DOUBT = Duration.ofMinutes(1);

    /** How long an issuer that has issued the refused token again is not asked for another. */
    private static final Duration SAME_FOR = Duration.ofSeconds(10);

    /** A time that no process reaches and that can be added to any clock reading without overflow. */
    private static final long NEVER_NANOS = Long.MAX_VALUE / 2;

    private final CredentialScheme scheme;
    private final TokenIssuer issuer;
    private final Scheduler scheduler;
    private final DoubleSupplier dice;
    private final Consumer<Secret> onIssue;
    private final AtomicReference<@Nullable IssuedToken> current = new AtomicReference<>();
    private final AtomicReference<@Nullable Run> running = new AtomicReference<>();
    /** Written only by the running exchange. */
    private volatile @Nullable Pause pause;

    /** When a token that was refused was last replaced by the same one, on the monotonic clock; null if it never was. */
    private volatile @Nullable Long sameAgainNanos;

    /** Creates a source of tokens that an issuer issues. */
    TokenSource(CredentialScheme scheme, TokenIssuer issuer, TokenAuthentication.Exchanges exchanges) {
        this.scheme = scheme;
        this.issuer = issuer;
        this.scheduler = exchanges.scheduler();
        this.dice = exchanges.dice();
        this.onIssue = exchanges.issued();
    }

    /**
     * Creates a source of tokens that a secret is exchanged for.
     *
     * @param scheme a scheme with an exchange
     */
    TokenSource(CredentialScheme scheme, Secret secret, TokenAuthentication.Exchanges exchanges) {
        this(scheme, exchanges.issuer(scheme, secret, null), exchanges);
    }

    /**
     * A token in the form in which it is sent.
     *
     * @param credential the token in its place
     * @param renewNanos the time at which it becomes stale, on the monotonic clock
     * @param endNanos the expiry time, on the same clock
     * @param endMillis the expiry time by the wall clock
     */
    record IssuedToken(SentCredential credential, long renewNanos, long endNanos, long endMillis) {

        boolean isSameAs(IssuedToken other) {
            return credential.secret().equals(other.credential.secret());
        }
    }

    /**
     * One exchange and the calls that wait for it. {@code waiters} is the number of these calls, or {@code ABANDONED} once
     * the last of them has been cancelled; then nobody may join it.
     */
    private final class Run {
        private static final int ABANDONED = -1;

        private final Sinks.One<IssuedToken> outcome = Sinks.one();
        private final AtomicInteger waiters = new AtomicInteger();
        /** Whether it goes on without waiters: a renewal, or a request on the wire. */
        private final boolean lasting;

        private volatile @Nullable Disposable exchanging;

        Run(boolean lasting) {
            this.lasting = lasting;
        }

        /** Adds a waiter; returns false if the exchange has been abandoned. */
        boolean enter() {
            for (; ; ) {
                int now = waiters.get();
                if (now == ABANDONED) {
                    return false;
                }
                if (waiters.compareAndSet(now, now + 1)) {
                    return true;
                }
            }
        }

        /** Removes a waiter whose call was cancelled. */
        void leave() {
            if (waiters.decrementAndGet() == 0 && !lasting && waiters.compareAndSet(0, ABANDONED)) {
                running.compareAndSet(this, null);
                Disposable begun = exchanging;
                if (begun != null) {
                    begun.dispose();
                }
            }
        }
    }

    /** The failure of an exchange; it has no stack trace, because each call turns it into an exception of its own. */
    static final class ExchangeFailed extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Failure failure;
        private final boolean ofVendor;

        ExchangeFailed(Failure failure, boolean ofVendor) {
            super(failure.message(), null, false, false);
            this.failure = failure;
            this.ofVendor = ofVendor;
        }

        Failure failure() {
            return failure;
        }

        /** Returns whether the vendor has an exception of its own for it. */
        boolean isOfVendor() {
            return ofVendor;
        }
    }

    /** The waits that follow a failed exchange. */
    private record Pause(
            int failures,
            ExchangeFailed failure,
            long sinceNanos,
            long hintNanos,
            long renewalNanos,
            long exchangeNanos) {

        static Pause after(@Nullable Pause before, ExchangeFailed failure, long nowNanos, double dice) {
            int failures = before == null ? 1 : Math.min(before.failures + 1, 100);
            Duration asked = failure.failure().retryAfter();
            boolean byServer = failure.failure().status() != 0; // a local refusal gives each call a new hint
            long hint = asked == null || !byServer ? 0 : Math.max(0, nanos(asked, LONGEST_HINT.toNanos()));
            boolean mayPass = failure.failure().retryability() == Retryability.TRANSIENT;
            return new Pause(
                    failures,
                    failure,
                    nowNanos,
                    hint,
                    Math.max(hint, RENEWALS.nanosAfter(failures, dice)),
                    mayPass ? EXCHANGES.nanosAfter(failures, dice) : 0);
        }

        long left(long ofNanos, long nowNanos) {
            return ofNanos - (nowNanos - sinceNanos);
        }
    }

    /** Returns the token if it is usable; starts the renewal of a stale one without waiting for it. */
    @Nullable
    IssuedToken usable() {
        IssuedToken token = current.get();
        long now = nowNanos();
        if (token == null || now - token.endNanos() >= 0) {
            return null;
        }
        if (!isFresh(token, now)) {
            boolean idle = running.get() == null;
            Pause paused = pause; // read after running: a failed exchange sets it first
            if (idle && (paused == null || paused.left(paused.renewalNanos(), now) <= 0)) {
                Run renewal = new Run(true);
                if (running.compareAndSet(null, renewal)) {
                    begin(renewal, 0);
                }
            }
        }
        return token;
    }

    /** Returns how long the current token can still be used: zero if there is none. */
    Duration life() {
        IssuedToken token = current.get();
        return token == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, token.endNanos() - nowNanos()));
    }

    private boolean isFresh(IssuedToken token, long nowNanos) {
        return nowNanos - token.renewNanos() < 0 && nowMillis() < token.endMillis();
    }

    private long nowNanos() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    private long nowMillis() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }

    /**
     * Emits a token, or fails with the {@link ExchangeFailed} of the exchange. While a server's wait hint for a failed
     * exchange is in effect, fails at once with the same failure and the remaining wait.
     */
    Mono<IssuedToken> token() {
        return Mono.defer(this::joined)
                .contextWrite(Function.identity()); // with context propagation on, restores the caller's thread locals
    }

    private Mono<IssuedToken> joined() {
        Run already = running.get();
        Pause paused = pause;
        long delay = 0;
        if (already == null && paused != null) {
            long now = nowNanos();
            long hint = paused.left(paused.hintNanos(), now);
            if (hint > 0) {
                ExchangeFailed last = paused.failure();
                return Mono.error(
                        new ExchangeFailed(last.failure().withRetryAfter(Duration.ofNanos(hint)), last.isOfVendor()));
            }
            delay = paused.left(paused.exchangeNanos(), now);
        }
        Run run = joinedRun(delay);
        AtomicBoolean left = new AtomicBoolean(); // an operator may cancel twice
        return run.outcome.asMono().doOnCancel(() -> {
            if (!left.getAndSet(true)) {
                run.leave();
            }
        });
    }

    /** Returns the running exchange; starts one if there is none. */
    private Run joinedRun(long delayNanos) {
        for (; ; ) {
            Run already = running.get();
            if (already != null) {
                if (already.enter()) {
                    return already;
                }
                running.compareAndSet(already, null);
                continue;
            }
            Run mine = new Run(!issuer.endsWithLastWaiter());
            mine.enter();
            if (running.compareAndSet(null, mine)) {
                begin(mine, delayNanos);
                return mine;
            }
        }
    }

    /**
     * Acts like {@link #token()}, but fails at once if the exchange would have to wait for a circuit breaker.
     *
     * @param circuit returns the refusal of a request that would wait, or null
     */
    Mono<IssuedToken> tokenWithoutWait(Function<ApiRequest<JsonNode>, @Nullable ApiException> circuit) {
        ApiException refusal;
        try {
            ApiRequest<JsonNode> request = issuer.request();
            refusal = request == null ? null : circuit.apply(request);
        } catch (ApiException e) {
            refusal = e;
        }
        return refusal == null ? token() : Mono.error(asFailure(refusal));
    }

    /** Begins an exchange. It checks for a token again first: another exchange may have just ended. */
    private void begin(Run mine, long delayNanos) {
        IssuedToken known = current.get();
        if (known != null && isFresh(known, nowNanos())) {
            running.compareAndSet(mine, null);
            mine.outcome.tryEmitValue(known);
            return;
        }
        try {
            Mono<IssuedToken> exchanging = Mono.defer(issuer::next).map(this::issued);
            Mono<IssuedToken> whenDue = delayNanos <= 0
                    ? exchanging
                    : Mono.delay(Duration.ofNanos(delayNanos), scheduler).then(exchanging);
            SubscriberContext.run(
                    Context.empty(),
                    () -> mine.exchanging =
                            whenDue.subscribe(token -> succeeded(mine, token), error -> failed(mine, error)));
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            failed(mine, e);
        }
    }

    /** Stores the token before it ends the exchange, so that no call finds neither. */
    private void succeeded(Run mine, IssuedToken token) {
        current.set(token);
        pause = null;
        running.compareAndSet(mine, null);
        mine.outcome.tryEmitValue(token);
    }

    /**
     * Ends the exchange before it notifies the waiting calls, so that one that calls again at once may start another.
     */
    private void failed(Run mine, Throwable error) {
        if (running.get() != mine) {
            return;
        }
        ExchangeFailed failure = asFailure(error);
        pause = Pause.after(pause, failure, nowNanos(), dice.getAsDouble());
        running.compareAndSet(mine, null);
        mine.outcome.tryEmitError(failure);
    }

    private IssuedToken issued(AccessToken token) {
        try {
            onIssue.accept(token.value());
            return living(scheme.carrying(token.value()), token.expiresAt(), Instant.ofEpochMilli(nowMillis()));
        } catch (ApiException e) {
            throw e.kind() == ErrorKind.INVALID_CONFIGURATION ? unsendable(e) : e;
        }
    }

    static ApiException unsendable(ApiException e) {
        return ApiException.invalidRequest("the answer holds a token that cannot be sent: " + e.getMessage());
    }

    /**
     * Creates the token to be sent. An expiry in the past means that units or clocks differ; it says nothing about a
     * token that the server has just issued.
     */
    private IssuedToken living(SentCredential credential, @Nullable Instant end, Instant now) {
        long nanos = nowNanos();
        if (end == null) {
            Duration known = issuer.life();
            long renewed = nanos + (known == null ? NEVER_NANOS : nanos(known, NEVER_NANOS));
            return new IssuedToken(credential, renewed, nanos + NEVER_NANOS, Long.MAX_VALUE);
        }
        long life = nanos(Duration.between(now, end), NEVER_NANOS);
        if (life <= 0) {
            return new IssuedToken(credential, nanos + RENEWED_IN_DOUBT.toNanos(), nanos + NEVER_NANOS, Long.MAX_VALUE);
        }
        long early = Math.min(Math.max(0, nanos(issuer.renewBefore(), NEVER_NANOS)), life / 2);
        return new IssuedToken(
                credential,
                nanos + life - early,
                nanos + life,
                now.toEpochMilli() + TimeUnit.NANOSECONDS.toMillis(life));
    }

    private static long nanos(Duration d, long most) {
        return d.compareTo(Duration.ofNanos(most)) >= 0 ? most : d.isNegative() ? -1 : d.toNanos();
    }

    private ExchangeFailed asFailure(Throwable error) {
        String prefix = issuer.failurePrefix();
        if (error instanceof ApiException known) {
            return new ExchangeFailed(ofCall(known.failure(), prefix), known.getClass() != ApiException.class);
        }
        return new ExchangeFailed(
                Failure.of(
                        ErrorKind.OPERATOR_FAILED,
                        Certainty.NOT_SENT,
                        Retryability.PERMANENT,
                        prefix + "failed with " + error.getClass().getSimpleName()),
                false);
    }

    /**
     * Converts the failure of the exchange into that of a call that needed the token: nothing of the call was sent. A
     * secret cannot be renewed in turn, so AFTER_RENEWAL becomes permanent. The server's details are left out, and so
     * is the excerpt of an unreadable success: they may hold the secret or the token.
     */
    private Failure ofCall(Failure f, String prefix) {
        boolean late = f.kind() == ErrorKind.DEADLINE_EXCEEDED; // that of the exchange, not of the call
        boolean success = f.status() >= 200 && f.status() < 300;
        Secret secret = issuer.secret(); // it may have replaced the one that the client knows
        Redaction own = new Redaction(secret == null ? null : secret.reveal());
        return Failure.of(
                        switch (f.kind()) {
                            case DEADLINE_EXCEEDED -> ErrorKind.TIMEOUT;
                            // For the call these kinds would mean that its own resource is missing or its key is known.
                            case NOT_FOUND, GONE, CONFLICT, KEY_IN_PROGRESS, KEY_REUSED -> ErrorKind.AUTHENTICATION;
                            default -> f.kind();
                        },
                        Certainty.NOT_SENT,
                        late
                                ? Retryability.TRANSIENT
                                : f.retryability() == Retryability.AFTER_RENEWAL
                                        ? Retryability.PERMANENT
                                        : f.retryability(),
                        prefix + own.masked(f.message()))
                .withStatus(f.status())
                .withCode(f.code())
                .withServerMessage(masked(own, f.serverMessage()))
                .withRequestId(f.requestId())
                .withFieldErrors(f.fieldErrors().stream()
                        .map(e -> new FieldError(e.field(), e.code(), masked(own, e.message()), Map.of()))
                        .toList())
                .withRetryAfter(f.retryAfter())
                .withMaxAttempts(f.maxAttempts())
                .withRemedy(f.remedy())
                .withBodyExcerpt(success ? null : masked(own, f.bodyExcerpt()))
                .withCause(f.cause())
                .withPhase(late ? Phase.TOTAL : f.phase());
    }

    private static @Nullable String masked(Redaction secrets, @Nullable String text) {
        return text == null ? null : secrets.masked(text);
    }

    /** Discards a refused token, unless it has already been replaced. */
    void discard(IssuedToken refused) {
        current.compareAndSet(refused, null);
    }

    /**
     * Emits the token that follows a refused one, which may be the same. Many calls that are refused with one token make one
     * exchange. While the issuer is known to have no other, emits the refused token at once.
     */
    Mono<IssuedToken> after(IssuedToken refused) {
        Long same = sameAgainNanos;
        if (same != null && nowNanos() - same < SAME_FOR.toNanos()) {
            IssuedToken known = current.get();
            return known == null ? token() : Mono.just(known);
        }
        discard(refused);
        return token().doOnNext(next -> sameAgainNanos = next.isSameAs(refused) ? (Long) nowNanos() : null);
    }

    /** Returns whether a refused token is compared with the next one before the call is sent again. */
    boolean comparesRefused() {
        return issuer.endsWithLastWaiter();
    }

    String describe() {
        return "<" + issuer.description() + ">";
    }
}
