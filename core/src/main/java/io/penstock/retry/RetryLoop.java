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
import io.penstock.pipeline.Exchange;
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
 * One subscriber for all attempts of a call.
 *
 * <p>{@code current} is what a cancel has to reach: null before the first demand, then the running attempt's
 * subscription or the running wait, at the end {@code CANCELLED}. Only the loop replaces it, one attempt or wait
 * after the other; a cancel may come at any time from any thread and swaps in the terminal mark. Whoever loses that
 * race cancels what it was about to put there. Signals of an attempt are serial, and the next attempt starts only
 * after the former has ended, so the other fields need no protection.
 */
final class RetryLoop implements CoreSubscriber<Reply>, Subscription {

    private static final AtomicReferenceFieldUpdater<RetryLoop, @Nullable Subscription> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(RetryLoop.class, Subscription.class, "current");
    private static final Subscription CANCELLED = Operators.cancelledSubscription();
    private static final Subscription STARTED = Operators.emptySubscription();

    private final CoreSubscriber<? super Reply> actual;
    private final ClassifiedRetry retry;
    private final Call call;
    private final Exchange next;
    private volatile @Nullable Subscription current;
    private @Nullable Attempt running;
    private boolean replied;
    /** Whether a retry was paid for out of the budget; a renewed credential is free. */
    private boolean paid;

    /** Why the running attempt is not the first one. */
    private @Nullable ApiException previous;

    RetryLoop(CoreSubscriber<? super Reply> actual, ClassifiedRetry retry, Call call, Exchange next) {
        this.actual = actual;
        this.retry = retry;
        this.call = call;
        this.next = next;
    }

    @Override
    public void request(long n) {
        // A Mono needs demand once; whatever comes later changes nothing.
        if (Operators.validate(n) && CURRENT.compareAndSet(this, null, STARTED)) {
            retry.budget.deposit();
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

    /** Puts what runs now within reach of a cancel; false, with it cancelled, if the cancel was first. */
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

    /** Whoever subscribes again after the server has forgotten the key would ask for a second effect. */
    private boolean keyHolds() {
        KeyLife life = call.plan().keyLife();
        if (life == null || life.enter(call.nowNanos())) {
            return true;
        }
        actual.onError(ClassifiedRetry.keyForgotten(call.plan(), life));
        return false;
    }

    /** The attempt that runs, or ran last. */
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
            next.subscribe(attempt, this);
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            Operators.reportThrowInSubscribe(this, e); // a Mono of the user's that breaks the rules
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
            retry.budget.succeeded(paid);
            if (reply.streamed() == null) {
                attempt().ending().ended(reply, null, null, 0);
            } else if (!recordWhenOver(reply, reply.streamed())) {
                return;
            }
            actual.onNext(reply);
            actual.onComplete();
        }
    }

    /** The attempt lasts as long as its body; false if the caller has gone, and nobody wants it. */
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
            actual.onComplete(); // an operator of the user's swallowed the reply
        }
    }

    @Override
    public void onError(Throwable error) {
        if (current == CANCELLED) {
            return; // the caller has gone; nothing is left to decide or to tell
        }
        if (replied) {
            Operators.onErrorDropped(error, actual.currentContext());
            return;
        }
        Attempt attempt = attempt().ending();
        running = attempt;
        if (attempt.isTurnedBack() && !attempt.isDispatched()) {
            send(attempt.number()); // nothing has been sent: it stands in the line of the circuit once more
            return;
        }
        ApiException failed = typed(error);
        Failure failure = failed.failure();
        if (paid && attempt.isDispatched() && failure.retryability() == Retryability.TRANSIENT) {
            retry.budget.retryFailed();
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
            Reconciliation looking = Probing.isWanted(call) ? retry.reconciliation : null;
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
     * Whether a DELETE has nothing left to delete after an attempt whose answer was lost. One with a body may name several
     * things, of which only some are gone.
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

    /** No answer, half of one, or that of a gateway in its place (RFC 9110 §15.6.3, §15.6.5). */
    private static boolean isLost(int status) {
        return status < 300 || status == 502 || status == 504;
    }

    private void succeed(Reply reply) {
        replied = true;
        actual.onNext(reply);
        actual.onComplete();
    }

    /** The last real error: what refuses to send again on this side is no reason to forget why that was wanted. */
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

    /** A probe has found the result of an attempt. */
    void found(Reply reply) {
        call.attempt(number() + 1).ended(reply, null, null, 0);
        succeed(reply);
    }

    /** The attempt is known to have done nothing, so that even an unsafe request may be sent again. */
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

    /** What goes wrong while deciding is no reason to leave the caller without the failure that is there. */
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
        if (retry.budget.withdraw()) {
            return resend;
        }
        return mayWaitForBudget()
                ? new Decision.Resend(resend.waitNanos(), resend.rule() + "; then retry budget", true)
                : new Decision.GiveUp("retry budget used up", resend.waitNanos());
    }

    private boolean mayWaitForBudget() {
        return retry.budget.line() != null && !call.plan().failFast();
    }

    private Decision classify(Failure failure) {
        return Classifier.decide(
                failure,
                new Classifier.Situation(
                        call.plan().retryClass(),
                        method(),
                        call.certainty(),
                        number(),
                        call.deadlineNanos() - call.nowNanos(),
                        retry.policy.backoff().nanosAfter(number(), retry.random.getAsDouble()),
                        keyHoldsNanos(),
                        call.isSentOnce(),
                        retry.budget.available(call.nowNanos()) || mayWaitForBudget()),
                retry.policy);
    }

    /**
     * What a user's operator throws is wrapped; everything else is typed already. An exception with a journey ended
     * another call, made by an operator: it says nothing about the effect of this one. That call was sent once, on
     * the understanding that this loop repeats it, so it may, where that cannot make the other one act twice.
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
            // An operator of the user's claims less of an effect than is known; only an answer or a probe could.
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
            RuntimeException refused = begin(wait, resend.waitNanos());
            if (refused != null) {
                call.note("the scheduler takes no more tasks: given up");
                failed.addSuppressed(refused);
                actual.onError(failed);
            }
        }
    }

    private void awaitBudget(ApiException failed) {
        TurnLine line = retry.budget.line();
        if (line == null) {
            send();
            return;
        }
        BudgetTurn turn = new BudgetTurn(line, this, call, failed);
        if (running(turn)) {
            turn.waits();
        }
    }

    /** No wait helps: the caller gets the last real error. */
    void giveUp(ApiException failed) {
        actual.onError(failed);
    }

    /** Returns why the wait has not begun, or null. */
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
