package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.error.Failure;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * A line of calls that wait for their turn, in order of arrival: nested calls before all others, background calls
 * behind them. A {@link Meter} decides when the next one goes.
 *
 * <p>A turn enters through {@code inbox}, from any thread. One thread at a time drains: the one that raises {@code wip}
 * from zero. The queues and the timer belong to that thread. One timer serves the whole line, for the meter's next turn
 * or for the earliest deadline, whichever comes first. A cancelled turn frees its seat and its resources at once, and
 * is removed from its queue later.
 *
 * @hidden
 */
@Internal
public final class TurnLine {

    private static final long SHORTEST_TICK_NANOS = 100_000L;
    private static final long LONGEST_TICK_NANOS = 3_600_000_000_000L;
    /**
     * How many foreground calls may go in a row before one background call goes, so that the background does not
     * starve.
     */
    private static final int FIRST_CLASS_IN_A_ROW = 8;
    /** How many cancelled turns may stay in the queues before they are removed. */
    private static final int MANY_GONE = 1024;

    /**
     * A meter that decides when the next turn goes. Called by one thread at a time.
     *
     * @hidden
     */
    public interface Meter {

        /** Returns 0 if the turn goes now, and counts it; otherwise the nanoseconds until the line asks again. */
        long take(Turn turn, long now);

        /** Reverts the count of a turn that was cancelled before it could go. */
        void unused(Turn turn);
    }

    /**
     * One call in the line.
     *
     * @hidden
     */
    public abstract static class Turn {

        private static final AtomicIntegerFieldUpdater<Turn> STATE =
                AtomicIntegerFieldUpdater.newUpdater(Turn.class, "state");
        private static final int WAITING = 0;
        private static final int GOING = 1;
        private static final int OVER = 2;

        private final boolean nested;
        private final boolean background;
        private final long deadlineNanos;
        private final Scheduler scheduler;
        private volatile int state;

        /** Creates a turn of the given call, which expires with the call's patience, at its deadline at the latest. */
        protected Turn(Call call) {
            this.nested = call.isNested();
            this.background = call.plan().background();
            this.deadlineNanos = call.lastTurnNanos(call.nowNanos());
            this.scheduler = call.scheduler();
        }

        /** Called when the turn has come, by the thread that drains the line. It must continue on another thread. */
        protected abstract void go();

        /** Called when the deadline or the patience has passed in the line. */
        protected abstract void expire();

        /** Called when the turn cannot wait any longer, or cannot wait at all. */
        protected abstract void turnAway(Failure why);

        /** Returns whether the turn is still in the line. */
        protected final boolean isWaiting() {
            return state == WAITING;
        }

        /** Marks the turn as going without a wait. */
        protected final void goes() {
            state = GOING;
        }

        private boolean ends(int how) {
            return STATE.compareAndSet(this, WAITING, how);
        }
    }

    private final Meter meter;
    private final int maxWaiting;
    /** The scheduler of the calls, which all belong to one client; null before the first call. */
    private volatile @Nullable Scheduler scheduler;

    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger gone = new AtomicInteger();
    private volatile @Nullable Failure closed;

    private final AtomicInteger wip = new AtomicInteger();
    /** A fatal error, kept until the line is in order. */
    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();

    private final Queue<Turn> inbox = Queues.<Turn>unboundedMultiproducer().get();
    private final ArrayDeque<Turn> nested = new ArrayDeque<>(0);
    private final ArrayDeque<Turn> first = new ArrayDeque<>(0);
    private final ArrayDeque<Turn> background = new ArrayDeque<>(0);
    private int inARow;
    private @Nullable Disposable tick;
    private long tickAt;
    /** A lower bound of the deadlines in the line; meaningless while the line is empty. */
    private long soonestDeadline;

    /**
     * Creates a line.
     *
     * @param maxWaiting how many calls may wait; nested calls are always admitted
     */
    public TurnLine(Meter meter, int maxWaiting) {
        this.meter = meter;
        this.maxWaiting = maxWaiting;
    }

    /** Returns whether any call waits. */
    public boolean isOccupied() {
        return waiting.get() > 0;
    }

    /** Returns how many calls wait. */
    public int waiting() {
        return waiting.get();
    }

    /** Returns how many calls may wait. */
    public int maxWaiting() {
        return maxWaiting;
    }

    /** Puts a turn into the line. Returns false if the line is full; the turn is over then. */
    public boolean enter(Turn turn) {
        if (waiting.incrementAndGet() > maxWaiting && !turn.nested) {
            if (turn.ends(Turn.OVER)) {
                waiting.decrementAndGet();
            } else {
                gone.decrementAndGet(); // it left before it came in, and gave back a seat that it did not have yet
            }
            return false;
        }
        scheduler = turn.scheduler;
        inbox.offer(turn);
        drain();
        return true;
    }

    /** Removes a turn whose caller has cancelled. Returns false if it no longer waits. */
    public boolean leave(Turn turn) {
        if (!turn.ends(Turn.OVER)) {
            return false;
        }
        waiting.decrementAndGet();
        if (gone.incrementAndGet() > MANY_GONE || !isOccupied()) {
            drain();
        }
        return true;
    }

    /** Asks the meter again after a change. */
    public void drainIfOccupied() {
        if (isOccupied()) {
            drain();
        }
    }

    /** Fails current and future waiters. */
    public void close(Failure why) {
        closed = why;
        drain();
    }

    private void drain() {
        if (wip.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            step();
            missed = wip.addAndGet(-missed);
        } while (missed != 0);
        rethrowFatal();
    }

