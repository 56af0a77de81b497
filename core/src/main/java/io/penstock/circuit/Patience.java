package io.penstock.circuit;

import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.TurnLine;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The admission of calls at a circuit whose calls wait: its line, its {@link Pace} while it is closed, and single
 * trials while it is not. Guarded by its own monitor, for a few instructions at a time. A server that is well costs no
 * lock.
 */
final class Patience implements TurnLine.Meter {

    private static final int SAMPLE = 16;
    private static final int SAMPLES = 64;
    private static final double SHORTEST_SPAN_SECONDS = 0.25;
    private static final long SECOND = 1_000_000_000L;

    private final Circuit circuit;
    private final CircuitPolicy policy;
    private final Scheduler scheduler;
    private final TurnLine line;
    private final Pace pace;

    private volatile boolean free;
    private volatile boolean clean;
    /** The number of changes to the calls that are let through. */
    private volatile int rules;

    private boolean paced;
    private long openedAt;
    /**
     * The attempt, or its turn, that was let through as a trial and has not been sent yet; and until when others wait
     * for it.
     */
    private @Nullable Object trying;

    private long tryingUntil;
    private boolean nestedTries;

    /**
     * The time of every sixteenth success, from which the calls served per second follow. Counted without a lock, so it
     * may be off by a few.
     */
    private final AtomicLongArray servedAt = new AtomicLongArray(SAMPLES);

    private int served;

