package io.penstock.retry;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.StreamedBody;
import io.penstock.pipeline.TurnLine;
import io.penstock.request.KeyLife;
import io.penstock.request.Plan;
import io.penstock.upload.RequestBody;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The subscriber to all attempts of one call.
 *
 * <p>{@code current} is what a cancel must reach: null before the first demand, then the subscription of the running
 * attempt or wait, and finally {@code CANCELLED}. Only the loop replaces it, one attempt or wait after the other. A
 * cancel may come at any time from any thread and swaps in the terminal marker; if the loop loses that race, it cancels
 * the subscription it was about to store. Signals of an attempt are serial, and the next attempt starts only after the
 * previous one has ended, so the other fields need no synchronization.
 */
final class RetryLoop implements CoreSubscriber<Reply>, Subscription {

    private static final AtomicReferenceFieldUpdater<RetryLoop, @Nullable Subscription> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(RetryLoop.class, Subscription.class, "current");
    private static final Subscription CANCELLED = Operators.cancelledSubscription();
    private static final Subscription STARTED = Operators.emptySubscription();

    private final CoreSubscriber<? super Reply> actual;
    private final ClassifiedRetry.Retried exchange;
    private final Call call;
    private volatile @Nullable Subscription current;
    private @Nullable Attempt running;
    private boolean replied;
    /** Whether a retry was charged to the budget. A retry with a renewed credential is free. */
    private boolean paid;

    /** The error that caused the current attempt; null for the first one. */
    private @Nullable ApiException previous;

    RetryLoop(CoreSubscriber<? super Reply> actual, ClassifiedRetry.Retried exchange, Call call) {
        this.actual = actual;
        this.exchange = exchange;
        this.call = call;
    }

    @Override
    public void request(long n) {
        // A Mono needs demand only once; further requests have no effect.
        if (Operators.validate(n) && CURRENT.compareAndSet(this, null, STARTED)) {
            rules().budget.deposit();
            if (keyHolds()) {
                send();
            }
        }
    }

    @Override
    public void cancel() {
        Subscription running = CURRENT.getAndSet(this, CANCELLED);
        if (running != null && running != CANCELLED) {
            running.cancel();
        }
    }

    /**
     * Exposes the running subscription to cancellation; cancels it and returns false if the call is already cancelled.
     */
    boolean running(Subscription now) {
        for (; ; ) {
            Subscription before = current;
            if (before == CANCELLED) {
                now.cancel();
                return false;
            }
            if (CURRENT.compareAndSet(this, before, now)) {
                return true;
            }
        }
    }

    /**
     * Returns whether the key still protects. Resubscribing after the server has forgotten it would request a second
     * effect.
     */
    private boolean keyHolds() {
        KeyLife life = call.plan().keyLife();
        if (life == null || life.enter(call.nowNanos())) {
            return true;
        }
        actual.onError(ClassifiedRetry.keyForgotten(call.plan(), life));
        return false;
    }

    private ClassifiedRetry rules() {
        return exchange.rules();
    }

    /** Returns the running attempt, or the last one. */
    private Attempt attempt() {
        return Objects.requireNonNull(running, "no attempt yet");
    }

    private int number() {
        Attempt last = running;
        return last == null ? 0 : last.number();
    }

    void send() {
        send(number() + 1);
    }

