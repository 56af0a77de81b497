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
 * Those who wait for a permit of one partition, in the order in which they came: nested calls before all others, those in the
 * background behind them.
 *
 * <p>Who waits puts itself into {@code inbox}, from any thread, and calls {@link #drain}. One thread at a time drains,
 * whichever raises {@code wip} from zero; the three queues, the tick and the sweep belong to that thread. One timer serves
 * the whole line. Who is cancelled leaves at once and is only taken out later: {@code gone} counts those.
 */
final class WaitingLine {

    /** The line looks at itself at least so often. */
    private static final long LONGEST_TICK_NANOS = 100_000_000L;

    /** Deadlines that lie closer together than this are found in one sweep. */
    private static final long SWEEP_NANOS = 2_000_000L;

    /** In place of a deadline: there is none. */
    private static final long NONE = Long.MAX_VALUE;

    private static final long SHORTEST_TICK_NANOS = 100_000L;
    /** So many of the first class go before one of the second does, so that it does not starve. */
    private static final int FIRST_CLASS_IN_A_ROW = 8;

    /** So many may have gone before anybody looks. */
    private static final int MANY_GONE = 1024;

    private final Partition partition;
    private final Scheduler scheduler;
    private final int maxWaiting;

    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger waitingFirst = new AtomicInteger();
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
    /** No deadline of those in the line is earlier; who had it may have gone. */
    private long firmUntil = NONE;
    /** As {@code firmUntil}, of those whose time does not count while a published limit holds the line, and less {@code heldNanos}. */
    private long patientUntil = NONE;

    private int inARow;
    /** For how long a published limit was what those who wait have waited for. */
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

    /** How many would go before a call that came now. */
    int ahead(Attempt call) {
        return call.isNested() ? 0 : call.plan().background() ? waiting.get() : waitingFirst.get();
    }

    /** Reserves a seat; false if there is none. */
    boolean reserve(Waiter call) {
        seat(call);
        if (waiting.get() > maxWaiting && !call.isNested()) {
            unseat(call);
            return false;
        }
        return true;
    }

    /** Gives a seat to a call that comes from another line, where it had one. */
    void seat(Waiter call) {
        waiting.incrementAndGet();
        waitingFirst.addAndGet(call.isSecondClass() ? 0 : 1);
    }

    /** Takes a seat back that nobody has sat down on. */
    void unseat(Waiter call) {
        seatFree(call);
    }

    /** Puts a call onto its seat. */
    void enter(Waiter call) {
        inbox.offer(call);
        drain();
    }

    private void seatFree(Waiter call) {
        waiting.decrementAndGet();
        waitingFirst.addAndGet(call.isSecondClass() ? 0 : -1);
    }

    /** A call has left its seat without having been admitted. */
    void left(Waiter call) {
        seatFree(call);
        // The others may go on; and a line of those who have gone must not keep their memory.
        if (gone.incrementAndGet() > MANY_GONE) {
            drain();
        }
    }

    /** Marks it as standing in the queue for places; false if it stands there already. */
    boolean queue() {
        return queued.compareAndSet(false, true);
    }

    /** It has been taken from that queue. */
    void called() {
        queued.set(false);
        drain();
    }

    /** The client has been closed: who waits is told so, and who comes later too. */
    void close() {
        closed = true;
        drain();
    }

    /** Says that some of those who wait may belong into another line. */
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

    /** Not before the line is in order: whoever comes next would wait for ever for the one who drains. */
    private void rethrowFatal() {
        Throwable thrown = fatal.getAndSet(null);
        if (thrown != null) {
            Exceptions.throwIfJvmFatal(thrown);
        }
    }

    /** Keeps what nobody may catch until the line is in order; false if it is nothing of that kind. */
    boolean keepIfFatal(Throwable error) {
        try {
            Exceptions.throwIfJvmFatal(error);
            return false;
        } catch (Throwable e) {
            fatal.compareAndSet(null, e);
            return true;
        }
    }

    /** Whatever goes wrong, the next who drains finds the line in order, and those in it are not left waiting. */
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

    /** Those go over into another line whose quota has turned out to be another one. */
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

    /** Each who has gone is looked at once more for every one who stays, at most. */
    private void forgetTheGone() {
        int known = gone.get();
        if (known > MANY_GONE && known * 2 > first.size() + second.size()) {
            gone.addAndGet(-known);
            first.removeIf(call -> !call.isWaiting());
            second.removeIf(call -> !call.isWaiting());
        }
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
                tickLater(now, answer);
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

    /** Whoever ends the wait of a call frees its seat; who has left by itself has done so, and has counted itself out. */
    private void counted(Waiter call, boolean here) {
        if (here) {
            seatFree(call);
        } else {
            gone.decrementAndGet();
        }
    }

    /** The next who still waits; those whose time is over are ended on the way. */
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

    /** In how much time the first deadline may pass; {@link #NONE} where none can. */
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

    /** Ends those whose time is over. */
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

    /** Who wants a place is called; who thaws goes in the next step; else the windows know. */
    private void tickLater(long now, Partition.Answer why) {
        long soonest = switch (why) {
            case NO_PLACE -> LONGEST_TICK_NANOS;
            case THAWING -> RefusalCooldown.STEP_NANOS;
            default -> partition.waitNanos(now, 0);
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
