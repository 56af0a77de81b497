package io.penstock.paging;

import io.penstock.body.Page;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The subscription to {@link PageItems}. Only the drainer accesses the rest of the page. At most one page is
 * outstanding upstream, and none while {@code waiting} is false; so {@code arrived} holds at most one page.
 */
final class ItemWalk<T> extends DrainLoop<T> implements CoreSubscriber<Page<T>> {

    private @Nullable Subscription upstream;
    private List<T> items = List.of();
    private int next;
    private boolean waiting;
    private @Nullable Throwable error;

    private volatile boolean ended;
    private volatile @Nullable List<T> arrived;

    ItemWalk(CoreSubscriber<? super T> actual) {
        super(actual);
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
    void giveUp() {
        upstream().cancel();
    }

    @Override
    void drop() {
        items = List.of();
        next = 0;
        arrived = null;
    }

    private Subscription upstream() {
        return Objects.requireNonNull(upstream, "nobody asks before there is a subscription");
    }

    @Override
    void round() {
        boolean last = ended; // read before the page: a page that came before the end is then found
        List<T> page = arrived;
        if (page != null && next == items.size()) {
            arrived = null;
            items = page;
            next = 0;
            waiting = false;
        }
        emit();
        end(last && arrived == null && next == items.size(), error);
        if (!isOver() && !waiting && !ended && next == items.size() && requested() > 0) {
            waiting = true;
            upstream().request(1);
        }
    }

    @Override
    @Nullable
    T poll() {
        return next < items.size() ? items.get(next++) : null;
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }
}