    private void send(int number) {
        Attempt attempt = call.attempt(number);
        running = attempt;
        try {
            exchange.next().subscribe(attempt, this);
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            Operators.reportThrowInSubscribe(this, e); // a Mono of a user's operator broke the rules
        }
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (running(s)) {
            s.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(Reply reply) {
        if (!replied) {
            replied = true;
            rules().budget.succeeded(paid);
            if (reply.streamed() == null) {
                attempt().ending().ended(reply, null, null, 0);
            } else if (!recordWhenOver(reply, reply.streamed())) {
                return;
            }
            actual.onNext(reply);
            actual.onComplete();
        }
    }

    /** Keeps the attempt open until its body ends; discards the body and returns false if the caller has cancelled. */
    private boolean recordWhenOver(Reply reply, StreamedBody body) {
        if (current == CANCELLED) {
            body.discard();
            return false;
        }
        Attempt streaming = attempt().ending();
        body.whenOver(failure -> streaming.ended(
                failure == null ? new Reply(reply.head(), body, streaming.receivedBytes()) : null,
                failure == null ? null : failure.failure(),
                failure == null ? null : "inside the stream: not sent again",
                0));
        return true;
    }

    @Override
    public void onComplete() {
        if (!replied) {
            actual.onComplete(); // a user's operator swallowed the reply
        }
    }

    @Override
    public void onError(Throwable error) {
        if (current == CANCELLED) {
            return; // the caller has cancelled; there is nothing left to decide or to report
        }
        if (replied) {
            Operators.onErrorDropped(error, actual.currentContext());
            return;
        }
        Attempt attempt = attempt().ending();
        running = attempt;
        if (attempt.isTurnedBack() && !attempt.isDispatched()) {
            send(attempt.number()); // nothing was sent: queues at the circuit breaker again
            return;
        }
        ApiException failed = typed(error);
        Failure failure = failed.failure();
        if (paid && attempt.isDispatched() && failure.retryability() == Retryability.TRANSIENT) {
            rules().budget.retryFailed();
        }
        attempt.learned(failure.certainty());
        if (isGoneByALostAnswer(failure)) {
            attempt.ended(null, failure, "gone: an earlier attempt, whose answer was lost, may have deleted it", 0);
            call.note("DELETE repeated after a lost answer found nothing: done");
            succeed(new Reply(new ResponseHead(failure.status(), Headers.none()), null, 0));
            return;
        }
        Decision decision = decideOrGiveUp(failure, failed);
        if (decision instanceof Decision.Resend resend) {
            attempt.ended(null, failure, resend.rule(), resend.waitNanos());
            await(resend, failed);
        } else if (decision instanceof Decision.GiveUp giveUp) {
            Reconciliation looking = Probing.isWanted(call) ? rules().reconciliation : null;
            ApiException told = told(failed);
            if (told == failed) {
                attempt.ended(null, failure, looking == null ? giveUp.rule() : "look whether it was done", 0);
            } else {
                call.note("not sent again: " + failure.message());
            }
            if (looking == null) {
                giveUp(giveUp, told);
            } else {
                new Probing(this, call, told, giveUp).begin(looking, call.attempt(number() + 1));
            }
        }
    }

    /**
     * Returns whether a DELETE finds nothing left to delete after an attempt whose response was lost. A DELETE with a
     * body is excluded: it may name several resources, of which only some are gone.
     */
    private boolean isGoneByALostAnswer(Failure failure) {
        Plan plan = call.plan();
        if (plan.method() != Method.DELETE
                || plan.body() != null
                || failure.certainty() == Certainty.NOT_SENT
                || (failure.kind() != ErrorKind.NOT_FOUND && failure.kind() != ErrorKind.GONE)) {
            return false;
        }
        for (Journey.Attempt earlier : call.attempts()) {
            Failure then = earlier.failure();
            if (then != null && then.certainty().mayHaveActed() && isLost(earlier.status())) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the response was missing, incomplete, or a gateway's own (RFC 9110 §15.6.3, §15.6.5). */
    private static boolean isLost(int status) {
        return status < 300 || status == 502 || status == 504;
    }

    private void succeed(Reply reply) {
        replied = true;
        rules().budget.succeeded(paid);
        actual.onNext(reply);
        actual.onComplete();
    }

    /** Returns the last real error: a retry that is refused on this side must not hide the failure that led to it. */
    private ApiException told(ApiException failed) {
        ApiException real = previous;
        boolean refused = attempt().isWithheld() || Classifier.refusedHere(failed.failure());
        return real != null && refused ? real : failed;
    }

    void giveUp(Decision.GiveUp decision, ApiException failed) {
        if (decision.retryInNanos() >= 0) {
            call.retryAt(Instant.ofEpochMilli(call.scheduler().now(TimeUnit.MILLISECONDS))
                    .plusNanos(decision.retryInNanos()));
        }
        actual.onError(failed);
    }

    /** Completes the call with the result that a probe found. */
    void found(Reply reply) {
        call.attempt(number() + 1).ended(reply, null, null, 0);
        succeed(reply);
    }

    /**
     * Retries after a probe has shown that the attempt had no effect, which makes even an unsafe request repeatable.
     */
    void again(ApiException failed) {
        Decision decision = decideOrGiveUp(failed.failure().withCertainty(Certainty.REJECTED), failed);
        if (decision instanceof Decision.Resend resend) {
            await(resend, failed);
        } else if (decision instanceof Decision.GiveUp giveUp) {
            call.note(giveUp.rule());
            giveUp(giveUp, failed);
        }
    }

    private Method method() {
        return RetryPolicy.methodFor(call.plan().method(), call.plan().retryClass());
    }

    private long keyHoldsNanos() {
        KeyLife life = call.plan().keyLife();
        return life == null ? Long.MAX_VALUE : life.remainingNanos(call.nowNanos());
    }

    /**
     * Decides what follows; an exception while deciding is attached to the existing failure and does not replace it.
     */
    private Decision decideOrGiveUp(Failure failure, ApiException failed) {
        try {
            return decide(failure);
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            failed.addSuppressed(e);
            return new Decision.GiveUp("deciding failed with " + e.getClass().getSimpleName(), -1);
        }
    }

    private Decision decide(Failure failure) {
        boolean renewed = failure.retryability() == Retryability.AFTER_RENEWAL
                && attempt().isCredentialRenewed();
        Decision decision = renewed ? new Decision.Resend(0, "with a fresh credential") : classify(failure);
        if (!(decision instanceof Decision.Resend resend)) {
            return decision;
        }
        RequestBody body = call.plan().body();
        if (body != null && !body.isAvailable()) {
            String why = "the body is a stream, which can be read only once";
            call.note("not sent again: " + why);
            return new Decision.GiveUp(why, -1);
        }
        if (renewed) {
            return resend;
        }
        paid = true;
        if (rules().budget.withdraw()) {
            return resend;
        }
        return mayWaitForBudget()
                ? new Decision.Resend(resend.waitNanos(), resend.rule() + "; then retry budget", true)
                : new Decision.GiveUp("retry budget used up", resend.waitNanos());
    }

    private boolean mayWaitForBudget() {
        return rules().budget.line() != null && call.mayWaitForTurn();
    }

    /** Returns the client's policy, with the request's own number of attempts. */
    private RetryPolicy policy() {
        RetryPolicy ofClient = rules().policy;
        int attempts = call.plan().settings().maxAttempts(ofClient.maxAttempts());
        return attempts == ofClient.maxAttempts() ? ofClient : ofClient.withMaxAttempts(attempts);
    }

    private Decision classify(Failure failure) {
        return Classifier.decide(
                failure,
                new Classifier.Situation(
                        new Classifier.Sent(
                                call.plan().retryClass(), method(), call.certainty(), number(), call.isSentOnce()),
                        call.deadlineNanos() - call.nowNanos(),
                        rules().policy
                                .backoff()
                                .nanosAfter(number(), rules().random.getAsDouble()),
                        keyHoldsNanos(),
                        rules().budget.available(call.nowNanos()) || mayWaitForBudget()),
                policy());
    }

    /**
     * Wraps exceptions of users' operators; every other error is typed already. An exception with a journey comes from
     * another call, made by an operator, and says nothing about the effect of this one. Such a nested call was sent
     * once, because this loop repeats it. So its transient failures are retried here, unless that could make it act
     * twice.
     */
    private ApiException typed(Throwable error) {
        ApiException known = error instanceof ApiException typed ? typed : null;
        Certainty least = attempt().certaintyIfInterrupted();
        boolean passing = false;
        if (known != null && known.journey() != Journey.none()) {
            passing = known.retryability() == Retryability.TRANSIENT && known.safeToRepeat();
        } else if (known != null && known.certainty().compareTo(least) >= 0) {
            return known;
        } else if (known != null && known.certainty() != Certainty.NOT_SENT) {
            // A user's operator claims less of an effect than is known, but only a response or a probe could rule it
            // out.
            return new ApiException(known.failure().withCertainty(least).withCause(known));
        }
        return new ApiException(Failure.of(
                        ErrorKind.OPERATOR_FAILED,
                        least,
                        passing ? Retryability.TRANSIENT : Retryability.PERMANENT,
                        "an operator failed with " + error.getClass().getSimpleName() + " (see the cause)")
                .withCause(error));
    }

    private void await(Decision.Resend resend, ApiException failed) {
        previous = failed;
        Wait wait =
                new Wait(call.scheduler(), currentContext(), resend.unpaid() ? () -> awaitBudget(failed) : this::send);
        if (running(wait)) {
            call.waitsFor(resend.waitNanos());
            RuntimeException refused = begin(wait, resend.waitNanos());
            if (refused != null) {
                call.note("the scheduler takes no more tasks: given up");
                failed.addSuppressed(refused);
                actual.onError(failed);
            }
        }
    }

    private void awaitBudget(ApiException failed) {
        TurnLine line = rules().budget.line();
        if (line == null) {
            send();
            return;
        }
        BudgetTurn turn = new BudgetTurn(line, this, call, failed);
        if (running(turn)) {
            turn.waits();
        }
    }

    /** Fails the call with the last real error because no wait can help. */
    void giveUp(ApiException failed) {
        actual.onError(failed);
    }

    /** Starts the wait; returns the rejection of the scheduler, or null. */
    private static @Nullable RuntimeException begin(Wait wait, long nanos) {
        try {
            wait.begin(nanos);
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }
}
