package io.penstock.circuit;

import java.util.concurrent.TimeUnit;

/**
 * The pace at which calls are let through to a server that is not open to all, as a function of how earlier calls have
 * ended. Not thread-safe; guarded by its circuit.
 *
 * <pre>
 *  PROVING   a new server, or one that is back: as many calls as responses have come, and a few more as time passes
 *  FREE      it has answered enough: no limit
 *  PACED     it fails a part: as many per second as it has recently served, and a little more
 *
 *  PROVING --{@value #PROOF} successes--> FREE --failure share--> PACED --pace no longer limits any call--> FREE
 *     '-------------failure share--------------------^  '--slowing down has no effect--> FREE, for a while
 * </pre>
 *
 * While paced, it proceeds in epochs, each long enough to be meaningful. While nothing fails the pace grows, fast at
 * first, and faster the longer nothing has failed. A share of failures up to {@value #GOOD_SHARE} means that the server
 * is merely busy: the pace stays. Above that, the pace becomes what the server has served in the epoch, times
 * {@value #PROBE}. A server that refuses excess load is thus kept busy and sees little more than it can handle
 * (Google's "Site Reliability Engineering", chapter 21, limits clients by the same measure).
 *
 * <p>Slowing down continues only while it helps. If the share of failures stays the same at a much lower pace, it does
 * not depend on the pace. Then the pace climbs, and continues to climb as long as what the server serves grows with it.
 * A server that refuses for lack of capacity ends the climb at once. (The idea is that of performance-oriented
 * congestion control: Dong et al., "PCC", NSDI 2015.)
 */
final class Pace {

    /** The modes in which calls are let through. */
    enum Mode {
        PROVING,
        FREE,
        PACED
    }

    /** The number of successes that free a server that is new or back. */
    static final int PROOF = 200;

    /**
     * The number of calls to a new server before its first response: enough for everyday bursts, little enough for one
     * that is down.
     */
    static final int FIRST_BURST = 20;

    /** The calls per second to a server that has not answered yet: a slow server is not a failing one. */
    private static final double UNANSWERED_PER_SECOND = 100;

    static final double PROBE = 1.05;
    static final double GOOD_SHARE = 0.12;
    private static final double CLEAN_SHARE = 0.05;
    /** The slowest pace, in calls per second. A slower one reveals nothing within the time that callers have. */
    static final double SLOWEST = 4;
    /**
     * The greatest first pace of a server that has failed before it has answered much: what it has served may have been
     * a burst.
     */
    private static final double UNPROVEN = 10;
    /** The fastest pace, in calls per second. A faster one is no limit that matters. */
    static final double FASTEST = 2_000;

    private static final int EPOCH_OUTCOMES = 12;
    private static final int FEW_OUTCOMES = 4;
    private static final long EPOCH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long TELLING_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long SHORT_EPOCH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONG_EPOCH_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** The number of failures that end an epoch early if most calls fail. */
    private static final int MANY_FAILURES = 5;

    private static final int SMOOTHED_TIMES = 8;
    /** The minimum time without a success before a server counts as down. */
    private static final double SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /**
     * The usual shares of failures below which {@code minimumCalls} failures in a row, or even fewer, cannot be chance.
     */
    private static final double OFTEN = 0.4;

    private static final double SELDOM = 0.3;

    private static final int CARRIED = 4;
    private static final long CATCH_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final double FAST_GROWTH = 1.6;
    private static final double GROWTH = 0.04;
    private static final int MOST_DOUBLINGS = 4;

    /** The factor of the pace that counts as much slower, and the factor of the share that counts as the same. */
    private static final double MUCH_SLOWER = 0.6;

    private static final double SAME_SHARE = 0.7;
    private static final double UNKNOWN = Double.MAX_VALUE;
    private static final double CLIMB = 4;
    private static final int CLIMB_OUTCOMES = 12;
    /**
     * The factor by which the share of successes may fall by chance in a climb. It falls to a quarter if capacity is
     * lacking.
     */
    private static final double CLIMB_SUCCESS = 0.4;
    /** How long a server whose failures do not depend on the pace is not slowed down again. */
    private static final long INDIFFERENT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int IDLE_EPOCHS = 3;
    /** The time for which tokens are saved up, because timers are late on a busy machine. */
    private static final double SAVED_SECONDS = 0.02;

    private static final double LEAST_SAVED = 1;

    private final double failureRate;
    private final int minimumCalls;
    private final int window;
    private final OutcomeHistory outcomes;

    private Mode mode = Mode.PROVING;

    /** The tokens, of which each call takes one. In PROVING successes bring some back, in PACED time does. */
    private double tokens = FIRST_BURST;

