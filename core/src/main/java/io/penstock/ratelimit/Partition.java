package io.penstock.ratelimit;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * All calls that spend of the same quota: its windows, and the line of those who wait.
 *
 * <p>Whoever finds everything free and nobody waiting goes through with two or three compare-and-sets. Everybody else
 * puts itself into {@code inbox}, from any thread, and calls {@link #drain}. One thread at a time drains, whichever raises
 * {@code wip} from zero; the line itself, the tick and the sweep belong to that thread. One timer serves a whole line.
 */
final class Partition {

    /** Waiters whose deadline passes are found within this time. */
    private static final long SWEEP_NANOS = 100_000_000L;

    private static final long SHORTEST_TICK_NANOS = 100_000L;
    /** After a freeze one goes, and in each of these steps twice as many in all as in the one before. */
    private static final long THAW_STEP_NANOS = 100_000_000L;

    private static final int THAW_STEPS = 12;
    /** So many of the first class go before one of the second does, so that it does not starve. */
    private static final int FIRST_CLASS_IN_A_ROW = 8;

    private final String name;
    private final @Nullable ReportedWindow reported;
    private final List<DeclaredWindow> declared;
    private final Concurrency concurrency;
    private final Scheduler scheduler;
    private final int maxWaiting;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger waitingFirst = new AtomicInteger();
    private final AtomicInteger sinceThaw = new AtomicInteger();
    private final AtomicBoolean queued = new AtomicBoolean();
    private final AtomicLong frozenUntil;
    private volatile boolean closed;

    private final AtomicInteger wip = new AtomicInteger();
    private final Queue<AdmittedCall> inbox =
            Queues.<AdmittedCall>unboundedMultiproducer().get();
    private final ArrayDeque<AdmittedCall> first = new ArrayDeque<>(0);
    private final ArrayDeque<AdmittedCall> second = new ArrayDeque<>(0);
    private final AtomicInteger gone = new AtomicInteger();
    private @Nullable Disposable tick;
    private long tickAt;
    private long sweptAt;
    private boolean noPlace;
    private int inARow;

    Partition(
            String name,
            @Nullable ReportedWindow reported,
            List<DeclaredWindow> declared,
            Concurrency concurrency,
            Scheduler scheduler,
            int maxWaiting) {
        this.name = name;
        this.reported = reported;
        this.declared = declared;
        this.concurrency = concurrency;
        this.scheduler = scheduler;
        this.maxWaiting = maxWaiting;
        this.frozenUntil = new AtomicLong(now() - THAW_STEPS * THAW_STEP_NANOS);
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** A permit at once, if nobody waits and all is free. */
    boolean tryAcquire(long now) {
        return waiting.get() == 0 && tryTakeAll(now, false);
    }

    private boolean tryTakeAll(long now, boolean inLine) {
        if (!thawed(now)) {
            return false;
        }
        if (!(inLine ? concurrency.tryAcquireOr(this) : concurrency.tryAcquire())) {
            noPlace = inLine;
            return false;
        }
        if (!tryTakeWindows(now)) {
            concurrency.release();
            return false;
        }
        inFlight.incrementAndGet();
        sinceThaw.incrementAndGet();
        return true;
    }

    /** Whether one more may go after a freeze: by time alone, because what is under way may never be answered. */
    private boolean thawed(long now) {
        long steps = (now - frozenUntil.get()) / THAW_STEP_NANOS;
        return now - frozenUntil.get() >= 0 && (steps >= THAW_STEPS || sinceThaw.get() < 1 << steps);
    }

    private boolean tryTakeWindows(long now) {
        for (int i = 0; i < declared.size(); i++) {
            if (!declared.get(i).tryTake(now)) {
                giveBack(i);
                return false;
            }
        }
        if (reported != null && !reported.tryTake(now)) {
            giveBack(declared.size());
            return false;
        }
        return true;
    }

    private void giveBack(int count) {
        for (int i = 0; i < count; i++) {
            declared.get(i).giveBack();
        }
    }

    /** A permit comes back, from any thread, exactly once. */
    void release(boolean sent, boolean answered) {
        long now = now();
        inFlight.decrementAndGet();
        for (int i = 0; i < declared.size(); i++) {
            if (sent) {
                declared.get(i).ended(now, answered);
            } else {
                declared.get(i).giveBack();
            }
        }
        if (reported != null) {
            if (sent) {
                reported.ended(now, answered);
            } else {
                reported.giveBack();
            }
        }
        concurrency.release();
        drainIfAnybodyWaits();
    }

    void heard(ReportedWindow.Report report) {
        if (reported != null) {
            reported.heard(report, now());
            drainIfAnybodyWaits();
        }
    }

    private void drainIfAnybodyWaits() {
        if (waiting.get() > 0) {
            drain();
        }
    }

    /** The server has refused: nobody goes before that time, and then not all at once. */
    void freeze(long forNanos) {
        // Where a line is waiting, other clients have one too, and would all come back at the same moment.
        long jitter = waiting.get() == 0
                ? 0
                : (long) (forNanos * 0.05 * ThreadLocalRandom.current().nextDouble());
        long until = now() + forNanos + jitter;
        frozenUntil.accumulateAndGet(until, (known, asked) -> asked - known > 0 ? asked : known);
        sinceThaw.set(0);
        if (reported != null) {
            reported.refused(until);
        }
    }

    /** Reserves a seat in the line; false if there is none. */
    boolean reserve(boolean secondClass) {
        if (waiting.incrementAndGet() > maxWaiting) {
            waiting.decrementAndGet();
            return false;
        }
        waitingFirst.addAndGet(secondClass ? 0 : 1);
        return true;
    }

    /** Puts a call onto its seat. */
    void enter(AdmittedCall call) {
        inbox.offer(call);
        drain();
    }

    /** A call has left its seat. */
    private void seatFree(boolean secondClass) {
        waiting.decrementAndGet();
        waitingFirst.addAndGet(secondClass ? 0 : -1);
    }

    /** A call has left the line without having been admitted. */
    void left(boolean secondClass) {
        seatFree(secondClass);
        // The others may go on; and a line of those who have gone must not keep their memory.
        if (gone.incrementAndGet() > 1024) {
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
    }

    /** How many would go before a call that came now. */
    int ahead(boolean secondClass) {
        return secondClass ? waiting.get() : waitingFirst.get();
    }

    /** How long a call that came now would wait; {@link Window#NEVER} where nobody can tell. */
    long waitNanos(long now, int ahead) {
        long wait = Math.max(0, frozenUntil.get() - now);
        for (DeclaredWindow window : declared) {
            wait = Math.max(wait, window.waitNanos(now, ahead));
        }
        return reported == null ? wait : Math.max(wait, reported.waitNanos(now, ahead));
    }

    int waiting() {
        return waiting.get();
    }

    /** The largest number of calls that could ever be sent at once, as far as is known. */
    int mostAtOnce() {
        int most = Integer.MAX_VALUE;
        for (DeclaredWindow window : declared) {
            most = Math.min(most, window.limit().permits());
        }
        return reported == null || reported.limit() < 0 ? most : (int) Math.min(most, reported.limit());
    }

    void drain() {
        if (wip.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            takeInbox();
            forgetTheGone();
            admit();
            missed = wip.addAndGet(-missed);
        } while (missed != 0);
    }

    private void takeInbox() {
        for (AdmittedCall call = inbox.poll(); call != null; call = inbox.poll()) {
            (call.isSecondClass() ? second : first).add(call);
        }
    }

    /** Each who has gone is looked at once more for every one who stays, at most. */
    private void forgetTheGone() {
        int known = gone.get();
        if (known > 1024 && known * 2 > first.size() + second.size()) {
            gone.addAndGet(-known);
            first.removeIf(call -> !call.isWaiting());
            second.removeIf(call -> !call.isWaiting());
        }
    }

    /** The client has been closed: who waits is told so, and who comes later too. */
    void close() {
        closed = true;
        drain();
    }

    private void turnAllAway() {
        long now = now();
        for (AdmittedCall call = head(now); call != null; call = head(now)) {
            poll();
            if (call.turnAway(AdmittedCall.closed())) {
                seatFree(call.isSecondClass());
            } else {
                gone.decrementAndGet();
            }
        }
        stopTick();
    }

    private void admit() {
        if (closed) {
            turnAllAway();
            return;
        }
        long now = now();
        sweep(now);
        for (AdmittedCall head = head(now); head != null; head = head(now)) {
            noPlace = false;
            if (!tryTakeAll(now, true)) {
                tickLater(now);
                return;
            }
            poll();
            if (head.admit()) {
                seatFree(head.isSecondClass());
            } else {
                gone.decrementAndGet(); // it has left, and has counted itself out
                release(false, false);
            }
        }
        stopTick();
    }

    /** The next who still waits; those whose time is over are ended on the way. */
    private @Nullable AdmittedCall head(long now) {
        for (ArrayDeque<AdmittedCall> line = line(); !line.isEmpty(); line = line()) {
            AdmittedCall call = line.peek();
            if (call.isWaiting() && call.deadlineNanos() - now > 0) {
                return call;
            }
            line.poll();
            over(call);
        }
        return null;
    }

    private void over(AdmittedCall call) {
        if (call.expire()) {
            seatFree(call.isSecondClass());
        } else {
            gone.decrementAndGet();
        }
    }

    private ArrayDeque<AdmittedCall> line() {
        boolean turn = inARow >= FIRST_CLASS_IN_A_ROW && !second.isEmpty();
        return first.isEmpty() || turn ? second : first;
    }

    private void poll() {
        ArrayDeque<AdmittedCall> line = line();
        inARow = line == first && !second.isEmpty() ? inARow + 1 : 0;
        line.poll();
    }

    /** Ends those whose time is over. */
    private void sweep(long now) {
        if (now - sweptAt < SWEEP_NANOS) {
            return;
        }
        sweptAt = now;
        sweep(first, now);
        sweep(second, now);
    }

    private void sweep(ArrayDeque<AdmittedCall> line, long now) {
        for (Iterator<AdmittedCall> all = line.iterator(); all.hasNext(); ) {
            AdmittedCall call = all.next();
            if (call.deadlineNanos() - now <= 0) {
                all.remove();
                over(call);
            }
        }
    }

    private void tickLater(long now) {
        // Who wants a place is called; who thaws goes in the next step; else the windows know.
        boolean thawing = now - frozenUntil.get() >= 0 && !thawed(now);
        long soonest = noPlace || thawing ? SWEEP_NANOS : waitNanos(now, 0);
        long wait = Math.max(SHORTEST_TICK_NANOS, Math.min(SWEEP_NANOS, soonest));
        long at = now + wait;
        if (tick != null && tickAt - at <= 0 && tickAt - now > 0) {
            return;
        }
        stopTick();
        tickAt = at;
        try {
            tick = scheduler.schedule(this::drain, wait, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            tick = null; // a client whose scheduler has gone: its calls end by what else ends them
        }
    }

    private void stopTick() {
        Disposable running = tick;
        tick = null;
        if (running != null) {
            running.dispose();
        }
    }

    List<DeclaredWindow> declared() {
        return declared;
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Name, and what is known of the quota: for journeys. */
    String describe() {
        if (reported == null || reported.limit() < 0) {
            return name;
        }
        return name + " " + reported.available() + "/" + reported.limit();
    }

    @Override
    public String toString() {
        return name;
    }
}
