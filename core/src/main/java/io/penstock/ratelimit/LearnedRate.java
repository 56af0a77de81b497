package io.penstock.ratelimit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The rate at which a server serves the calls of a quota, learned from its refusals, where neither headers nor documents
 * tell a limit. Sends are spread evenly at that rate.
 *
 * <pre>
 *  rate       |                              ,x  refused: the new level
 *  level      |        ____________-------'''  .
 *             |   ,-''                         .
 *  0.96 level |,'                              '
 *             +------- approach ---|---------->   requests sent since the last cut
 * </pre>
 *
 * The curve is that of CUBIC (RFC 9438 §4.2), which the adaptive retry mode of the AWS SDKs applies to rates: quick at
 * first, flat around the level at which the server last refused, and ever steeper beyond it. A network has queues to drain,
 * so CUBIC cuts to 0.7. A limit has none, so the cut is small here; and the axis counts requests instead of seconds, so
 * that the share of refusals does not depend on the rate. Without a refusal, the level doubles at the end of the curve.
 *
 * <pre>
 *  BLOCKED ──served──▶ OBSERVING ──refused──▶ BLOCKED ──served──▶ PACED ──refused──▶ TRYING ──refused──▶ BLOCKED
 *                                                                   ▲                   │
 *                                                                   └───────served──────┘
 * </pre>
 *
 * The first refusal tells no rate, and neither does one after a minute without any: the calls that follow are observed. A
 * second refusal does, if calls have to wait for its end: the rate is what was served from one end of the refusals to the next, without the time in which no
 * call wanted to go. While a server refuses everything, one request at a time asks whether it serves again.
 */
final class LearnedRate implements Window {

    private static final double SECOND = 1e9;

    /** The part of the level at which a rate begins after a refusal. */
    private static final double CUT = 0.96;

    /** The requests after which the rate is back at its level: these, or those of the given time if they are more. */
    private static final int FEWEST_TO_LEVEL = 120;

    private static final double SECONDS_TO_LEVEL = 3;
    /** In these round trips at least, because a refusal is heard one round trip later. */
    private static final double ROUND_TRIPS_TO_LEVEL = 15;
    /** In the time for which everything was refused, this many times, because the window is at least that long. */
    private static final double BLOCKS_TO_LEVEL = 2;

    /** The growth over the level after twice the approach. */
    private static final double GROWTH = 0.5;

    /** The number of served requests from which on a measured rate is trusted. */
    private static final int ENOUGH = 10;

    /** The part of a rate that is left if too few requests were served to measure it. */
    private static final double UNMEASURED_CUT = 0.7;

    /** The least rate, in requests per second. */
    private static final double LEAST = 1.0 / 60;

    /** How far sends may be behind the pace and catch up, because timers are late. */
    private static final long CREDIT_NANOS = 10_000_000L;

    /** A longer time without a send is time in which no call wanted to go. */
    private static final long IDLE_NANOS = 1_000_000_000L;

    /** How long a refusal is remembered before there is a rate. */
    private static final long MEMORY_NANOS = 60_000_000_000L;

    /** The pause after a first refusal, before there is a rate. */
    private static final long FIRST_PAUSE_NANOS = 50_000_000L;

    /** A pause is at most this part of the time for which everything was refused, if that is more than the usual block. */
    private static final int PART_OF_BLOCK = 8;

    private enum State {
        /** The server refuses everything; one request at a time goes. */
        BLOCKED,
        /** There is no rate yet, and nothing is held back. */
        OBSERVING,
        /** There is a rate. */
        PACED,
        /** A refusal has cut the rate, and it is not known yet whether that is enough. */
        TRYING
    }

    private final AtomicLong nextAt = new AtomicLong();
    private final AtomicLong idleNanos = new AtomicLong();
    private final AtomicInteger served = new AtomicInteger();
    /** The requests that went when the pace let them, since the last cut. */
    private final AtomicInteger paced = new AtomicInteger();

    private volatile State state = State.BLOCKED;
    /** The time between two sends; 0 without a rate. */
    private volatile long intervalNanos;
    /** Requests that went earlier say nothing about the current state. */
    private volatile long since;
    /** Whether a call had to wait since the server began to refuse everything. */
    private volatile boolean wanted;
    /** When the last request went. Not synchronized: a slightly wrong value does no harm. */
    private long lastAt;

    /** The average time until a response arrives. Not synchronized: a slightly wrong value does no harm. */
    private long roundTripNanos;

    private volatile double level;
    private volatile double secondsToLevel;
    private long began;
    private long blockedAt;
    private long pauseNanos;
    private long askedAt;
    private boolean asking;

    /** Creates a rate that is not known, at the first refusal. */
    LearnedRate(long now) {
        block(now);
    }

    private void block(long now) {
        state = State.BLOCKED;
        since = now;
        blockedAt = now;
        asking = false;
        wanted = false;
    }

    /** Returns whether refusals are so close to each other that they tell a rate. */
    boolean isLearning(long now) {
        return state != State.OBSERVING || now - began < MEMORY_NANOS;
    }

    /** Starts again with a refusal after a long time without any. */
    synchronized void refusedAgain(long now) {
        block(now);
        pauseNanos = 0;
    }

    /** Records that a call has to wait. If none has to, the refusals have another reason than too many calls. */
    void wanted() {
        wanted = true;
    }

    /** Returns the rate in requests per second, or 0 if it is not known. */
    double perSecond() {
        long interval = intervalNanos;
        return interval == 0 ? 0 : SECOND / interval;
    }

    @Override
    public boolean tryTake(long now, int units) {
        if (state == State.BLOCKED) {
            return ask(now, units);
        }
        long interval = intervalNanos;
        if (interval == 0) {
            long gap = now - lastAt;
            lastAt = now;
            if (gap > IDLE_NANOS) {
                idleNanos.addAndGet(gap);
            }
            return true;
        }
        for (long next = nextAt.get(); next - now <= 0; next = nextAt.get()) {
            long from = Math.max(next, now - CREDIT_NANOS);
            if (nextAt.compareAndSet(next, from + interval * units)) {
                if (from == next) {
                    grow(paced.addAndGet(units));
                } else {
                    idleNanos.addAndGet(from - next);
                }
                return true;
            }
        }
        return false;
    }

    /** Lets one request go and ask whether the server serves again, unless another one is under way. */
    private synchronized boolean ask(long now, int units) {
        if (state != State.BLOCKED) {
            return tryTake(now, units);
        }
        if (asking && now - askedAt < QuotaState.PROBE_PATIENCE_NANOS) {
            wanted = true;
            return false;
        }
        asking = true;
        askedAt = now;
        return true;
    }

    @Override
    public void overdraw(int units) {
        nextAt.addAndGet(intervalNanos * units);
    }

    @Override
    public boolean refillsByItself(long now) {
        // The request that asks whether the server serves again may need the nested one, such as a token exchange.
        return state != State.BLOCKED;
    }

    @Override
    public void giveBack(int units) {
        if (state == State.BLOCKED) {
            synchronized (this) {
                asking = false;
            }
        }
        nextAt.addAndGet(-intervalNanos * units);
    }

    @Override
    public void ended(long now, boolean answered, int units, int cost) {
        // what it says of the rate is told to served() and refused()
    }

    /**
     * Handles a response that is no refusal.
     *
     * @param request when its request was admitted, and what it cost
     */
    void served(Spent request, long now) {
        long startedNanos = request.startedNanos();
        served.addAndGet(request.units());
        roundTripNanos += (now - startedNanos - roundTripNanos) / 8;
        State known = state;
        if ((known == State.BLOCKED || known == State.TRYING) && startedNanos - since >= 0) {
            settle(startedNanos, now);
        }
    }

    private synchronized void settle(long startedNanos, long now) {
        if (startedNanos - since < 0) {
            return;
        }
        if (state == State.TRYING) {
            state = State.PACED;
            begin(since, 1);
        } else if (state == State.BLOCKED && (pauseNanos == 0 || (intervalNanos == 0 && !wanted))) {
            state = State.OBSERVING;
            lastAt = now;
            begin(now, 0);
        } else if (state == State.BLOCKED) {
            long interval = intervalNanos;
            double most = interval == 0 ? Double.MAX_VALUE : SECOND / interval;
            double measured = measured(now);
            double few = interval == 0 ? Math.max(measured, LEAST) : most * UNMEASURED_CUT;
            secondsToLevel = BLOCKS_TO_LEVEL * (now - blockedAt) / SECOND;
            cutTo(served.get() >= ENOUGH ? Math.min(most, measured) : few, now);
            state = State.PACED;
            begin(now, 0);
        }
    }

    private void begin(long at, int servedAlready) {
        began = at;
        served.set(servedAlready);
        idleNanos.set(0);
    }

    /** Returns what was served per second since the last refusals, without the time in which no call wanted to go. */
    private double measured(long now) {
        return served.get() * SECOND / Math.max(1, now - began - idleNanos.get());
    }

    private void cutTo(double newLevel, long now) {
        level = Math.max(LEAST, newLevel);
        paced.set(0);
        grow(0);
        nextAt.set(now + intervalNanos);
        since = now;
    }

    /** Sets the rate after the given number of requests since the last cut. */
    private void grow(int sent) {
        double seconds = Math.max(secondsToLevel, ROUND_TRIPS_TO_LEVEL * roundTripNanos / SECOND);
        double approach = Math.max(FEWEST_TO_LEVEL, level * Math.max(SECONDS_TO_LEVEL, seconds));
        double x = (sent - approach) / approach;
        double rate = level * (1 + (x < 0 ? 1 - CUT : GROWTH) * x * x * x);
        intervalNanos = Math.max(1, (long) (SECOND / rate));
        if (rate >= 2 * level) {
            rebase(rate);
        }
    }

    /** Starts the curve anew at twice its level, so that a rate at most doubles between two refusals that are not there. */
    private synchronized void rebase(double rate) {
        if (state == State.PACED && rate >= 2 * level) {
            level = rate;
            paced.set(0);
        }
    }

    /**
     * Handles a refusal, and returns how long to pause; 0 if its request went before an earlier refusal was known.
     *
     * @param startedNanos when its request was admitted
     * @param usualNanos the pause after a refusal by a server of which nothing is known
     */
    synchronized long refused(long startedNanos, long now, long usualNanos) {
        if (startedNanos - since < 0) {
            return 0;
        }
        switch (state) {
            case PACED -> {
                cutTo(perSecond(), now);
                state = State.TRYING;
                pauseNanos = 0;
            }
            case OBSERVING -> {
                block(now);
                pauseNanos = Math.min(usualNanos, FIRST_PAUSE_NANOS);
            }
            case TRYING -> {
                block(now);
                pauseNanos = Math.min(usualNanos, 2 * intervalNanos);
            }
            default -> {
                asking = false;
                long longest = Math.max(usualNanos, (now - blockedAt) / PART_OF_BLOCK);
                pauseNanos = pauseNanos == 0 ? 0 : Math.min(longest, 2 * pauseNanos);
                return pauseNanos == 0 ? longest : pauseNanos;
            }
        }
        return pauseNanos;
    }

    @Override
    public long waitNanos(long now, int ahead) {
        if (state == State.BLOCKED) {
            return ahead == 0 ? 0 : NEVER;
        }
        long interval = intervalNanos;
        long own = Math.max(0, interval == 0 ? 0 : nextAt.get() - now);
        return interval == 0 ? 0 : ahead > (NEVER - own) / interval ? NEVER : own + ahead * interval;
    }
}