    private long tokensAt;
    private double perSuccess = 1;
    private int proof;

    private long succeededAt;
    private boolean everSucceeded;
    /** The smoothed durations of successes and failures. A refusal often comes at once, a success later. */
    private double successNanos;

    private double failureNanos;

    private int inARowOfEpochs;
    private double rate = SLOWEST;
    private boolean doubling;
    private int cleanEpochs;
    private int cleanOutcomes;
    private int goodOutcomes;
    private int idleEpochs;
    private boolean limited;
    /** Whether this is the first epoch; and the number of earlier calls that were served in it. */
    private boolean entering;

    private int carried;
    private long epochAt;
    private int succeeded;
    private int failed;
    /** The pace and the share of failures before it was slowed down; the share is 0 if it was not. */
    private double slowedFromRate;

    private double slowedFromShare;
    private boolean climbing;
    private double climbSuccess;
    private double climbServed;
    /** Whether nothing failed at a lower pace, not long ago. */
    private boolean sensitive;

    private long sensitiveUntil;
    private long indifferentUntil;
    private boolean indifferent;

    /**
     * Creates a pace for an unknown server.
     *
     * @param failureRate the share of failures of the last {@code minimumCalls} at which the server is slowed down
     * @param minimumCalls the number of failures in a row at which the server counts as down if failures are not usual;
     *     at most {@value OutcomeHistory#MOST_COUNTED} count
     * @param window the number of failures in a row at which the server counts as down in any case
     */
    Pace(double failureRate, int minimumCalls, int window, long now) {
        this.failureRate = failureRate;
        this.minimumCalls = Math.min(OutcomeHistory.MOST_COUNTED, minimumCalls);
        this.outcomes = new OutcomeHistory(this.minimumCalls);
        this.window = window;
        this.tokensAt = now;
    }

    Mode mode() {
        return mode;
    }

    /** Returns the calls per second while paced. */
    double rate() {
        return rate;
    }

    /** Returns the failures among the last outcomes, as text. */
    String lastOutcomes() {
        return outcomes.toString();
    }

    int failuresInARow() {
        return outcomes.failuresInARow();
    }

    /** Returns 0 and counts the call if it may go now; otherwise the nanoseconds until the next one may. */
    long take(long now) {
        if (mode == Mode.FREE) {
            return 0;
        }
        refill(now);
        if (tokens < 1) {
            limited = true;
            double perSecond = perSecond();
            return Math.max(1, (long) Math.ceil((1 - tokens) / perSecond * 1e9));
        }
        count();
        return 0;
    }

    private double perSecond() {
        return mode == Mode.PACED ? rate : outcomes.failuresInARow() > 1 ? SLOWEST : UNANSWERED_PER_SECOND;
    }

    /**
     * Returns the nanoseconds until one more call may go behind the given number of waiting ones; 0 if it need not
     * wait.
     */
    long nextIn(long now, int waiting) {
        if (mode == Mode.FREE) {
            return 0;
        }
        refill(now);
        return (long) Math.ceil(Math.max(0, 1 + waiting - tokens) / perSecond() * 1e9);
    }

    /** Lets a call go in any case. Later calls wait for it, but only for a limited number of such calls. */
    void overdraw(long now) {
        if (mode != Mode.FREE) {
            refill(now);
            tokens = Math.max(tokens - 1, -FIRST_BURST);
        }
    }

    /** Reverts the count of a call that was let through and has ended without having been sent. */
    void unused() {
        tokens++;
    }

    private void count() {
        tokens--;
    }

    private void refill(long now) {
        double seconds = (now - tokensAt) / 1e9;
        tokensAt = now;
        if (mode == Mode.PACED) {
            tokens = Math.min(Math.max(LEAST_SAVED, rate * SAVED_SECONDS), tokens + seconds * perSecond());
        } else {
            // Time refills up to the burst of a new server. It takes nothing away of what successes have added.
            tokens = Math.max(tokens, Math.min(FIRST_BURST, tokens + seconds * perSecond()));
        }
    }

    /**
     * Starts again after a single call has found the server back: that many more calls may go, and two for each
     * success.
     */
    void back(int trials, long now) {
        prove(trials, 2, now);
    }

    private void prove(double burst, double newPerSuccess, long now) {
        mode = Mode.PROVING;
        tokens = burst;
        tokensAt = now;
        perSuccess = newPerSuccess;
        proof = 0;
        forgetOutcomes();
        outcomes.forgetShare();
        everSucceeded = false;
        indifferent = false;
        sensitive = false;
    }

    private void forgetOutcomes() {
        outcomes.forget();
        inARowOfEpochs = 0;
    }

