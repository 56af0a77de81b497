package io.penstock.ratelimit;

import io.penstock.error.Failure;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * The calls that wait for a permit of one partition, in order of arrival: nested calls before all others, background
 * calls behind them.
 *
 * <p>A waiting call is put into {@code inbox}, from any thread, followed by {@link #drain}. One thread at a time
 * drains: the one that raises {@code wip} from zero. The three queues, the tick and the sweep belong to that thread.
 * One timer serves the whole line. A cancelled call leaves its seat at once and is removed from its queue later;
 * {@code gone} counts those calls.
 */
final class WaitingLine {

    /** The longest time between two checks of the line. */
    private static final long LONGEST_TICK_NANOS = 100_000_000L;

    /** Deadlines that are closer together than this are found in one sweep. */
    private static final long SWEEP_NANOS = 2_000_000L;

    /** The value for no deadline. */
    private static final long NONE = Long.MAX_VALUE;

    private static final long SHORTEST_TICK_NANOS = 100_000L;
    /**
     * How many foreground calls may go in a row before one background call goes, so that the background does not
     * starve.
     */
    private static final int FIRST_CLASS_IN_A_ROW = 8;

    /** How many cancelled calls may stay in the queues before they are removed. */
    private static final int MANY_GONE = 1024;

    private final Partition partition;
    private final Scheduler scheduler;
    private final int maxWaiting;

    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger waitingFirst = new AtomicInteger();
    /** The units of the waiting calls beyond one each, of all and of those in the foreground. */
    private final AtomicInteger extra = new AtomicInteger();

    private final AtomicInteger extraFirst = new AtomicInteger();
    private final AtomicInteger gone = new AtomicInteger();
    private final AtomicBoolean queued = new AtomicBoolean();
    private volatile boolean closed;

    private final AtomicInteger wip = new AtomicInteger();
    private final Queue<Waiter> inbox = Queues.<Waiter>unboundedMultiproducer().get();
    private final ArrayDeque<Waiter> nested = new ArrayDeque<>(0);
    private final ArrayDeque<Waiter> first = new ArrayDeque<>(0);
    private final ArrayDeque<Waiter> second = new ArrayDeque<>(0);
    private @Nullable Disposable tick;
    private long tickAt;
    private long sweptAt;
    /** A lower bound of the deadlines in the line; the call that had it may have left. */
    private long firmUntil = NONE;
    /**
     * The same for calls whose deadline excludes the time for which a published limit holds the line, and without
     * {@code heldNanos}.
     */
    private long patientUntil = NONE;

    private int inARow;
    /** The total time for which a published limit was the reason for waiting. */
    private long heldNanos;

    private boolean held;
    private long lookedAt;
    private volatile boolean unsorted;
    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();

    WaitingLine(Partition partition, Scheduler scheduler, int maxWaiting) {
        this.partition = partition;
        this.scheduler = scheduler;
        this.maxWaiting = maxWaiting;
        this.sweptAt = now() - SWEEP_NANOS;
    }

    boolean isOccupied() {
        return waiting.get() > 0;
    }

    int waiting() {
        return waiting.get();
    }

    /** Returns how many cancelled calls are still in the queues, for tests. */
    int gone() {
        return gone.get();
    }

    /** Returns how many units would go before a call that came now. */
    int ahead(Attempt call) {
        return call.isNested() ? 0 : call.plan().background() ? waitingUnits() : waitingFirst.get() + extraFirst.get();
    }

    /** Returns how many units the waiting calls take. */
    int waitingUnits() {
        return waiting.get() + extra.get();
    }

    /** Reserves a seat. Returns false if there is none. */
    boolean reserve(Waiter call) {
        seat(call);
        if (waiting.get() > maxWaiting && !call.isNested()) {
            unseat(call);
            return false;
        }
        return true;
    }

    /** Adds a seat for a call that comes from another line, where it had one. */
    void seat(Waiter call) {
        waiting.incrementAndGet();
        waitingFirst.addAndGet(call.isSecondClass() ? 0 : 1);
        addExtra(call, call.taken() - 1);
    }

    private void addExtra(Waiter call, int units) {
        if (units != 0) {
            extra.addAndGet(units);
            extraFirst.addAndGet(call.isSecondClass() ? 0 : units);
        }
    }

    /** Removes the seat of a call that never entered. */
    void unseat(Waiter call) {
        seatFree(call);
    }

    /** Puts a call with a seat into the line. */
    void enter(Waiter call) {
        inbox.offer(call);
        drain();
    }

    private void seatFree(Waiter call) {
        waiting.decrementAndGet();
        waitingFirst.addAndGet(call.isSecondClass() ? 0 : -1);
        addExtra(call, 1 - call.taken());
    }

    /** Records that a call has left its seat without having been admitted. */
    void left(Waiter call) {
        seatFree(call);
        // The line must not keep the memory of many calls that have left.
        if (gone.incrementAndGet() > MANY_GONE) {
            drain();
        }
    }

    /** Marks the line as registered for a place. Returns false if it is registered already. */
    boolean queue() {
        return queued.compareAndSet(false, true);
    }

    /** Called when the line was registered for a place and one may be free. */
    void called() {
        queued.set(false);
        drain();
    }

    /** Fails current and future waiters, because the client has been closed. */
    void close() {
        closed = true;
        drain();
    }

    /** Marks that some waiting calls may belong into another line. */
    void sort() {
        unsorted = true;
        drainIfOccupied();
    }

    void drainIfOccupied() {
        if (isOccupied()) {
            drain();
        }
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
     * Rethrows a fatal error, but only when the line is in order: later calls would otherwise wait forever for this
     * thread to drain.
     */
    private void rethrowFatal() {
        Throwable thrown = fatal.getAndSet(null);
        if (thrown != null) {
            Exceptions.throwIfJvmFatal(thrown);
        }
    }

    /** Keeps a fatal error until the line is in order. Returns false if the error is not fatal. */
    boolean keepIfFatal(Throwable error) {
        try {
            Exceptions.throwIfJvmFatal(error);
            return false;
        } catch (Throwable e) {
            fatal.compareAndSet(null, e);
            return true;
        }
    }

    /** Runs one pass. Whatever goes wrong, the line is in order afterwards and no call is left waiting. */
    private void step() {
        try {
            takeInbox();
            relocate();
            forgetTheGone();
            if (closed) {
                turnAllAway(AdmittedCall.closed());
            } else {
                admit();
            }
        } catch (RejectedExecutionException e) {
            turnAllAway(AdmittedCall.noThreads()); // without a timer nothing would end their wait
        } catch (Throwable e) {
            keepIfFatal(e);
            turnAllAway(AdmittedCall.broken(e));
        }
    }

    private void takeInbox() {
        for (Waiter call = inbox.poll(); call != null; call = inbox.poll()) {
            call.enters(heldNanos);
            Partition right = call.isWaiting() ? partition.of(call) : partition;
            if (right == partition) {
                (call.isNested() ? nested : call.isSecondClass() ? second : first).add(call);
                noteDeadline(call);
            } else {
                counted(call, call.relocate(right, heldNanos));
            }
        }
    }

    /** Moves the calls whose quota has turned out to be another one into its line. */
    private void relocate() {
        if (unsorted) {
            unsorted = false;
            relocate(nested);
            relocate(first);
            relocate(second);
        }
    }

    private void relocate(ArrayDeque<Waiter> queue) {
        for (Iterator<Waiter> all = queue.iterator(); all.hasNext(); ) {
            Waiter call = all.next();
            Partition right = call.isWaiting() ? partition.of(call) : partition;
            if (right != partition) {
                all.remove();
                counted(call, call.relocate(right, heldNanos));
            }
        }
    }

    /**
     * Removes cancelled calls. It runs only once they may be more than half of the queues, so the cost per cancelled
     * call is bounded.
     */
    private void forgetTheGone() {
        int known = gone.get();
        if (known > MANY_GONE && known * 2 > nested.size() + first.size() + second.size()) {
            forgetTheGone(nested);
            forgetTheGone(first);
            forgetTheGone(second);
        }
    }

    /** Subtracts what it removes: calls leave meanwhile, and one that leaves is counted a moment later. */
    private void forgetTheGone(ArrayDeque<Waiter> queue) {
        int before = queue.size();
        queue.removeIf(call -> !call.isWaiting());
        gone.addAndGet(queue.size() - before);
    }

    private void turnAllAway(Failure why) {
        long now = now();
        for (Waiter call = head(now); call != null; call = head(now)) {
            poll();
            counted(call, call.turnAway(why, heldNanos));
        }
        stopTick();
    }

    private void admit() {
        long now = now();
        if (held) {
            heldNanos += now - lookedAt;
        }
        held = false;
        sweep(now);
        for (Waiter head = head(now); head != null; head = head(now)) {
            Partition.Answer answer = partition.tryTake(head, now, true);
            if (answer != Partition.Answer.TAKEN) {
                held = answer == Partition.Answer.NO_PUBLISHED_QUOTA;
                lookedAt = now;
                tickLater(now, answer, head.taken());
                return;
            }
            poll();
            boolean wanted = head.admit(heldNanos);
            counted(head, wanted);
            if (!wanted) {
                partition.release(head, false);
            }
        }
        stopTick();
    }

    /**
     * Frees the seat of a call that this thread has ended. A call that has left by itself has freed its seat and was
     * counted as gone.
     */
    private void counted(Waiter call, boolean here) {
        if (here) {
            seatFree(call);
        } else {
            gone.decrementAndGet();
        }
    }

    /** Returns the next call that still waits. Ends the calls before it whose deadline has passed. */
    private @Nullable Waiter head(long now) {
        for (ArrayDeque<Waiter> queue = next(); !queue.isEmpty(); queue = next()) {
            Waiter call = queue.peek();
            if (call.isWaiting() && !call.isLate(now, heldNanos)) {
                return call;
            }
            queue.poll();
            counted(call, call.expire(heldNanos));
        }
        return null;
    }

    private ArrayDeque<Waiter> next() {
        if (!nested.isEmpty()) {
            return nested;
        }
        boolean turn = inARow >= FIRST_CLASS_IN_A_ROW && !second.isEmpty();
        return first.isEmpty() || turn ? second : first;
    }

    private void poll() {
        ArrayDeque<Waiter> queue = next();
        inARow = queue == first && !second.isEmpty() ? inARow + 1 : 0;
        queue.poll();
    }

    private void noteDeadline(Waiter call) {
        if (call.isPatient()) {
            patientUntil = earlier(patientUntil, call.endsAtNanos());
        } else {
            firmUntil = earlier(firmUntil, call.endsAtNanos());
        }
    }

    private static long earlier(long known, long other) {
        return known == NONE || other - known < 0 ? other : known;
    }

    /** Returns the time until the first deadline may pass; {@link #NONE} if none can. */
    private long nextDeadlineIn(long now) {
        long next = NONE;
        if (firmUntil != NONE) {
            next = firmUntil - now;
        }
        if (patientUntil != NONE && !held) {
            next = Math.min(next, patientUntil + heldNanos - now);
        }
        return next;
    }

    /** Ends the calls whose deadline has passed. */
    private void sweep(long now) {
        if (nextDeadlineIn(now) > 0 || now - sweptAt < SWEEP_NANOS) {
            return;
        }
        sweptAt = now;
        firmUntil = NONE;
        patientUntil = NONE;
        sweep(nested, now);
        sweep(first, now);
        sweep(second, now);
    }

    private void sweep(ArrayDeque<Waiter> queue, long now) {
        for (Iterator<Waiter> all = queue.iterator(); all.hasNext(); ) {
            Waiter call = all.next();
            if (call.isLate(now, heldNanos)) {
                all.remove();
                counted(call, call.expire(heldNanos));
            } else if (call.isWaiting()) {
                noteDeadline(call);
            }
        }
    }

    /**
     * Schedules the next check. A line without a place is called when one is free; after a pause the next step admits
     * more; otherwise the windows determine the time.
     */
    private void tickLater(long now, Partition.Answer why, int units) {
        long soonest = switch (why) {
            case NO_PLACE -> LONGEST_TICK_NANOS;
            case THAWING -> RefusalCooldown.STEP_NANOS;
            default -> partition.waitNanos(now, partition.ahead(0, units));
        };
        long nextDeadline = Math.max(nextDeadlineIn(now), sweptAt + SWEEP_NANOS - now);
        long wait = Math.max(SHORTEST_TICK_NANOS, Math.min(LONGEST_TICK_NANOS, Math.min(soonest, nextDeadline)));
        long at = now + wait;
        if (tick != null && tickAt - at <= 0 && tickAt - now > 0) {
            return;
        }
        stopTick();
        tickAt = at;
        tick = SubscriberContext.schedule(scheduler, this::drain, wait);
    }

    private void stopTick() {
        Disposable running = tick;
        tick = null;
        if (running != null) {
            running.dispose();
        }
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }
}
