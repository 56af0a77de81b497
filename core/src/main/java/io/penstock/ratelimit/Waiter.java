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
 * One attempt in the line of a partition, and what becomes of it.
 *
 * <p>Who moves it out of {@code WAITING} answers for its seat: the partition by admitting, a cancel by leaving, the sweep by
 * expiring. While it is {@code RELOCATING} it goes over into another line; who cancels it meanwhile leaves the seat to whoever
 * relocates it.
 */
final class Waiter extends AdmittedCall implements Runnable {

    /** The event loop that asked, which the call goes on with; null where it was none. */
    private final @Nullable Executor home = ThreadExecutorMap.currentExecutor();

    private final boolean nested;
    private final boolean secondClass;
    private final boolean patient;
    /** When its time is over, without the time that does not count. */
    private final long deadlineNanos;
    /**
     * How long its line had been held by a published limit when it came into it, less what had held it elsewhere; between two
     * lines the latter alone, negative. Touched by who drains the line.
     */
    private long heldBefore;

    Waiter(CoreSubscriber<? super Reply> actual, Partition partition, Attempt call, Exchange next) {
        super(actual, partition, call, next);
        this.nested = call.isNested();
        this.secondClass = call.plan().background();
        this.patient = isPatient(call);
        this.deadlineNanos = call.deadlineNanos();
    }

    /** Whether the time in which a published limit holds it back does not count: its own begins when it is first let through. */
    static boolean isPatient(Attempt call) {
        return call.isPatient() && call.attempts().isEmpty();
    }

    /** Stands in the line. */
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

    /** Whether its time is over. */
    boolean isLate(long now, long heldNanos) {
        return deadlineNanos + (patient ? heldFor(heldNanos) : 0) - now <= 0;
    }

    boolean isPatient() {
        return patient;
    }

    /** When its time is over, less the time for which its line has been held where that does not count. */
    long endsAtNanos() {
        return patient ? deadlineNanos - heldBefore : deadlineNanos;
    }

    private long heldFor(long heldNanos) {
        return heldNanos - heldBefore;
    }

    /** Called when it comes into a line that has been held for so long. */
    void enters(long heldNanos) {
        heldBefore += heldNanos;
    }

    /** Called with a permit in hand; false if the caller has gone, and the permit is not wanted. */
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

    /** Called when the deadline has passed in the line; false if it was not waiting any more. */
    boolean expire(long heldNanos) {
        if (!leaves(heldNanos)) {
            return false;
        }
        tell(deadline(partition(), call()));
        return true;
    }

    /** Called where it cannot wait: downstream has its subscription, and now its error. False if it has gone already. */
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
     * Goes over into the line of another partition. Called by who drains this line, which has taken it out.
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

    /** Goes through the gate. */
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
        Operators.validate(n); // all is requested once it is admitted
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