    /** Returns whether one more success changes nothing: the server is free and has not failed for long. */
    boolean isClean() {
        return mode == Mode.FREE && outcomes.isFull() && outcomes.failures() == 0;
    }

    /** Records the success of a call that was let through at the given time. */
    void succeeded(long startedNanos, long now) {
        outcomes.succeeded();
        successNanos += (Math.min(LONG_EPOCH_NANOS, now - startedNanos) - successNanos) / SMOOTHED_TIMES;
        everSucceeded = true;
        succeededAt = now;
        inARowOfEpochs = 0;
        if (mode == Mode.PROVING) {
            tokens += perSuccess;
            if (++proof >= PROOF) {
                free();
            }
        } else if (mode == Mode.PACED && startedNanos - epochAt >= 0) {
            succeeded++;
            epoch(now);
        } else if (entering) {
            carried++;
            catchUp(now);
        }
    }

    /**
     * Raises the pace by calls that were sent before the server was slowed down and are served only now. They show what
     * it can do: a burst that a limit lets through ends at once, while a server that works goes on serving.
     */
    private void catchUp(long now) {
        long elapsed = now - epochAt;
        double perSecond = carried / (elapsed / 1e9);
        if (carried >= CARRIED && elapsed >= CATCH_UP_NANOS && perSecond > rate) {
            begin(PROBE * perSecond, now);
        }
    }

    /** Records a refusal by a server that works. It is an answer, and reveals nothing about failures. */
    void answered() {
        if (mode == Mode.PROVING) {
            tokens += perSuccess;
        }
    }

    /**
     * Records the failure of a call that was let through at the given time.
     *
     * @param served the calls per second that the server has recently served
     * @return whether the server is down, so that only single trials are let through
     */
    boolean failed(long startedNanos, long now, double served) {
        outcomes.failed();
        failureNanos += (Math.min(LONG_EPOCH_NANOS, now - startedNanos) - failureNanos) / SMOOTHED_TIMES;
        if (mode == Mode.PACED) {
            if (startedNanos - epochAt >= 0) {
                failed++;
                inARowOfEpochs++;
            }
            if (isDown(now)) {
                return true;
            }
            epoch(now);
        } else if (isDown(now)) {
            return true;
        } else if (isFailing(now)) {
            slowDown(mode == Mode.FREE ? PROBE * served : Math.min(UNPROVEN, served / 2), now);
        }
        return false;
    }

    /**
     * Returns whether the server is down. {@code window} failures in a row cannot be chance. If failures are not usual,
     * {@code minimumCalls} are enough, and once it has been slowed down even fewer. Many failures at the same moment
     * may be just the excess load: the server is down only if it serves nothing any more.
     */
    private boolean isDown(long now) {
        if (everSucceeded && (mode == Mode.FREE || now - succeededAt < Math.max(SILENT_NANOS, 2 * successNanos))) {
            return false;
        }
        int inARow = outcomes.failuresInARow();
        double usualShare = outcomes.usualShare();
        return inARow >= window
                || (inARow >= minimumCalls && usualShare < OFTEN)
                || (mode == Mode.PACED
                        && usualShare < SELDOM
                        && inARowOfEpochs >= MANY_FAILURES
                        && 4 * inARow >= 3 * minimumCalls);
    }

    private boolean isFailing(long now) {
        if (indifferent && indifferentUntil - now > 0) {
            return false;
        }
        return outcomes.isFull() && outcomes.failures() >= failureRate * outcomes.counted();
    }

    private void slowDown(double newRate, long now) {
        mode = Mode.PACED;
        slowedFromRate = UNKNOWN;
        slowedFromShare = (double) outcomes.failures() / outcomes.counted();
        climbing = false;
        doubling = true;
        cleanEpochs = 0;
        idleEpochs = 0;
        inARowOfEpochs = 0;
        tokens = 0;
        tokensAt = now;
        begin(newRate, now);
        entering = true;
        carried = 0;
    }

    private void begin(double newRate, long now) {
        refill(now);
        rate = Math.max(SLOWEST, newRate);
        epochAt = now;
        succeeded = 0;
        failed = 0;
        limited = false;
        entering = false;
    }

    private void free() {
        mode = Mode.FREE;
        forgetOutcomes();
    }

