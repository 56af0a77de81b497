package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.pipeline.CallListener.Activity;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A subscriber that reports an activity to the listeners of a client. It has the context that they provide; each signal
 * is passed on in the context of the subscriber behind it.
 *
 * <p>{@code state} decides which signal ends the activity. A cancel may come before the activity begins.
 *
 * @hidden
 */
@Internal
public final class ObservedSubscriber<T> implements CoreSubscriber<T>, Subscription {

    @SuppressWarnings("rawtypes") // a class literal has no type argument
    private static final AtomicIntegerFieldUpdater<ObservedSubscriber> STATE =
            AtomicIntegerFieldUpdater.newUpdater(ObservedSubscriber.class, "state");

    private static final int NEW = 0;
    private static final int BEGUN = 1;
    private static final int OVER = 2;

    private final Listeners listeners;
    private final CoreSubscriber<? super T> actual;
    private final Context outer;
    private final Last<? super T> last;

    @SuppressWarnings("UnusedVariable") // through STATE
    private volatile int state;

    private volatile Listeners.@Nullable Started started;
    private volatile boolean handedOver;
    private @Nullable Subscription upstream;

    /**
     * Tells which element completes an activity.
     *
     * @hidden
     */
    @FunctionalInterface
    public interface Last<T> {
        /** Returns whether the activity is complete with this element, because hardly anything can follow it. */
        boolean isLast(T element);
    }

    ObservedSubscriber(Listeners listeners, CoreSubscriber<? super T> actual, Last<? super T> last) {
        this.listeners = listeners;
        this.outer = actual.currentContext();
        this.actual = SubscriberContext.<T>restoring(actual);
        this.last = last;
    }

    static <T> ObservedSubscriber<T> ofOne(Listeners listeners, CoreSubscriber<? super T> actual) {
        return new ObservedSubscriber<>(listeners, actual, value -> true);
    }

    static <T> ObservedSubscriber<T> ofMany(Listeners listeners, CoreSubscriber<? super T> actual) {
        return new ObservedSubscriber<>(listeners, actual, element -> false);
    }

    static ObservedSubscriber<Reply> ofReply(Listeners listeners, CoreSubscriber<? super Reply> actual) {
        return new ObservedSubscriber<>(listeners, actual, reply -> reply.streamed() == null);
    }

    /** Begins the activity of a call. */
    public void begins(Call call) {
        begins((listener, context) -> listener.call(call, context));
    }

    void begins(BiFunction<CallListener, ContextView, @Nullable Activity> starting) {
        Listeners.Started begun = listeners.start(starting, outer);
        started = begun;
        if (!STATE.compareAndSet(this, NEW, BEGUN)) {
            begun.cancelled(); // meanwhile
        }
    }

    /**
     * Subscribes this subscriber, in the context of the activity. An exception thrown by that ends the activity, and is
     * thrown.
     */
    public void subscribed(Runnable subscribing) {
        try {
            SubscriberContext.run(currentContext(), subscribing);
        } catch (Throwable e) {
            if (ends()) {
                begun().failed(e);
            }
            throw e;
        }
    }

    /** Returns whether this signal ends the activity. */
    private boolean ends() {
        return STATE.getAndSet(this, OVER) == BEGUN;
    }

    private Listeners.Started begun() {
        return Objects.requireNonNull(started, "started");
    }

    @Override
    public Context currentContext() {
        Listeners.Started now = started;
        return now == null ? outer : now.inside();
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.validate(upstream, s)) {
            upstream = s;
            actual.onSubscribe(this);
        }
    }

    @Override
    public void request(long n) {
        Subscription s = upstream;
        if (s != null) {
            SubscriberContext.run(currentContext(), () -> s.request(n));
        }
    }

    /** Cancels what is inside first, so that its activities end before this one. */
    @Override
    public void cancel() {
        Subscription s = upstream;
        if (s != null) {
            s.cancel();
        }
        if (!handedOver && ends()) {
            begun().cancelled();
        }
    }

    @Override
    public void onNext(T element) {
        if (last.isLast(element)) {
            if (ends()) {
                begun().succeeded();
            }
        } else if (element instanceof Reply reply) {
            endsWith(reply.streamed());
        }
        actual.onNext(element);
    }

    /** Leaves the end of an attempt to the body that is read while it arrives. */
    private void endsWith(@Nullable StreamedBody body) {
        if (body != null) {
            handedOver = true;
            body.whenOver(failure -> {
                if (ends()) {
                    if (failure == null) {
                        begun().succeeded();
                    } else {
                        begun().failed(failure);
                    }
                }
            });
        }
    }

    @Override
    public void onError(Throwable error) {
        if (!handedOver && ends()) {
            begun().failed(error);
        }
        actual.onError(error);
    }

    @Override
    public void onComplete() {
        if (!handedOver && ends()) {
            begun().succeeded();
        }
        actual.onComplete();
    }
}
