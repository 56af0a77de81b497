package io.penstock.ratelimit;

import io.netty.util.internal.ThreadExecutorMap;
import io.penstock.ApiException;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Phase;
import io.penstock.Retryability;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.StreamedBody;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One attempt at the gate: in the line, then with a permit, then over.
 *
 * <pre>
 *  WAITING → ADMITTED → OVER
 *                     → STREAMING   the permit goes back when the body of the reply is over
 * </pre>
 *
 * {@code state} moves forward only, by compare-and-set. Who moves it out of {@code WAITING} answers for the place in the
 * line: the partition by admitting, a cancel by leaving, the sweep by expiring. Who moves it out of {@code ADMITTED} sends
 * the permit back, before anything is told downstream, so that whoever comes next finds it.
 */
final class AdmittedCall implements CoreSubscriber<Reply>, Subscription, Runnable {

    private static final AtomicIntegerFieldUpdater<AdmittedCall> STATE =
            AtomicIntegerFieldUpdater.newUpdater(AdmittedCall.class, "state");
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Duration MOST_BLOCK = TimeNotation.LONGEST;
    private static final int WAITING = 0;
    private static final int ADMITTED = 1;
    private static final int OVER = 2;
    private static final int STREAMING = 3;
    private static final Window[] NOTHING = {};

    private final CoreSubscriber<? super Reply> actual;
    private final Partition partition;
    private final Attempt call;
    private final Exchange next;
    /** What the permit was taken from; empty without one. Set by who takes it, before anybody else sees the call admitted. */
    private Window[] spent = NOTHING;

    /** The event loop that asked, which the call goes on with; null where it was none. */
    private @Nullable Executor home;

    private boolean waited;

    private volatile @Nullable Subscription upstream;
    private volatile int state;

    AdmittedCall(CoreSubscriber<? super Reply> actual, Partition partition, Attempt call, Exchange next) {
        this.actual = actual;
        this.partition = partition;
        this.call = call;
        this.next = next;
    }

    /** Goes through without a wait, with a permit in hand. */
    void goes() {
        state = ADMITTED;
        subscribe();
    }

    /** Stands in the line. */
    void waits() {
        waited = true;
        home = ThreadExecutorMap.currentExecutor();
        actual.onSubscribe(this);
        partition.line().enter(this);
    }

    /** Nothing of the permit is left but the place. */
    void spendsNothing() {
        spent = NOTHING;
    }

    void spends(Window[] windows) {
        spent = windows;
    }

    Window[] spent() {
        return spent;
    }

    Attempt call() {
        return call;
    }

    boolean isNested() {
        return call.isNested();
    }

    boolean isWaiting() {
        return state == WAITING;
    }

    /** Whether its answer is there, but for a body that goes on. */
    boolean isStreaming() {
        return state == STREAMING;
    }

    boolean isSecondClass() {
        return call.plan().background();
    }

    long deadlineNanos() {
        return call.deadlineNanos();
    }

    /** Called with a permit in hand; false if the caller has gone, and the permit is not wanted. */
    boolean admit() {
        if (!STATE.compareAndSet(this, WAITING, ADMITTED)) {
            return false;
        }
        Executor loop = home;
        try {
            if (loop != null) {
                loop.execute(this);
            } else {
                call.scheduler().schedule(this);
            }
        } catch (RejectedExecutionException e) {
            end(noThreads());
        } catch (RuntimeException e) {
            end(broken(e));
        }
        return true;
    }

    /** Called when the deadline has passed in the line; false if it was not waiting any more. */
    boolean expire() {
        if (!STATE.compareAndSet(this, WAITING, OVER)) {
            return false;
        }
        tell(deadline(partition, call));
        return true;
    }

    /** Called where it cannot wait: downstream has its subscription, and now its error. False if it has gone already. */
    boolean turnAway(Failure failure) {
        boolean waits = STATE.compareAndSet(this, WAITING, OVER);
        if (waits) {
            tell(failure);
        }
        return waits;
    }

    /** Called by whoever drains the line: what a subscriber throws must not cost the others their turn. */
    private void tell(Failure failure) {
        try {
            actual.onError(new ApiException(failure));
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            Operators.onErrorDropped(e, actual.currentContext());
        }
    }

    static Failure deadline(Partition partition, Attempt call) {
        return refusal(
                        ErrorKind.DEADLINE_EXCEEDED,
                        Retryability.PERMANENT,
                        "deadline of " + call.timeoutNanos() / 1_000_000 + " ms reached while waiting for quota "
                                + partition)
                .withPhase(Phase.TOTAL);
    }