    /**
     * Decides on the next epoch if this one is meaningful. Calls sent just now have not ended yet, and a refusal comes
     * sooner than a success: each counts for the time in which it could have ended.
     */
    private void epoch(long now) {
        double sinceServed = now - epochAt - successNanos;
        double sinceFailed = failed == 0 ? sinceServed : now - epochAt - failureNanos;
        double shorter = Math.min(sinceServed, sinceFailed);
        if (shorter < SHORT_EPOCH_NANOS) {
            return;
        }
        int ended = succeeded + failed;
        double servedPerSecond = succeeded / sinceServed * 1e9;
        double failedPerSecond = failed / sinceFailed * 1e9;
        double failures = failedPerSecond / (servedPerSecond + failedPerSecond);
        if (climbing) {
            if (ended >= CLIMB_OUTCOMES) {
                climb(failures, servedPerSecond, now);
            }
        } else if (isTelling(ended, failures, shorter)) {
            next(failures, servedPerSecond, now);
        }
    }

    /** Returns whether an epoch is long enough. It is shorter if most calls fail, and longer if few are sent. */
    private boolean isTelling(int ended, double failures, double nanos) {
        boolean most = failed >= MANY_FAILURES && failures >= 0.5;
        boolean slowed = slowedFromShare > 0;
        if (ended >= EPOCH_OUTCOMES) {
            return most || nanos >= EPOCH_NANOS;
        }
        boolean few = ended >= FEW_OUTCOMES && nanos >= LONG_EPOCH_NANOS && (!slowed || failures <= GOOD_SHARE);
        return few || (most && !slowed);
    }

    private void next(double failures, double served, long now) {
        if (failures > GOOD_SHARE) {
            goodOutcomes = 0;
            cleanEpochs = 0;
            idleEpochs = 0;
            if (succeeded > 0 && isSlowingNoUse(failures) && !(sensitive && sensitiveUntil - now > 0)) {
                climbing = true;
                climbSuccess = 1 - failures;
                climbServed = served;
                begin(CLIMB * rate, now);
                return;
            }
            if (slowedFromRate == UNKNOWN || failures < SAME_SHARE * slowedFromShare) {
                slowedFromRate = rate;
                slowedFromShare = failures;
            }
            double slower = PROBE * served;
            // A short epoch reveals little about what can be served: a pause of the machine is over soon.
            double floor = now - epochAt < TELLING_NANOS ? rate / 2 : 0;
            doubling = slower < rate / 2;
            begin(Math.max(slower, floor), now);
            return;
        }
        goodOutcomes += succeeded + failed;
        if (goodOutcomes >= 3 * EPOCH_OUTCOMES) {
            slowingHelped(now);
        }
        if (failures > CLEAN_SHARE) {
            doubling = false;
            cleanEpochs = 0;
            idleEpochs = 0;
            begin(rate, now);
            return;
        }
        cleanEpochs++;
        cleanOutcomes = cleanEpochs == 1 ? succeeded : cleanOutcomes + succeeded;
        if (cleanOutcomes >= 2 * EPOCH_OUTCOMES) {
            slowingHelped(now);
        }
        idleEpochs = limited ? 0 : idleEpochs + 1;
        if (idleEpochs >= IDLE_EPOCHS || rate >= FASTEST) {
            free();
            return;
        }
        double factor = doubling ? FAST_GROWTH : 1 + GROWTH * (1 << Math.min(MOST_DOUBLINGS, cleanEpochs - 1));
        begin(limited ? factor * rate : rate, now);
    }

    /**
     * Returns whether the share of successes has not grown as the pace fell. At a limit it grows in proportion as the
     * pace falls; for random failures it stays as it is. The geometric mean of the two is the threshold.
     */
    private boolean isSlowingNoUse(double failures) {
        if (slowedFromShare == 0) {
            return false;
        }
        if (rate <= SLOWEST) {
            return failures >= SAME_SHARE * slowedFromShare;
        }
        return slowedFromRate != UNKNOWN
                && rate <= MUCH_SLOWER * slowedFromRate
                && 1 - failures < (1 - slowedFromShare) * Math.sqrt(slowedFromRate / rate);
    }

    /** Records that hardly anything has failed at this pace, for long enough not to be chance. */
    private void slowingHelped(long now) {
        slowedFromShare = 0;
        sensitive = true;
        sensitiveUntil = now + INDIFFERENT_NANOS;
    }

    private void climb(double failures, double served, long now) {
        if (succeeded == 0 || 1 - failures < CLIMB_SUCCESS * climbSuccess) {
            climbing = false;
            doubling = false;
            slowedFromRate = rate;
            slowedFromShare = failures;
            begin(PROBE * Math.max(served, climbServed), now);
            doubling = rate <= SLOWEST;
        } else if (rate * CLIMB > FASTEST || !limited) {
            indifferent = true;
            indifferentUntil = now + INDIFFERENT_NANOS;
            climbing = false;
            free();
        } else {
            begin(CLIMB * rate, now);
        }
    }
}