    Patience(Circuit circuit, CircuitPolicy policy, Scheduler scheduler, int maxWaiting) {
        this.circuit = circuit;
        this.policy = policy;
        this.scheduler = scheduler;
        this.line = new TurnLine(this, maxWaiting);
        this.pace = new Pace(
                policy.threshold().failureRate(),
                policy.threshold().minimumCalls(),
                policy.threshold().window(),
                now());
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    TurnLine line() {
        return line;
    }

    /** Returns whether a new call goes at once. */
    boolean isFree() {
        return free && !line.isOccupied();
    }

    boolean isClean() {
        return clean;
    }

    synchronized boolean isPaced() {
        return paced;
    }

    /** Returns whether a call that was let through may still be sent. */
    boolean holds(Attempt call) {
        return free || call.pass() == rules;
    }

    @Override
    public long take(TurnLine.Turn turn, long now) {
        CircuitTurn here = (CircuitTurn) turn;
        Attempt call = here.attempt();
        long wait = call == null ? 0 : take(call, turn, now);
        here.counted(call != null && wait == 0);
        return wait;
    }

    @Override
    public void unused(TurnLine.Turn turn) {
        synchronized (this) {
            if (trying == turn) {
                trying = null;
            } else if (((CircuitTurn) turn).isCounted() && circuit.isClosed()) {
                pace.unused();
            }
        }
    }

    /** Returns 0 and lets the call through if it may go now; otherwise the nanoseconds until the next one may. */
    long take(Attempt call, long now) {
        return take(call, call, now);
    }

    private synchronized long take(Attempt call, Object who, long now) {
        if (circuit.isClosed()) {
            long wait = pace.take(now);
            if (wait == 0) {
                call.passes(rules);
            }
            return wait;
        }
        long wait = circuit.nextTrialIn(now);
        // The call that is about to try may wait for the nested call, such as for a token. Then the nested call tries
        // in its place.
        boolean inItsPlace = call.isNested() && !nestedTries;
        if (trying != null && !inItsPlace) {
            wait = Math.max(wait, tryingUntil - now);
        }
        if (wait > 0) {
            return wait;
        }
        trying = who;
        nestedTries = call.isNested();
        tryingUntil = now + circuit.longestWaitNanos();
        call.passes(rules);
        return 0;
    }

    /** Lets a call through that does not wait, unless the server is known to be failing. Returns false if it is. */
    synchronized boolean overdraw(Attempt call, long now) {
        if (!circuit.isClosed() || pace.mode() == Pace.Mode.PACED) {
            return false;
        }
        pace.overdraw(now);
        call.passes(rules);
        return true;
    }

    /** Returns the minimum nanoseconds until the next trial is due; 0 while the circuit is closed. */
    long forecast(long now) {
        return circuit.isClosed() ? 0 : Math.max(0, circuit.nextTrialIn(now));
    }

    /**
     * Returns whether responses, whenever they come, let calls through, so that the wait of the next call is unknown.
     */
    synchronized boolean isProving() {
        return circuit.isClosed() && pace.mode() == Pace.Mode.PROVING;
    }

    /** Returns the nanoseconds until one more call may go, behind all waiting ones, if nothing changes until then. */
    synchronized long nextTurnIn(long now) {
        return pace.nextIn(now, line.waiting());
    }

    /** Records that a call that was let through as a trial is about to be sent. */
    synchronized void tried(Attempt call) {
        if (trying == call || (trying instanceof CircuitTurn turn && turn.attempt() == call)) {
            trying = null;
        }
    }

    /** Handles the end of a call that was let through. If it has not been sent, another one may go in its place. */
    void ended(CircuitTurn turn, Attempt call) {
        if (!call.isPassUsed() && isGivenBack(turn, call)) {
            line.drainIfOccupied();
        }
    }

    private synchronized boolean isGivenBack(CircuitTurn turn, Attempt call) {
        if (trying == turn || trying == call) {
            trying = null;
            return true;
        }
        boolean counted = call.pass() == rules && circuit.isClosed();
        if (counted) {
            pace.unused();
        }
        return counted;
    }

    /** Counts a success. Concurrent calls may lose a count. */
    void served() {
        int count = ++served;
        if (count % SAMPLE == 0) {
            servedAt.lazySet(Math.floorMod(count / SAMPLE, SAMPLES), now());
        }
    }

    /** Returns the calls per second that the server has served in the last second. */
    private double servedPerSecond(long now, boolean burst) {
        int samples = 0;
        long oldest = 0;
        for (int i = 0; i < SAMPLES; i++) {
            long age = now - servedAt.get(i);
            if (servedAt.get(i) != 0 && age < SECOND) {
                samples++;
                oldest = Math.max(oldest, age);
            }
        }
        // A burst, at the beginning, need not repeat.
        double seconds = burst ? 1 : Math.max(SHORTEST_SPAN_SECONDS, oldest / 1e9);
        return samples * SAMPLE / seconds;
    }

    // The following methods are called by the circuit, under the lock.

    void succeeded(Attempt call) {
        served();
        pace.succeeded(call.attemptStartedNanos(), now());
        changed(call);
    }

    void answered() {
        pace.answered();
    }

    /** Records a failure and returns whether the server is down. */
    boolean failed(Attempt call) {
        long now = now();
        boolean burst = pace.mode() == Pace.Mode.PROVING;
        boolean down = pace.failed(call.attemptStartedNanos(), now, servedPerSecond(now, burst));
        if (!down) {
            changed(call);
        }
        return down;
    }

    private void changed(Attempt call) {
        Pace.Mode mode = pace.mode();
        clean = pace.isClean();
        boolean nowFree = mode == Pace.Mode.FREE;
        if (nowFree == free && (mode == Pace.Mode.PACED) == paced) {
            return;
        }
        paced = mode == Pace.Mode.PACED;
        free = nowFree;
        changeRules();
        if (paced) {
            call.note("circuit " + circuit.name() + " slows down to " + perSecond() + ": " + pace.lastOutcomes());
        }
    }

    /** Records that the circuit has opened and returns the reason, as text. */
    synchronized String opened(boolean again) {
        long now = now();
        if (!again) {
            openedAt = now;
        }
        trying = null;
        free = false;
        clean = false;
        paced = false;
        changeRules();
        if (again) {
            return "the trial failed";
        }
        int inARow = pace.failuresInARow();
        return inARow + " of " + inARow + " calls failed";
    }

    /** Returns whether a call was sent since the circuit opened. */
    boolean isSentSinceItOpened(Attempt call) {
        return call.attemptStartedNanos() - openedAt > 0;
    }

    /** Records that the server is back. */
    void back() {
        trying = null;
        paced = false;
        changeRules();
        pace.back(policy.trials(), now());
    }

    /** Changes the number of the rules. The caller holds the lock. */
    private void changeRules() {
        int now = rules;
        rules = now + 1;
    }

    private String perSecond() {
        return Math.round(pace.rate() * 10) / 10.0 + " calls/s";
    }

    /** Returns what holds calls back while the circuit is closed, as text. */
    synchronized String describe() {
        return switch (pace.mode()) {
            case PROVING -> "has a server that has not answered enough yet";
            case FREE -> "lets all calls through now";
            case PACED -> "is slowed down to " + perSecond() + ": " + pace.lastOutcomes();
        };
    }
}
