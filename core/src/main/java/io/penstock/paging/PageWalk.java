package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.Journey;
import io.penstock.http.Headers;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The subscription to {@link Pages}. Only the drainer accesses the walk and the queue, and starts calls.
 *
 * <p>{@code fetching} is the only call in flight, from before it is subscribed to until the drainer has taken its
 * result. A cancel is recorded first and then cancels the call that it finds; the drainer publishes a call first and
 * then checks for a cancel. One of the two always sees the other.
 */
final class PageWalk<T> extends DrainLoop<Page<T>> {

    private final PageSource source;
    private final ListWalk<T> walk;
    private final int ahead;
    private final Queue<Page<T>> pages = new ArrayDeque<>();
    private @Nullable Throwable failure;
    private boolean begun;

    private volatile @Nullable Fetch<T> fetching;

    PageWalk(CoreSubscriber<? super Page<T>> actual, PageSource source, ListWalk<T> walk, int ahead) {
        super(actual);
        this.source = source;
        this.walk = walk;
        this.ahead = ahead;
    }

    @Override
    void giveUp() {
        Fetch<T> call = fetching;
        if (call != null) {
            call.cancel();
        }
    }

    @Override
    void drop() {
        pages.clear();
    }

    @Override
    @Nullable
    Page<T> poll() {
        return pages.poll();
    }

    @Override
    void round() {
        takeWhatCame();
        if (ahead > 0) {
            fetchWhatIsWanted(); // while downstream is busy with the previous page
        }
        begun |= emit() != 0;
        end(pages.isEmpty() && fetching == null && (failure != null || walk.request() == null), failure);
        fetchWhatIsWanted();
    }

    private void takeWhatCame() {
        Fetch<T> call = fetching;
        if (call == null || !call.over) {
            return;
        }
        fetching = null;
        if (isOver()) {
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
        Paging.Head head = new Paging.Head(
                source.addressOf(Objects.requireNonNull(walk.request(), "a page was requested")),
                response == null ? Headers.none() : response.headers());
        Page<T> page = walk.turn(response == null ? null : response.value(), head, journey);
        if (page != null) {
            pages.add(page);
        }
        ApiException contradiction = walk.contradiction();
        if (contradiction != null) {
            failure = source.contradicted(contradiction, journey, walk.token());
        }
    }

    private void fetchWhatIsWanted() {
        ApiRequest<Page<T>> next = walk.request();
        long spare = pages.size() - requested();
        boolean wanted = spare < 0 || (begun && spare < ahead);
        if (isOver() || next == null || failure != null || fetching != null || !wanted) {
            return;
        }
        begun = true;
        Fetch<T> call = new Fetch<>(this);
        fetching = call;
        if (isOver()) {
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

    /** One call. Its base class ensures that a cancel reaches it at any time and that only one signal ends it. */
    private static final class Fetch<T> extends BaseSubscriber<ApiResponse<Page<T>>> {
        @Nullable
        ApiResponse<Page<T>> response;

        @Nullable
        Throwable error;

        /** Written last and read first: a thread that sees it also sees the fields above. */
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
                Operators.onErrorDropped(e, currentContext()); // the subscriber threw: it gets no more signals
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