    static Failure noThreads() {
        return refusal(ErrorKind.CLIENT_CLOSED, Retryability.PERMANENT, "the client's threads take no more tasks");
    }

    static Failure broken(Throwable cause) {
        return refusal(
                        ErrorKind.OPERATOR_FAILED,
                        Retryability.TRANSIENT,
                        "waiting at the gate failed with " + cause.getClass().getSimpleName()
                                + " (see the cause): nothing was sent")
                .withCause(cause);
    }

    static Failure closed() {
        return refusal(
                ErrorKind.CLIENT_CLOSED,
                Retryability.PERMANENT,
                "the client is closed (expected: an open one; keep it for as long as calls are made)");
    }

    /** Goes through the gate. */
    @Override
    public void run() {
        if (state != ADMITTED) {
            return;
        }
        subscribe();
    }

    private void subscribe() {
        try {
            if (waited) {
                call.note("attempt " + call.number() + " waited " + call.attemptElapsedNanos() / 1_000_000
                        + " ms at the gate (" + partition.describe() + ")");
                call.admitted(call.nowNanos());
            }
            next.subscribe(call, this);
        } catch (Throwable e) {
            rethrowIfFatal(e);
            onError(e); // a Mono of the user's that breaks the rules
        }
    }

    /** What nobody may catch goes its way, and the permit its own. */
    private void rethrowIfFatal(Throwable error) {
        try {
            Exceptions.throwIfFatal(error);
        } catch (Throwable fatal) {
            cancel();
            throw fatal;
        }
    }

    @Override
    public void onSubscribe(Subscription s) {
        upstream = s;
        if (!waited) {
            actual.onSubscribe(this);
        } else if (state == OVER) {
            s.cancel();
        } else {
            s.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void request(long n) {
        Subscription s = upstream;
        if (Operators.validate(n) && !waited && s != null) {
            s.request(n);
        }
    }

    @Override
    public void cancel() {
        if (STATE.compareAndSet(this, WAITING, OVER)) {
            partition.line().left(this);
        } else if (STATE.compareAndSet(this, ADMITTED, OVER)) {
            Subscription s = upstream;
            try {
                if (s != null) {
                    s.cancel();
                }
            } finally {
                partition.release(this);
            }
        }
    }

    private boolean finish() {
        if (STATE.compareAndSet(this, ADMITTED, OVER)) {
            partition.release(this);
            return true;
        }
        return false;
    }

    /** A body that is still arriving keeps its place at the gate until it is over, but the server has counted it by now. */
    private boolean keepFor(StreamedBody body) {
        if (!STATE.compareAndSet(this, ADMITTED, STREAMING)) {
            return false;
        }
        partition.answered(this);
        body.whenOver(failure -> partition.release(this));
        return true;
    }

    @Override
    public void onNext(Reply reply) {
        StreamedBody body = reply.streamed();
        if (body == null ? finish() : keepFor(body)) {
            actual.onNext(reply);
            actual.onComplete();
        } else {
            reply.discard();
        }
    }

    @Override
    public void onError(Throwable error) {
        try {
            // Before the place is free, or whoever takes it would run into the same refusal.
            if (error instanceof ApiException refused && refused.status() == TOO_MANY_REQUESTS) {
                holdOthers(refused.retryAfter());
            }
        } finally {
            if (finish()) {
                actual.onError(error);
            } // else: cancelled, which is what broke the connection
        }
    }

    private void holdOthers(@Nullable Duration hint) {
        if (hint != null) {
            boolean longer = hint.compareTo(MOST_BLOCK) > 0;
            partition.refused(longer ? MOST_BLOCK.toNanos() : Math.max(0, hint.toNanos()), true, null);
        }
    }

    @Override
    public void onComplete() {
        if (finish()) {
            actual.onComplete();
        }
    }

    private void end(Failure failure) {
        if (finish()) {
            tell(failure);
        }
    }

    static Failure refusal(ErrorKind kind, Retryability retryability, String message) {
        return Failure.of(kind, Certainty.NOT_SENT, retryability, message);
    }

    static Failure tooLate(Partition partition, long waitNanos) {
        return refusal(
                        ErrorKind.RATE_LIMITED,
                        Retryability.TRANSIENT,
                        "quota " + partition + " is used up for " + waitNanos / 1_000_000
                                + " ms, which is more than the deadline leaves: nothing was sent")
                .withRetryAfter(Duration.ofNanos(waitNanos));
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }
}
