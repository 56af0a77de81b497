package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * An operator of the library that inserts a subscriber and needs no {@code Mono} for it.
 *
 * @hidden
 */
@Internal
public abstract class SubscribingOperator implements Operator {

    /** Creates an operator of the library. */
    protected SubscribingOperator() {}

    /** Returns this operator composed around the next exchange, as a subscriber between the two. */
    @Override
    public abstract Exchange around(Exchange next);

    @Override
    public final Mono<Reply> apply(Call call, Exchange next) {
        return around(next).exchange(call);
    }

    /**
     * Utilities that resume a subscriber in its own context, whichever thread resumes it.
     *
     * <p>If Reactor copies contexts to ThreadLocals by itself ({@link Hooks#enableAutomaticContextPropagation()}), a
     * scheduled task runs with the ThreadLocals of the thread that scheduled it. A timer or line that serves several
     * calls would thus resume one call with the trace and the log context of another, which the resumed call would keep
     * from there on.
     *
     * <pre>
     *  call A   trace a   |--schedules the shared timer--|
     *  timer    trace a                                  |--tick--| resumes B: {@link #run} sets trace b
     *           none      with {@link #schedule}         |--tick--|
     * </pre>
     *
     * {@code contextWrite} is the public way to restore ThreadLocals and needs no other library on the class path. If
     * nothing hooks into scheduling, each method costs one read of a static field.
     *
     * @hidden
     */
    public static final class SubscriberContext {

        /** A task that is never scheduled. If {@code onSchedule} wraps it, a hook is installed. */
        private enum Probe implements Runnable {
            TASK;

            @Override
            public void run() {
                // nothing to do
            }
        }

        private SubscriberContext() {}

        /** Returns whether tasks may carry ThreadLocals from one thread to another. */
        public static boolean isCarried() {
            return Schedulers.onSchedule(Probe.TASK) != Probe.TASK;
        }

        /** Runs a task with the ThreadLocals of the given context. Exceptions of the task are thrown. */
        public static void run(Context context, Runnable task) {
            if (isCarried()) {
                Resumed resumed = new Resumed(context, task);
                resumed.contextWrite(Function.identity()).subscribe(resumed.context);
                resumed.rethrow();
            } else {
                task.run();
            }
        }

        /** Schedules a task that serves several calls, without the ThreadLocals of any of them. */
        public static Disposable schedule(Scheduler scheduler, Runnable task, long delayNanos) {
            if (!isCarried()) {
                return scheduler.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            }
            Disposable[] scheduled = new Disposable[1];
            run(Context.empty(), () -> scheduled[0] = scheduler.schedule(task, delayNanos, TimeUnit.NANOSECONDS));
            return scheduled[0];
        }

        /** Returns a {@link Mono#delay(Duration, Scheduler)} that continues in its subscriber's context. */
        public static Mono<Long> delay(Duration delay, Scheduler scheduler) {
            return Mono.delay(delay, scheduler).contextWrite(Function.identity());
        }

        /**
         * Returns a subscriber that passes each signal on in its own context, or the same subscriber if nothing is
         * carried.
         */
        public static <T> CoreSubscriber<? super T> restoring(CoreSubscriber<? super T> actual) {
            if (!isCarried()) {
                return actual;
            }
            Capture<T> capture = new Capture<>();
            capture.contextWrite(Function.identity()).subscribe(actual);
            CoreSubscriber<? super T> wrapped = capture.wrapped;
            return wrapped == null ? actual : wrapped;
        }

        /** A source whose only effect is its subscription, which Reactor runs with the right ThreadLocals. */
        private static final class Resumed extends Mono<Object> {
            final Nobody context;
            private final Runnable task;
            private @Nullable Throwable failure;

            Resumed(Context context, Runnable task) {
                this.context = new Nobody(context);
                this.task = task;
            }

            @Override
            public void subscribe(CoreSubscriber<? super Object> actual) {
                try {
                    task.run();
                } catch (Throwable e) {
                    failure = e; // thrown here, it could be mistaken for a failure of the subscription
                }
            }

            void rethrow() {
                if (failure != null) {
                    Resumed.<RuntimeException>throwAsItIs(failure);
                }
            }

            /**
             * Throws a throwable as it is. Code in other languages throws checked exceptions that it does not declare.
             */
            @SuppressWarnings("unchecked") // erased: the throwable keeps its type
            private static <E extends Throwable> void throwAsItIs(Throwable thrown) throws E {
                throw (E) thrown;
            }
        }

        /** A subscriber that has a context and discards all signals. */
        private record Nobody(Context currentContext) implements CoreSubscriber<Object> {
            @Override
            public void onSubscribe(Subscription s) {
                s.cancel();
            }

            @Override
            public void onNext(Object value) {
                Operators.onNextDropped(value, currentContext);
            }

            @Override
            public void onError(Throwable error) {
                Operators.onErrorDropped(error, currentContext);
            }

            @Override
            public void onComplete() {
                // nothing ends here
            }
        }

        /** A source that captures the subscriber that Reactor makes of another one. */
        private static final class Capture<T> extends Flux<T> {
            @Nullable
            CoreSubscriber<? super T> wrapped;

            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                wrapped = actual;
            }
        }
    }
}