    /**
     * Rethrows a fatal error, but only when the line is in order: later turns would otherwise wait forever for this
     * thread to drain.
     */
    private void rethrowFatal() {
        Throwable thrown = fatal.getAndSet(null);
        if (thrown != null) {
            Exceptions.throwIfJvmFatal(thrown);
        }
    }

    /** Runs one pass. No error may leave the calls in the line waiting. */
    private void step() {
        try {
            takeInbox();
            forgetTheGone();
            Failure why = closed;
            Scheduler clock = scheduler;
            if (why == null && clock != null) {
                admit(clock);
            } else if (why != null) {
                turnAllAway(why);
            }
        } catch (RejectedExecutionException e) {
            turnAllAway(Turns.noThreads()); // without a timer nothing would end their wait
        } catch (Throwable e) {
            keepIfFatal(e);
            turnAllAway(Turns.broken(e));
        }
    }

    private void takeInbox() {
        for (Turn turn = inbox.poll(); turn != null; turn = inbox.poll()) {
            if (isEmpty() || turn.deadlineNanos - soonestDeadline < 0) {
                soonestDeadline = turn.deadlineNanos;
            }
            (turn.nested ? nested : turn.background ? background : first).add(turn);
        }
    }

    private boolean isEmpty() {
        return nested.isEmpty() && first.isEmpty() && background.isEmpty();
    }

    private void forgetTheGone() {
        if (gone.get() > MANY_GONE) {
            forgetTheGone(nested);
            forgetTheGone(first);
            forgetTheGone(background);
        }
    }

    private void forgetTheGone(ArrayDeque<Turn> queue) {
        int before = queue.size();
        queue.removeIf(turn -> !turn.isWaiting());
        gone.addAndGet(queue.size() - before);
    }

    private void admit(Scheduler clock) {
        long now = clock.now(TimeUnit.NANOSECONDS);
        expire(now);
        for (Turn head = head(); head != null; head = head()) {
            long wait = meter.take(head, now);
            if (wait > 0) {
                tickIn(Math.min(wait, soonestDeadline - now), now, clock);
                return;
            }
            poll();
            if (head.ends(Turn.GOING)) {
                waiting.decrementAndGet();
                tell(head::go);
            } else {
                gone.decrementAndGet();
                meter.unused(head);
            }
        }
        stopTick();
    }

    /** Returns the next turn that still waits. */
    private @Nullable Turn head() {
        for (ArrayDeque<Turn> queue = next(); !queue.isEmpty(); queue = next()) {
            Turn turn = queue.peek();
            if (turn.isWaiting()) {
                return turn;
            }
            queue.poll();
            gone.decrementAndGet();
        }
        return null;
    }

    private ArrayDeque<Turn> next() {
        if (!nested.isEmpty()) {
            return nested;
        }
        boolean turn = inARow >= FIRST_CLASS_IN_A_ROW && !background.isEmpty();
        return first.isEmpty() || turn ? background : first;
    }

    private void poll() {
        ArrayDeque<Turn> queue = next();
        inARow = queue == first && !background.isEmpty() ? inARow + 1 : 0;
        queue.poll();
    }

    /** Ends the turns whose deadline has passed. */
    private void expire(long now) {
        if (isEmpty() || soonestDeadline - now > 0) {
            return;
        }
        long soonest = now + LONGEST_TICK_NANOS;
        soonest = expire(nested, now, soonest);
        soonest = expire(first, now, soonest);
        soonestDeadline = expire(background, now, soonest);
    }

    private long expire(ArrayDeque<Turn> queue, long now, long soonest) {
        long earliest = soonest;
        for (Iterator<Turn> all = queue.iterator(); all.hasNext(); ) {
            Turn turn = all.next();
            if (turn.deadlineNanos - now > 0) {
                earliest = turn.deadlineNanos - earliest < 0 ? turn.deadlineNanos : earliest;
                continue;
            }
            all.remove();
            if (turn.ends(Turn.OVER)) {
                waiting.decrementAndGet();
                tell(turn::expire);
            } else {
                gone.decrementAndGet();
            }
        }
        return earliest;
    }

    private void turnAllAway(Failure why) {
        for (Turn head = head(); head != null; head = head()) {
            Turn turn = head;
            poll();
            if (turn.ends(Turn.OVER)) {
                waiting.decrementAndGet();
                tell(() -> turn.turnAway(why));
            } else {
                gone.decrementAndGet();
            }
        }
        stopTick();
    }

    /** Runs a signal. An exception of one subscriber must not cost the others their turn. */
    private void tell(Runnable signal) {
        try {
            signal.run();
        } catch (Throwable e) {
            if (!keepIfFatal(e)) {
                Operators.onErrorDropped(e, Context.empty());
            }
        }
    }

    private boolean keepIfFatal(Throwable error) {
        try {
            Exceptions.throwIfJvmFatal(error);
            return false;
        } catch (Throwable e) {
            fatal.compareAndSet(null, e);
            return true;
        }
    }

    private void tickIn(long nanos, long now, Scheduler clock) {
        long wait = Math.max(SHORTEST_TICK_NANOS, Math.min(LONGEST_TICK_NANOS, nanos));
        long at = now + wait;
        if (tick != null && tickAt - at <= 0 && tickAt - now > 0) {
            return; // the running timer fires early enough
        }
        stopTick();
        tickAt = at;
        tick = SubscriberContext.schedule(clock, this::drain, wait);
    }

    private void stopTick() {
        Disposable running = tick;
        tick = null;
        if (running != null) {
            running.dispose();
        }
    }
}
