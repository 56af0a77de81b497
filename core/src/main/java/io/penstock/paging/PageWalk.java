package io.penstock.paging;

import io.penstock.ApiException;
import io.penstock.ApiRequest;
import io.penstock.ApiResponse;
import io.penstock.Journey;
import io.penstock.Page;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One subscription to {@link Pages}.
 *
 * <p>Whoever changes something (demand, a page that has come, a cancel) writes it down and drains. {@code wip} lets in one
 * drainer at a time and counts the others, for whom it goes round again: so a page that comes while it is asked for is
 * found by the same loop, and a list of any length takes no stack. Only the drainer touches the walk and the queue, begins
 * a call, and speaks to downstream.
 *
 * <p>{@code fetching} is the one call under way, from before it is subscribed to until the drainer has taken what came of it. A
 * cancel sets {@code cancelled} and then gives up the call that it finds; the drainer publishes a call and then looks for a
 * cancel: one of the two sees the other.
 */
final class PageWalk<T> implements Subscription {

    @SuppressWarnings("rawtypes") // a class literal has no type argument
    private static final AtomicIntegerFieldUpdater<PageWalk> WIP =
            AtomicIntegerFieldUpdater.newUpdater(PageWalk.class, "wip");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<PageWalk> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(PageWalk.class, "requested");

    private final CoreSubscriber<? super Page<T>> actual;
    private final PageSource source;
    private final ListWalk<T> walk;
    private final int ahead;
    private final Queue<Page<T>> pages = new ArrayDeque<>();
    private @Nullable Throwable failure;
    private boolean begun;
    private boolean over;

    volatile int wip;
    volatile long requested;
    private volatile boolean cancelled;
    private volatile @Nullable Throwable badRequest;
    private volatile @Nullable Fetch<T> fetching;

    PageWalk(CoreSubscriber<? super Page<T>> actual, PageSource source, ListWalk<T> walk, int ahead) {
        this.actual = actual;
        this.source = source;
        this.walk = walk;
        this.ahead = ahead;
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
        Fetch<T> call = fetching;
        if (call != null) {
            call.cancel();
        }
        drain();
    }

    private void drain() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            takeWhatCame();
            if (ahead > 0) {
                fetchWhatIsWanted(); // while downstream is busy with the page before
            }
            emit();
            end();
            fetchWhatIsWanted();
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private void takeWhatCame() {
        Fetch<T> call = fetching;
        if (call == null || !call.over) {
            return;
        }
        fetching = null;
        if (over || cancelled) {
            return;
        }
        try {
            Throwable error = call.error;
            if (error == null) {
                turn(call.response);
            } else {
                failure = source.failed(error, walk.token());
            }
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            failure = e;
        }
    }

    private void turn(@Nullable ApiResponse<Page<T>> response) {
        Journey journey = response == null ? Journey.none() : response.journey();
        Page<T> page = walk.turn(response == null ? null : response.value(), journey);
        if (page != null) {
            pages.add(page);
        }
        ApiException contradiction = walk.contradiction();
        if (contradiction != null) {
            failure = source.contradicted(contradiction, journey, walk.token());
        }
    }

    private void emit() {
        long wanted = requested;
        long emitted = 0;
        while (emitted != wanted && !cancelled && badRequest == null) {
            Page<T> page = pages.poll();
            if (page == null) {
                break;
            }
            emitted++;
            actual.onNext(page);
        }
        if (emitted != 0) {
            begun = true;
            Operators.produced(REQUESTED, this, emitted);
        }
    }

    private void end() {
        Throwable bad = badRequest;
        if (over) {
            return;
        }
        if (cancelled || bad != null) {
            over = true;
            pages.clear();
            Fetch<T> call = fetching;
            if (call != null) {
                call.cancel();
            }
            if (bad != null && !cancelled) {
                actual.onError(bad);
            }
        } else if (pages.isEmpty() && fetching == null && (failure != null || walk.request() == null)) {
            over = true;
            Throwable error = failure;
            if (error == null) {
                actual.onComplete();
            } else {
                actual.onError(error);
            }
        }
    }

    private void fetchWhatIsWanted() {
        ApiRequest<Page<T>> next = walk.request();
        long spare = pages.size() - requested;
        boolean wanted = spare < 0 || (begun && spare < ahead);
        if (over || cancelled || next == null || failure != null || fetching != null || !wanted) {
            return;
        }
        begun = true;
        Fetch<T> call = new Fetch<>(this);
        fetching = call;
        if (cancelled) {
            return;
        }
        try {
            Mono<ApiResponse<Page<T>>> page = source.fetch(next, walk.name());
            Objects.requireNonNull(page, "a source gave null in place of a Mono")
                    .subscribe(call);
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            call.fail(e);
        }
    }

    /** One call. Its base class sees to it that a cancel reaches it at any time, and that only one signal ends it. */
    private static final class Fetch<T> extends BaseSubscriber<ApiResponse<Page<T>>> {
        @Nullable
        ApiResponse<Page<T>> response;

        @Nullable
        Throwable error;

        /** Set last, and read first: what is above is seen by whoever sees it. */
        volatile boolean over;

        private final PageWalk<T> walk;

        Fetch(PageWalk<T> walk) {
            this.walk = walk;
        }

        @Override
        protected void hookOnNext(ApiResponse<Page<T>> page) {
            response = page;
            finish();
        }

        @Override
        protected void hookOnError(Throwable e) {
            fail(e);
        }

        @Override
        protected void hookOnComplete() {
            finish();
        }

        void fail(Throwable e) {
            if (over) {
                Operators.onErrorDropped(e, currentContext()); // a subscriber that throws: nothing can be told to it
            } else {
                error = e;
                finish();
            }
        }

        private void finish() {
            if (!over) {
                over = true;
                walk.drain();
            }
        }

        @Override
        public Context currentContext() {
            return walk.actual.currentContext();
        }
    }
}
