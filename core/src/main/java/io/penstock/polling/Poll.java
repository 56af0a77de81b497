package io.penstock.polling;

import io.penstock.annotation.Internal;
import io.penstock.call.ClientRuntime;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.pipeline.CallListener;
import io.penstock.request.ApiResponse;
import io.penstock.timeout.Scope;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;

/**
 * A cold {@code Flux} of the polled values of a long operation: one per poll, the last of them from the operation in
 * its terminal state, whichever that is. {@link #result()} gives the result alone as a {@code Mono}.
 *
 * <pre>
 *  subscriber  request(∞)
 *  polls       |-GET-|--- 30 s ---|-GET-|----- 45 s -----|-GET-|
 *  emits             running            running                succeeded, complete
 * </pre>
 *
 * <p>Every poll is a call of its own, with its own deadline and journey. It is sent only once, because the next poll
 * repeats it: no retry comes sooner than the policy's minimum interval. There is one exception: a poll whose credential
 * is refused (401) is repeated at once with a renewed credential, if the client can renew it, because the refusal says
 * nothing about the operation. That happens at most once per poll. A 304, the response to a conditional request, means
 * that the operation is unchanged: nothing is emitted, and polling continues. Polling also continues after a transient
 * failure; after more consecutive ones than the policy allows, it ends with the last one's error. Any other failure
 * ends it at once. A {@code Retry-After} in any response lengthens the wait (RFC 9110 §10.2.3).
 *
 * <p>If the time limit leaves no room for another poll, the polling fails at once, not when the limit is reached, with
 * an {@link ApiException} of kind {@link ErrorKind#DEADLINE_EXCEEDED} with {@code retryAt}. The operation itself may
 * continue, and nothing is lost: it can be polled again by its id. The error's journey lists polls in place of
 * attempts.
 *
 * <p>A poll is made only on demand, so a slow subscriber gets a new value when it requests one, never a stale one.
 * Values are emitted on the connection's event loop, errors there or on the client's scheduler. Cancelling stops the
 * wait or the poll at once; it does not cancel the operation on the server. Every subscription starts anew, with its
 * own time limit, but no sooner than the minimum interval after the last poll of this object. Several subscribers poll
 * separately: share one polling with {@code replay(1).refCount()}.
 *
 * @param <T> the type that a response decodes to
 */
public final class Poll<T> extends Flux<T> {

    private static final long NEVER = Long.MIN_VALUE;

    private final Polling<T> polling;
    private final ClientRuntime client;
    private final AtomicLong lastPollNanos = new AtomicLong(NEVER);

    /**
     * The result of one poll.
     *
     * @param answer the response, with the journey of its call; its value is not null
     * @param status the status of the operation
     * @param number the number of the poll, from 1; failed polls count
     * @param elapsed the time since subscription
     * @param nextIn the minimum time until the next poll; null if there is none
     * @param <T> the type that the response decodes to
     */
    public record Observation<T>(
            ApiResponse<T> answer,
            PollStatus status,
            int number,
            Duration elapsed,
            @Nullable Duration nextIn) {}

    /**
     * Creates a poll that uses the given client.
     *
     * @hidden
     */
    @Internal
    public Poll(Polling<T> polling, ClientRuntime client) {
        this.polling = polling;
        this.client = client;
    }

    /**
     * Emits the last value of the operation if it succeeds; completes empty if the last response has no value. If the
     * operation fails or is cancelled on the server, the error is of kind {@link ErrorKind#JOB_FAILED} or
     * {@link ErrorKind#JOB_CANCELLED}; in that case {@code last()} of this {@code Flux} gives the last value.
     */
    public Mono<T> result() {
        return new Observations<>(this, true)
                .filter(seen -> seen.status().state().isTerminal())
                .next()
                .handle(Poll::value);
    }

    /** Emits the same polls as this {@code Flux}, with the status of the operation and the time of the next poll. */
    public Flux<Observation<T>> observations() {
        return new Observations<>(this, false);
    }

    /** Returns the polling. */
    public Polling<T> polling() {
        return polling;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        observations().<T>handle(Poll::value).subscribe(actual);
    }

    private static <T> void value(Observation<T> seen, SynchronousSink<T> values) {
        T value = seen.answer().value();
        if (value != null) {
            values.next(value);
        }
    }

    ClientRuntime client() {
        return client;
    }

    /** Records the end of a poll, however it ended, in any subscription. */
    void polled(long nowNanos) {
        lastPollNanos.accumulateAndGet(nowNanos, Math::max);
    }

    /** Returns the earliest time of the next poll: now, unless another subscription has just polled. */
    long notBeforeNanos(long nowNanos) {
        long last = lastPollNanos.get();
        return last == NEVER
                ? nowNanos
                : Math.max(nowNanos, last + polling.policy().interval().min().toNanos());
    }

    @Override
    public String toString() {
        return "Poll[" + polling.request() + " " + polling.policy() + "]";
    }

    private static final class Observations<T> extends Flux<Observation<T>> {
        private final Poll<T> poll;
        private final boolean mustSucceed;

        Observations(Poll<T> poll, boolean mustSucceed) {
            this.poll = poll;
            this.mustSucceed = mustSucceed;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Observation<T>> actual) {
            PollLoop<T> loop;
            CoreSubscriber<? super Observation<T>> told;
            try {
                Scope scope = Scope.of(actual.currentContext());
                Scheduler clock = poll.client.scheduler();
                long now = clock.now(TimeUnit.NANOSECONDS);
                long left = Math.min(poll.polling.timing().limit().toNanos(), remaining(scope));
                PollAccount account =
                        new PollAccount(poll.polling.request(), poll.client, scope == null ? null : scope.parent());
                told = poll.client.reported(
                        CallListener.Kind.POLL,
                        poll.polling.request(),
                        actual,
                        seen -> seen.status().state().isTerminal());
                loop = new PollLoop<>(told, poll, mustSucceed, account, now + Math.max(0, left));
            } catch (Throwable e) {
                Exceptions.throwIfFatal(e);
                Operators.error(actual, e);
                return;
            }
            told.onSubscribe(loop);
        }

        private static long remaining(@Nullable Scope scope) {
            return scope == null ? Long.MAX_VALUE : scope.remainingNanos();
        }
    }
}
