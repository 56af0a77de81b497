package io.penstock.paging;

import io.penstock.Page;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One subscription to {@link PageItems}.
 *
 * <p>Whoever changes something drains, as in {@link PageWalk}; only the drainer touches what is left of the page. Upstream has
 * a page outstanding, or ({@code waiting} false) none: so {@code arrived} holds one at most.
 */
final class ItemWalk<T> implements CoreSubscriber<Page<T>>, Subscription {

    @SuppressWarnings("rawtypes") // a class literal has no type argument
    private static final AtomicIntegerFieldUpdater<ItemWalk> WIP =
            AtomicIntegerFieldUpdater.newUpdater(ItemWalk.class, "wip");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<ItemWalk> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(ItemWalk.class, "requested");

    private final CoreSubscriber<? super T> actual;
    private @Nullable Subscription upstream;
    private List<T> items = List.of();
    private int next;
    private boolean waiting;
    private boolean over;
    private @Nullable Throwable error;

    volatile int wip;
    volatile long requested;
    private volatile boolean cancelled;
    private volatile boolean ended;
    private volatile @Nullable Throwable badRequest;
    private volatile @Nullable List<T> arrived;

    ItemWalk(CoreSubscriber<? super T> actual) {
        this.actual = actual;
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.validate(upstream, s)) {
            upstream = s;
            actual.onSubscribe(this);
        }
    }

    @Override
    public void onNext(Page<T> page) {
        arrived = page.items();
        drain();
    }

    @Override
    public void onError(Throwable e) {
        error = e;
        ended = true;
        drain();
    }

    @Override
    public void onComplete() {
        ended = true;
        drain();
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            Operators.addCap(REQUESTED, this, n);
        } else {
            badRequest = Demand.refused(n);
        }
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        upstream().cancel();
        drain();
    }

    private Subscription upstream() {
        return Objects.requireNonNull(upstream, "nobody asks before there is a subscription");
    }

    private void drain() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            boolean last = ended; // before the page: one that came with the end is then found
            List<T> page = arrived;
            if (page != null && next == items.size()) {
                arrived = null;
                items = page;
                next = 0;
                waiting = false;
            }
            emit();
            end(last && arrived == null);
            if (!over && !waiting && !ended && next == items.size() && requested > 0) {
                waiting = true;
                upstream().request(1);
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private void emit() {
        long wanted = requested;
        long emitted = 0;
        while (emitted != wanted && next < items.size() && !cancelled && badRequest == null && !over) {
            emitted++;
            actual.onNext(items.get(next++));
        }
        if (emitted != 0) {
            Operators.produced(REQUESTED, this, emitted);
        }
    }

    private void end(boolean last) {
        if (over) {
            return;
        }
        Throwable bad = badRequest;
        if (cancelled || bad != null) {
            over = true;
            items = List.of();
            next = 0;
            arrived = null;
            if (bad != null && !cancelled) {
                upstream().cancel();
                actual.onError(bad);
            }
        } else if (last && next == items.size()) {
            over = true;
            Throwable failed = error;
            if (failed == null) {
                actual.onComplete();
            } else {
                actual.onError(failed);
            }
        }
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }
}
