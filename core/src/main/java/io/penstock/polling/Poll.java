package io.penstock.polling;

import io.penstock.annotation.Internal;
import io.penstock.call.ClientRuntime;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.timeout.Scope;
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
 * A long operation that is watched: a cold {@code Flux} of what the answers hold, one for each poll, the last of them of an
 * operation that has ended, in whatever way; and, by {@link #result()}, a {@code Mono} of what it has come to.
 *
 * <pre>
 *  subscriber  request(∞)
 *  polls       |-GET-|--- 30 s ---|-GET-|----- 45 s -----|-GET-|
 *  emits             running            running                succeeded, complete
 * </pre>
 *
 * <p>Every poll is a call of its own, with its own deadline and journey, sent once: the next poll is its repetition, so that
 * no retry comes sooner than the policy's minimum interval. One exception: a poll that is refused because its credential was
 * no longer accepted (401) is repeated at once with a renewed one, where the client can renew it; the refusal told nothing of
 * the operation. That happens once in a poll at most. A 304, which answers a request with a condition, says that the operation
 * stands where it stood: nothing is emitted, and the polling goes on. A poll that fails in a passing way is noted, and the polling
 * goes on; so many in a row as the policy has end it, with the last one's error. Any other failure ends it at once. A
 * {@code Retry-After} on whatever answer lengthens the wait (RFC 9110 §10.2.3).
 *
 * <p>It ends with an {@link ApiException} too where the time limit leaves no room for another poll: at once, rather than
 * when it is over, of kind {@link ErrorKind#DEADLINE_EXCEEDED} and with {@code retryAt}. The operation may go on all the
 * same, and nothing is lost: poll it again by its id. The error's journey has the polls in place of attempts.
 *
 * <p>A poll is made only where there is demand; a slow subscriber thus gets a new answer when it asks, never an old one.
 * Answers are emitted on the connection's event loop, errors there or on the client's scheduler. Cancelling gives up the
 * wait or the poll at once; it does not cancel the operation on the server. Every subscription starts anew, with its own
 * time limit, but not sooner after the last poll of this object than the minimum interval. Several subscribers poll several
 * times: share one by {@code replay(1).refCount()}.
 *
 * @param <T> what an answer decodes to
 */
public final class Poll<T> extends Flux<T> {

    private static final long NEVER = Long.MIN_VALUE;

    private final Polling<T> polling;
    private final ClientRuntime client;
    private final AtomicLong lastPollNanos = new AtomicLong(NEVER);

    @Internal
    public Poll(Polling<T> polling, ClientRuntime client) {
        this.polling = polling;
        this.client = client;
    }

    /**
     * What the operation comes to: its last answer, if it succeeds; empty if that has no value. Where it fails, or is
     * cancelled on the server, the error is of kind {@link ErrorKind#JOB_FAILED} or {@link ErrorKind#JOB_CANCELLED}; the last
     * answer itself is then what {@code last()} of this {@code Flux} gives.
     */
    public Mono<T> result() {
        return new Observations<>(this, true)
                .filter(seen -> seen.status().state().isTerminal())
                .next()
                .handle(Poll::value);
    }

    /** As this {@code Flux}, with what each answer says of the operation, and when the next poll is. */
    public Flux<Observation<T>> observations() {
        return new Observations<>(this, false);
    }

    /** How it is watched. */
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

    /** Called when a poll has ended in whatever way, by whichever subscription. */
    void polled(long nowNanos) {
        lastPollNanos.accumulateAndGet(nowNanos, Math::max);
    }

    /** When the next poll may be made: now, unless a former subscription has polled a moment ago. */
    long notBeforeNanos(long nowNanos) {
        long last = lastPollNanos.get();
        return last == NEVER
                ? nowNanos
                : Math.max(nowNanos, last + polling.policy().minInterval().toNanos());
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
            try {
                Scope scope = Scope.of(actual.currentContext());
                Scheduler clock = poll.client.scheduler();
                long now = clock.now(TimeUnit.NANOSECONDS);
                long left = Math.min(poll.polling.timeLimit().toNanos(), remaining(scope));
                PollAccount account =
                        new PollAccount(poll.polling.request(), poll.client, scope == null ? null : scope.parent());
                loop = new PollLoop<>(actual, poll, mustSucceed, account, now + Math.max(0, left));
            } catch (Throwable e) {
                Exceptions.throwIfFatal(e);
                Operators.error(actual, e);
                return;
            }
            actual.onSubscribe(loop);
        }

        private static long remaining(@Nullable Scope scope) {
            return scope == null ? Long.MAX_VALUE : scope.remainingNanos();
        }
    }
}
