package io.penstock.paging;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * A subscription of which one thread at a time does all the work.
 *
 * <p>Whoever changes something (demand, what has come, a cancel) writes it down and drains. {@code wip} lets in one drainer at
 * a time and counts the others, for whom it goes round again: so what comes while it is asked for is found by the same loop,
 * and a list of any length takes no stack. Only the drainer speaks to downstream, so that signals are serial.
 *
 * @param <R> what is emitted
 */
abstract class Drained<R> implements Subscription {

    @SuppressWarnings("rawtypes") // a class literal has no type argument
    private static final AtomicIntegerFieldUpdater<Drained> WIP =
            AtomicIntegerFieldUpdater.newUpdater(Drained.class, "wip");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<Drained> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(Drained.class, "requested");

    final CoreSubscriber<? super R> actual;
    private boolean over;

    @SuppressWarnings("UnusedVariable") // through its updater only
    private volatile int wip;

    private volatile long requested;
    private volatile boolean cancelled;
    private volatile @Nullable Throwable badRequest;

    Drained(CoreSubscriber<? super R> actual) {
        this.actual = actual;
    }

    /** One round of the drainer. */
    abstract void round();

    /** The next one that is there, or null. */
    abstract @Nullable R poll();

    /** Tells upstream, from any thread and maybe twice, that nothing more is wanted. */
    abstract void giveUp();

    /** Forgets what was not emitted. */
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

    /** Emits what is there, as far as it is wanted; how many that were. */
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

    /** Ends it where nobody wants any more, or where the last one was emitted: with the failure, if there is one. */
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

    /** Whether downstream has heard of the end, or wants to hear of nothing. */
    final boolean isOver() {
        return over || isUnwanted();
    }

    private boolean isUnwanted() {
        return cancelled || badRequest != null;
    }
}
