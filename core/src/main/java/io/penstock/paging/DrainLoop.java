package io.penstock.paging;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * A subscription whose work is done by one thread at a time.
 *
 * <p>Every change (demand, an arrival, a cancel) is recorded first, and then the thread calls drain. {@code wip} admits
 * one drainer at a time and counts the other calls, for which the drainer runs another round. So the same loop finds
 * what arrives while it is being requested, and a list of any length needs no stack. Only the drainer signals
 * downstream, so signals are serial.
 *
 * @param <R> the type of the emitted elements
 */
abstract class DrainLoop<R> implements Subscription {

    @SuppressWarnings("rawtypes") // a class literal has no type argument
    private static final AtomicIntegerFieldUpdater<DrainLoop> WIP =
            AtomicIntegerFieldUpdater.newUpdater(DrainLoop.class, "wip");

    @SuppressWarnings("rawtypes") // a class literal has no type argument
    private static final AtomicLongFieldUpdater<DrainLoop> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(DrainLoop.class, "requested");

    final CoreSubscriber<? super R> actual;
    private boolean over;

    @SuppressWarnings("UnusedVariable") // through its updater only
    private volatile int wip;

    private volatile long requested;
    private volatile boolean cancelled;
    private volatile @Nullable Throwable badRequest;

    DrainLoop(CoreSubscriber<? super R> actual) {
        this.actual = actual;
    }

    /** Performs one round of the drainer. */
    abstract void round();

    /** Returns the next available element, or null. */
    abstract @Nullable R poll();

    /** Cancels upstream; called from any thread, possibly twice. */
    abstract void giveUp();

    /** Discards the elements that were not emitted. */
    abstract void drop();

    @Override
    public final void request(long n) {
        if (n > 0) {
            Operators.addCap(REQUESTED, this, n);
        } else {
            badRequest = new IllegalArgumentException(
                    "request: " + n + " (expected: more than zero, by Reactive Streams rule 3.9)");
        }
        drain();
    }

    @Override
    public final void cancel() {
        cancelled = true;
        giveUp();
        drain();
    }

    final void drain() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            round();
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    /** Emits the available elements as far as there is demand; returns how many. */
    final long emit() {
        long wanted = requested;
        long emitted = 0;
        while (emitted != wanted && !isUnwanted()) {
            R next = poll();
            if (next == null) {
                break;
            }
            emitted++;
            actual.onNext(next);
        }
        if (emitted != 0) {
            Operators.produced(REQUESTED, this, emitted);
        }
        return emitted;
    }

    /**
     * Ends the subscription on cancel, on an invalid request, or after the last element; fails it if there is a
     * failure.
     */
    final void end(boolean last, @Nullable Throwable failure) {
        if (over) {
            return;
        }
        Throwable bad = badRequest;
        if (isUnwanted()) {
            over = true;
            drop();
            giveUp();
            if (bad != null && !cancelled) {
                actual.onError(bad);
            }
        } else if (last) {
            over = true;
            if (failure == null) {
                actual.onComplete();
            } else {
                actual.onError(failure);
            }
        }
    }

    final long requested() {
        return requested;
    }

    /** Returns whether downstream was terminated or has cancelled. */
    final boolean isOver() {
        return over || isUnwanted();
    }

    private boolean isUnwanted() {
        return cancelled || badRequest != null;
    }
}
