package io.penstock.benchmarks.loopback;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * A caller that makes one call after the other. The next call begins where the last one ends, on the thread that
 * delivered its outcome. Each end of a call increments {@code wip}. The thread that raises it from zero makes the next
 * call; any other thread leaves that to the thread that is still in the last one.
 */
final class Caller implements CoreSubscriber<Object>, BiConsumer<@Nullable Object, @Nullable Throwable> {

    private static final AtomicIntegerFieldUpdater<Caller> WIP =
            AtomicIntegerFieldUpdater.newUpdater(Caller.class, "wip");

    private final Run run;

    @SuppressWarnings("UnusedVariable") // read and written through WIP
    private volatile int wip;

    private volatile @Nullable Object answer;
    private volatile long begun;

    Caller(Run run) {
        this.run = run;
    }

    void next() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        do {
            if (run.isOver()) {
                run.left();
                return;
            }
            answer = null;
            begun = System.nanoTime();
            run.begin(this);
        } while (WIP.decrementAndGet(this) != 0);
    }

    private void ended(@Nullable Object value, @Nullable Throwable error) {
        run.ended(System.nanoTime() - begun, value, error);
        next();
    }

    @Override
    public void accept(@Nullable Object value, @Nullable Throwable error) {
        ended(value, error);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Object value) {
        answer = value;
    }

    @Override
    public void onError(Throwable error) {
        ended(null, error);
    }

    @Override
    public void onComplete() {
        ended(answer, null);
    }
}
