package io.penstock.circuit;

import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import io.penstock.pipeline.TurnLine;
import io.penstock.pipeline.Turns;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One attempt in the line of a circuit, and after that until its end. An attempt that was let through and ends without
 * having been sent gives its place to another.
 *
 * <p>{@code upstream} is the subscription to cancel once the attempt has been sent on. Both sides set it by
 * compare-and-set or swap: the side that finds the mark of a cancel there cancels its own subscription.
 */
final class CircuitTurn extends TurnLine.Turn implements CoreSubscriber<Reply>, Subscription, Runnable {

    private static final AtomicReferenceFieldUpdater<CircuitTurn, @Nullable Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(CircuitTurn.class, Subscription.class, "upstream");
    private static final AtomicReferenceFieldUpdater<CircuitTurn, @Nullable Attempt> ATTEMPT =
            AtomicReferenceFieldUpdater.newUpdater(CircuitTurn.class, Attempt.class, "attempt");
    private static final Subscription CANCELLED = Operators.cancelledSubscription();

    private final Circuit circuit;
    private final Patience patience;
    private final Exchange next;
    private final @Nullable Executor home = Turns.home();
    /**
     * An empty subscriber once the caller has cancelled, so that it is not retained: the seat in the line may be
     * cleared only later.
     */
    private CoreSubscriber<? super Reply> actual;

    private volatile @Nullable Attempt attempt;
    private volatile @Nullable Subscription upstream;
    /** Whether the circuit counted the turn when it let it through. Accessed by the thread that drains the line. */
    private boolean counted;

    CircuitTurn(
            Circuit circuit, Patience patience, Attempt attempt, Exchange next, CoreSubscriber<? super Reply> actual) {
        super(attempt);
        this.circuit = circuit;
        this.patience = patience;
        this.attempt = attempt;
        this.next = next;
        this.actual = actual;
    }

    /** Returns the attempt; null once it has left the line. */
    @Nullable
    Attempt attempt() {
        return attempt;
    }

    /** Sets whether the circuit has counted the turn. Called when the turn has come. */
    void counted(boolean byCircuit) {
        counted = byCircuit;
    }

    boolean isCounted() {
        return counted;
    }

    /** Enters the line. */
    void waits(Attempt waiting) {
        waiting.waitsForTurn(true);
        actual.onSubscribe(this);
        if (!patience.line().enter(this) && attempt != null) {
            turnAway(Turns.full("circuit " + circuit.name(), patience.line().maxWaiting()));
        }
    }

    /** Sends the attempt at once, because it has already been let through. */
    void tries(Attempt let) {
        goes();
        actual.onSubscribe(this);
        send(let);
    }

    @Override
    protected void go() {
        Attempt let = attempt;
        Failure refused = let == null ? null : Turns.resume(home, let.scheduler(), this);
        if (refused != null) {
            turnAway(refused);
        }
    }

    @Override
    public void run() {
        Attempt let = attempt;
        if (let != null && upstream != CANCELLED) {
            let.note("attempt " + let.number() + " waited " + let.attemptElapsedNanos() / 1_000_000 + " ms for "
                    + circuit.describeWait());
            let.admitted(let.nowNanos());
            let.waitsForTurn(false);
            SubscriberContext.run(currentContext(), () -> send(let));
        }
    }

    private void send(Attempt let) {
        try {
            next.subscribe(let, this);
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            onError(e); // a user's Mono that breaks the rules
        }
    }

    @Override
    protected void expire() {
        Attempt late = attempt;
        if (late != null) {
            late.withheld();
            turnAway(
                    late.isOutOfTime()
                            ? Turns.deadline(late, circuit.describeWait())
                            : circuit.refusal().failure());
        }
    }

    @Override
    protected void turnAway(Failure why) {
        SubscriberContext.run(currentContext(), () -> onError(new ApiException(why)));
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (UPSTREAM.compareAndSet(this, null, s)) {
            s.request(Long.MAX_VALUE);
        } else {
            s.cancel();
        }
    }

    @Override
    public void onNext(Reply reply) {
        actual.onNext(reply);
    }

    @Override
    public void onError(Throwable error) {
        ended();
        actual.onError(error);
    }

    @Override
    public void onComplete() {
        ended();
        actual.onComplete();
    }

    private void ended() {
        Attempt let = ATTEMPT.getAndSet(this, null);
        if (let != null) { // once only: a cancel may come at the same moment
            patience.ended(this, let);
        }
    }

    @Override
    public void request(long n) {
        Operators.validate(n); // everything is requested once the attempt has been sent on
    }

    @Override
    public void cancel() {
        if (patience.line().leave(this)) {
            attempt = null;
            actual = Operators.emptySubscriber();
            return;
        }
        Subscription s = UPSTREAM.getAndSet(this, CANCELLED);
        if (s != null && s != CANCELLED) {
            s.cancel();
        }
        ended();
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }
}
