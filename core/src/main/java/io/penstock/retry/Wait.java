package io.penstock.retry;

import io.penstock.annotation.Internal;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * A wait between two attempts: a timer task that can be cancelled like an attempt.
 *
 * <p>The task may run before {@link #begin} has stored the timer, and then sends on its own thread while {@code begin}
 * is still returning. The timer must not be disposed of in that case, because that would interrupt the attempt.
 *
 * @hidden
 */
@Internal
public final class Wait implements Subscription, Runnable {

    private static final AtomicReferenceFieldUpdater<Wait, @Nullable Disposable> TIMER =
            AtomicReferenceFieldUpdater.newUpdater(Wait.class, Disposable.class, "timer");
    /** Marks a timer that has fired. */
    private static final Disposable RAN = () -> {};
    /** Marks a cancelled timer. */
    private static final Disposable CANCELLED = () -> {};

    private final Scheduler scheduler;
    private final Context context;
    private final Runnable then;

    private volatile @Nullable Disposable timer;

    /** Creates a wait that then runs a task in the given context. */
    public Wait(Scheduler scheduler, Context context, Runnable then) {
        this.scheduler = scheduler;
        this.context = context;
        this.then = then;
    }

    public void begin(long nanos) {
        Disposable scheduled = scheduler.schedule(this, nanos, TimeUnit.NANOSECONDS);
        if (!TIMER.compareAndSet(this, null, scheduled) && timer == CANCELLED) {
            scheduled.dispose();
        }
    }

    @Override
    public void run() {
        for (; ; ) {
            Disposable known = timer;
            if (known == CANCELLED) {
                return;
            }
            if (TIMER.compareAndSet(this, known, RAN)) {
                SubscriberContext.run(context, then);
                return;
            }
        }
    }

    @Override
    public void cancel() {
        Disposable running = TIMER.getAndSet(this, CANCELLED);
        if (running != null) {
            running.dispose();
        }
    }

    @Override
    public void request(long n) {
        // a wait needs no demand
    }
}
