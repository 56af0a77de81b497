package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.pipeline.CallListener.Activity;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The listeners of one client, each of which may throw without harm. The first one is outermost: the others see the
 * context that it provides.
 *
 * @hidden
 */
@Internal
public final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger("io.penstock.listener");

    private final CallListener[] all;
    private final AtomicBoolean told = new AtomicBoolean();

    private Listeners(CallListener[] all) {
        this.all = all;
    }

    /** Returns the listeners for the clients of a vendor, or null if there are none. */
    public static @Nullable Listeners of(List<CallListener> all, String vendor) {
        CallListener[] wanted = all.stream()
                .map(each -> wanted(each, vendor))
                .filter(Objects::nonNull)
                .toArray(CallListener[]::new);
        return wanted.length == 0 ? null : new Listeners(wanted);
    }

    private static @Nullable CallListener wanted(CallListener listener, String vendor) {
        try {
            return listener.forVendor(vendor);
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            LOG.warn("a listener is left out, because it cannot listen to clients of {}", vendor, e);
            return null;
        }
    }

    /** Returns a subscriber for the result of a call that begins now. */
    public <T> ObservedSubscriber<T> call(Call call, CoreSubscriber<? super T> actual) {
        ObservedSubscriber<T> observed = ObservedSubscriber.ofOne(this, actual);
        observed.begins(call);
        return observed;
    }

    /** Returns a subscriber for the elements of a call that {@linkplain ObservedSubscriber#begins begins} later. */
    public <T> ObservedSubscriber<T> later(CoreSubscriber<? super T> actual) {
        return ObservedSubscriber.ofMany(this, actual);
    }

    /** Returns a subscriber for the elements of an operation that begins now. */
    public <T> ObservedSubscriber<T> operation(
            CallListener.Operation operation,
            CoreSubscriber<? super T> actual,
            ObservedSubscriber.Last<? super T> last) {
        ObservedSubscriber<T> observed = new ObservedSubscriber<>(this, actual, last);
        observed.begins((listener, context) -> listener.operation(operation, context));
        return observed;
    }

    /** Returns a sequence that is reported as an operation, anew for each subscription. */
    public <T> Flux<T> operation(CallListener.Operation operation, Flux<T> source) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                ObservedSubscriber<T> observed = operation(operation, actual, element -> false);
                observed.subscribed(() -> source.subscribe(observed));
            }
        };
    }

    /** Returns a single value that is reported as an operation, anew for each subscription. */
    public <T> Mono<T> operation(CallListener.Operation operation, Mono<T> source) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                ObservedSubscriber<T> observed = operation(operation, actual, value -> true);
                observed.subscribed(() -> source.subscribe(observed));
            }
        };
    }

    /** Returns the operator that reports each attempt. A streamed body ends its attempt itself. */
    public Operator attempts() {
        return new SubscribingOperator() {
            @Override
            public Exchange around(Exchange next) {
                return (SubscribingExchange) (call, actual) -> subscribe(Attempt.of(call), next, actual);
            }

            @Override
            public String describe() {
                return all.length == 1 ? "one listener" : all.length + " listeners";
            }
        };
    }

    private void subscribe(Attempt attempt, Exchange next, CoreSubscriber<? super Reply> actual) {
        ObservedSubscriber<Reply> observed = ObservedSubscriber.ofReply(this, actual);
        observed.begins((listener, context) -> listener.attempt(attempt, context));
        observed.subscribed(() -> next.subscribe(attempt, observed));
    }

    /** Starts an activity of each listener and returns them together, with the context inside all of them. */
    Started start(BiFunction<CallListener, ContextView, @Nullable Activity> starting, Context outer) {
        @Nullable Activity[] started = new @Nullable Activity[all.length];
        Context inside = outer;
        for (int i = 0; i < all.length; i++) {
            try {
                Activity activity = starting.apply(all[i], inside);
                if (activity != null) {
                    started[i] = activity;
                    inside = activity.inside(inside);
                }
            } catch (Throwable e) {
                thrown(e);
            }
        }
        return new Started(this, started, inside);
    }

    private void thrown(Throwable e) {
        Exceptions.throwIfJvmFatal(e);
        if (told.compareAndSet(false, true)) {
            LOG.warn(
                    "a listener failed; the call goes on, and further failures of this client's listeners are not"
                            + " logged (expected: a listener that does not throw)",
                    e);
        }
    }

    /** The activities of all listeners, of which some may be null. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Started(Listeners listeners, @Nullable Activity[] activities, Context inside) {

        void succeeded() {
            each(Activity::succeeded);
        }

        void failed(Throwable error) {
            each(activity -> activity.failed(error));
        }

        void cancelled() {
            each(Activity::cancelled);
        }

        /** Ends the innermost activity first. */
        private void each(Ending ending) {
            for (int i = activities.length - 1; i >= 0; i--) {
                Activity activity = activities[i];
                if (activity != null) {
                    try {
                        ending.of(activity);
                    } catch (Throwable e) {
                        listeners.thrown(e);
                    }
                }
            }
        }
    }

    @FunctionalInterface
    private interface Ending {
        void of(Activity activity);
    }
}
