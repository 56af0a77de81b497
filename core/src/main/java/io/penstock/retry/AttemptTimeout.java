package io.penstock.retry;

import io.penstock.ApiException;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Phase;
import io.penstock.Retryability;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Reply;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * Ends an attempt that takes longer than the attempt time-out, or than what is left of the call's total time. It starts
 * after all waits, cancels the attempt (which closes its connection), and says what is known about the effect. It fires
 * at most {@value AttemptTimers#TICK_MILLIS} ms late, on the call's scheduler.
 */
public final class AttemptTimeout implements Operator {

    private final Duration limit;
    private final long limitNanos;
    private final long graceNanos;
    private final AttemptTimers timers;

    /** With that much time for an attempt. */
    public AttemptTimeout(Duration limit, Scheduler scheduler) {
        this(limit, Duration.ZERO, scheduler);
    }

    /**
     * The deadline of a whole call, for what the attempts cannot end: an operator of the user's that never does. It comes a
     * little after the deadline, so that an attempt that ends there tells what it knows.
     */
    public static AttemptTimeout ofTheCall(Scheduler scheduler) {
        return new AttemptTimeout(
                Duration.ofNanos(Long.MAX_VALUE), Duration.ofMillis(5 * AttemptTimers.TICK_MILLIS), scheduler);
    }

    private AttemptTimeout(Duration limit, Duration grace, Scheduler scheduler) {
        this.limit = limit;
        this.limitNanos = limit.toNanos();
        this.graceNanos = grace.toNanos();
        this.timers = new AttemptTimers(scheduler);
    }

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        return new TimedMono(this, call, next.exchange(call));
    }

    @Override
    public String describe() {
        return graceNanos > 0
                ? "whatever the operators below do"
                : limit.toMillis() + " ms, or what is left of the deadline";
    }

    private static final class TimedMono extends Mono<Reply> {
        private final AttemptTimeout timeout;
        private final Call call;
        private final Mono<Reply> source;

        TimedMono(AttemptTimeout timeout, Call call, Mono<Reply> source) {
            this.timeout = timeout;
            this.call = call;
            this.source = source;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Reply> actual) {
            source.subscribe(new TimedSubscriber(actual, timeout, call));
        }
    }

    /**
     * Upstream, the timer and a cancel race for {@code ended}: the first one decides what the caller sees, the others
     * are dropped. The slot is taken only after downstream has its subscription, so that an expiry can never come
     * before it; an attempt that ended meanwhile is found out by reading {@code ended} once more after taking the slot.
     */
    private static final class TimedSubscriber implements CoreSubscriber<Reply>, Subscription, AttemptTimers.Timed {

        private static final AtomicIntegerFieldUpdater<TimedSubscriber> ENDED =
                AtomicIntegerFieldUpdater.newUpdater(TimedSubscriber.class, "ended");
        private static final int NO_SLOT = -1;

        private final CoreSubscriber<? super Reply> actual;
        private final AttemptTimeout timeout;
        private final Call call;
        private final long expiresAtNanos;
        private @Nullable Subscription upstream;
        private volatile int ended;
        private volatile int slot = NO_SLOT;

        TimedSubscriber(CoreSubscriber<? super Reply> actual, AttemptTimeout timeout, Call call) {
            this.actual = actual;
            this.timeout = timeout;
            this.call = call;
            long now = call.nowNanos();
            this.expiresAtNanos = now + Math.min(timeout.limitNanos, call.deadlineNanos() - now + timeout.graceNanos);
        }

        @Override
        public void onSubscribe(Subscription s) {
            upstream = s;
            actual.onSubscribe(this);
            if (ended == 0) {
                watch();
                if (ended != 0) {
                    leaveSlot();
                }
            }
        }

        private void watch() {
            try {
                slot = timeout.timers.add(this);
            } catch (RejectedExecutionException e) {
                fail(
                        null,
                        ErrorKind.CLIENT_CLOSED,
                        Retryability.PERMANENT,
                        "the client's scheduler takes no more tasks");
            }
        }

        private boolean end() {
            if (ENDED.compareAndSet(this, 0, 1)) {
                leaveSlot();
                return true;
            }
            return false;
        }

        private void leaveSlot() {
            int taken = slot;
            if (taken != NO_SLOT) {
                timeout.timers.remove(taken, this);
            }
        }

        @Override
        public void onNext(Reply reply) {
            if (end()) {
                actual.onNext(reply);
                actual.onComplete();
            }
        }

        @Override
        public void onError(Throwable error) {
            if (end()) {
                actual.onError(error);
            } // else: the attempt has failed already, by time-out or cancel, which is what broke the connection
        }

        @Override
        public void onComplete() {
            if (end()) {
                actual.onComplete();
            }
        }

        @Override
        public void request(long n) {
            Subscription s = upstream;
            if (s != null) {
                s.request(n);
            }
        }

        @Override
        public void cancel() {
            if (end()) {
                cancelUpstream();
            }
        }

        @Override
        public long expiresAtNanos() {
            return expiresAtNanos;
        }

        @Override
        public void expire() {
            boolean deadline = call.deadlineNanos() - expiresAtNanos <= 0;
            fail(
                    deadline ? Phase.TOTAL : Phase.ATTEMPT,
                    deadline ? ErrorKind.DEADLINE_EXCEEDED : ErrorKind.TIMEOUT,
                    deadline ? Retryability.PERMANENT : Retryability.TRANSIENT,
                    deadline
                            ? "deadline of "
                                    + Duration.ofNanos(call.plan().timeoutNanos())
                                            .toMillis() + " ms reached"
                            : "attempt time-out of " + timeout.limit.toMillis() + " ms");
        }

        private void fail(@Nullable Phase phase, ErrorKind kind, Retryability retryability, String why) {
            if (end()) {
                // Read before the cancel: closing the connection changes nothing about what was sent.
                int status = call.status();
                String reached = call.attempt() == 0
                        ? "an operator has not come to an end"
                        : !call.isDispatched()
                                ? "no connection yet"
                                : status == 0 ? "no answer yet" : "answer " + status + " not complete";
                Failure failure = Failure.of(kind, call.certaintyIfInterrupted(), retryability, why + ": " + reached);
                cancelUpstream();
                actual.onError(
                        new ApiException((phase == null ? failure : failure.withPhase(phase)).withStatus(status)));
            }
        }

        private void cancelUpstream() {
            Subscription s = upstream;
            if (s != null) {
                s.cancel();
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }
    }
}
