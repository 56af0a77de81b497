package io.penstock.ratelimit;

import io.netty.util.internal.ThreadExecutorMap;
import io.penstock.error.Failure;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One attempt in the line of a partition.
 *
 * <p>The thread that moves it out of {@code WAITING} is responsible for its seat: the partition by admitting it, a
 * cancel by leaving, the sweep by expiring it. While it is {@code RELOCATING}, it moves into another line; a cancel
 * meanwhile leaves the seat to the thread that relocates it.
 */
final class Waiter extends AdmittedCall implements Runnable {

    /** The event loop that subscribed, on which the call continues; null if that thread was none. */
    private final @Nullable Executor home = ThreadExecutorMap.currentExecutor();

    private final boolean nested;
    private final boolean secondClass;
    private final boolean patient;
    /** The deadline, without the waits that do not count, or the end of the request's patience. */
    private final long deadlineNanos;
    /**
     * The held time of its line when it entered, minus the time for which other lines held it. Between two lines it is
     * only the latter, negative. Accessed by the thread that drains the line.
     */
    private long heldBefore;

    Waiter(CoreSubscriber<? super Reply> actual, Partition partition, int units, Attempt call, Exchange next) {
        super(actual, partition, units, call, next);
        this.nested = call.isNested();
        this.secondClass = call.plan().background();
        this.patient = isPatient(call);
        this.deadlineNanos = call.lastTurnNanos(call.nowNanos());
    }

    /**
     * Returns whether waits for a published limit do not count against the deadline. They count once an attempt of the
     * call has ended.
     */
    static boolean isPatient(Attempt call) {
        return call.isPatient() && call.attempts().isEmpty();
    }

    /** Enters the line. */
    void waits() {
        if (patient) {
            call().waitsForQuota();
        }
        actual.onSubscribe(this);
        partition().line().enter(this);
    }

    @Override
    boolean isNested() {
        return nested;
    }

    boolean isSecondClass() {
        return secondClass;
    }

    boolean isWaiting() {
        return state == WAITING;
    }

    /** Returns whether the deadline has passed. */
    boolean isLate(long now, long heldNanos) {
        return deadlineNanos + (patient ? heldFor(heldNanos) : 0) - now <= 0;
    }

    boolean isPatient() {
        return patient;
    }

    /** Returns the deadline. If the held time of the line does not count, it is relative to that time. */
    long endsAtNanos() {
        return patient ? deadlineNanos - heldBefore : deadlineNanos;
    }

    private long heldFor(long heldNanos) {
        return heldNanos - heldBefore;
    }

    /** Called when the call enters a line that has been held for the given time. */
    void enters(long heldNanos) {
        heldBefore += heldNanos;
    }

    /** Continues the call with a permit. Returns false if the caller has cancelled and the permit is not wanted. */
    boolean admit(long heldNanos) {
        if (!STATE.compareAndSet(this, WAITING, ADMITTED)) {
            return false;
        }
        Attempt admitted = call();
        if (patient) {
            admitted.quotaWaitEnded(heldFor(heldNanos));
        }
        Executor loop = home;
        try {
            if (loop != null) {
                loop.execute(this);
            } else {
                admitted.scheduler().schedule(this);
            }
        } catch (RejectedExecutionException e) {
            end(noThreads());
        } catch (RuntimeException e) {
            end(broken(e));
        }
        return true;
    }

    /** Ends the call because its deadline has passed. Returns false if it was no longer waiting. */
    boolean expire(long heldNanos) {
        if (!leaves(heldNanos)) {
            return false;
        }
        tell(outOfTime(partition(), call()));
        return true;
    }

    /**
     * Fails a call that cannot wait any longer; downstream has its subscription already. Returns false if it was no
     * longer waiting.
     */
    boolean turnAway(Failure failure, long heldNanos) {
        boolean waits = leaves(heldNanos);
        if (waits) {
            tell(failure);
        }
        return waits;
    }

    private boolean leaves(long heldNanos) {
        boolean waits = STATE.compareAndSet(this, WAITING, OVER);
        if (waits && patient) {
            call().quotaWaitEnded(heldFor(heldNanos));
        }
        return waits;
    }

    /**
     * Moves into the line of another partition. Called by the thread that drains this line and has removed the call
     * from it.
     *
     * @return whether its seat in this line is free now; otherwise it has left by itself
     */
    boolean relocate(Partition to, long heldNanos) {
        if (!STATE.compareAndSet(this, WAITING, RELOCATING)) {
            return false;
        }
        heldBefore = -heldFor(heldNanos);
        partition(to);
        to.line().seat(this);
        if (STATE.compareAndSet(this, RELOCATING, WAITING)) {
            to.line().enter(this);
        } else {
            to.line().unseat(this); // cancelled meanwhile
            forgetCall();
        }
        return true;
    }

    /** Sends the attempt on. */
    @Override
    public void run() {
        if (state == ADMITTED || state == MOVING) {
            SubscriberContext.run(currentContext(), this::subscribe);
        }
    }

    @Override
    void begins(Attempt admitted) {
        admitted.note("attempt " + admitted.number() + " waited " + admitted.attemptElapsedNanos() / 1_000_000
                + " ms at the gate (" + partition().describe() + ")");
        admitted.admitted(admitted.nowNanos());
    }

    @Override
    public void onSubscribe(Subscription s) {
        resume(s);
    }

    @Override
    public void request(long n) {
        Operators.validate(n); // everything is requested once the call is admitted
    }

    @Override
    public void cancel() {
        for (int seen = state; seen == WAITING || seen == RELOCATING; seen = state) {
            if (STATE.compareAndSet(this, seen, OVER)) {
                if (seen == WAITING) {
                    partition().line().left(this);
                    forgetCall();
                }
                return;
            }
        }
        super.cancel();
    }
}
