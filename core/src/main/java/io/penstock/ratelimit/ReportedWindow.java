package io.penstock.ratelimit;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The quota that a server reports with its answers.
 *
 * <p>Within a window a server's count only goes down, in the order in which it takes requests; answers arrive in any order. So
 * the <em>least</em> that any answer has left is the newest word, and every answered request is counted in it: one that was
 * taken later would have left less. It gives way to a larger one only where the request of that was sent after the least
 * had been heard, and so was certainly taken later. What may be sent is therefore
 *
 * <pre>
 *  least remaining − own requests in flight − requests that ended without a report − what others spend in a round trip
 * </pre>
 *
 * and nothing of it can be refused. Alone, a client sends all of that at once; where others spend of the same quota it keeps to
 * its part ({@link Competition}), evenly over the time that is left ({@link Pace}). A server whose quota flows back all the time (a token bucket) tells when it will be full,
 * which is too late to wait for; where that has been seen, it is asked again after a hundredth of that.
 *
 * <pre>
 *  remaining     5  4  3  2  1  0 |                     | 5
 *  window        |----------------- until the reset ----|-- one goes ahead and finds out, then the others
 * </pre>
 *
 * {@code word} holds the allowance and the requests in flight, so that both are looked at, and one more is let through,
 * by a single compare-and-set. All else belongs to whoever holds {@code busy} for a few instructions.
 */
final class ReportedWindow implements Window {

    private static final long UNKNOWN = -1;
    /** So long the one that goes ahead may take before another does: its answer may have been lost. */
    private static final long PROBE_PATIENCE_NANOS = 1_000_000_000L;
    /** Resets are mostly told in whole seconds: two that differ by less are the same. */
    private static final long SAME_RESET_NANOS = 1_500_000_000L;
    /** Foreign use below this rate (per second) needs no reserve. */
    private static final double NOISE = 0.05;

    /** Resets come in whole seconds, rounded up: what is spread ends so much before. */
    private static final long RESET_GRAIN_NANOS = 1_000_000_000L;

    /** What is spread is never spread over less than this. */
    private static final long LEAST_SPREAD_NANOS = 250_000_000L;

    private final AtomicLong word = new AtomicLong();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Pace pace = new Pace();
    private final Competition competition = new Competition();
    private volatile @Nullable String policy;
    private volatile boolean silent;
    private volatile boolean probing;
    private volatile long limit = UNKNOWN;
    private volatile long resetAt;
    private volatile long lengthNanos = UNKNOWN;
    /** When more may be there than is known: the reset, or earlier where the quota flows back all the time. */
    private volatile long moreAt;

    private long least = UNKNOWN;
    /** The same as an answer has told it: a refusal may have other reasons than that others had the rest. */
    private long leastTold = UNKNOWN;

    private long leastHeardAt;
    private long firstResetAt;
    private boolean flows;
    private boolean mistaken;
    private volatile boolean suspect;
    private volatile long suspectSince;
    private boolean early;
    private long windowBegan;
    private int unreported;
    private long lastUnreportedAt;
    private long sentInWindow;
    private double roundTripNanos;

    /** Nothing is known yet: as after a reset, one request goes ahead. */
    ReportedWindow(long now) {
        this(now, now, null, 0);
    }

    /**
     * Of a policy that is named for the first time.
     *
     * @param startedNanos when the request was admitted whose answer names it
     * @param underWay how many requests may have been sent already that do not know of it
     */
    ReportedWindow(long now, long startedNanos, @Nullable String policy, int underWay) {
        this.policy = policy;
        this.windowBegan = startedNanos;
        this.resetAt = now;
        this.moreAt = now;
        this.unreported = underWay;
        this.lastUnreportedAt = now;
    }

    /** The name of the policy, or null where the server names none. */
    @Nullable
    String policy() {
        return policy;
    }

    /** Whether nothing has been heard yet. */
    boolean isUntold() {
        return limit < 0 && least == UNKNOWN;
    }

    /** Takes the name of the policy that a report is of, and gives the report. */
    QuotaReport named(QuotaReport report) {
        policy = report.policy();
        return report;
    }

    /** Whether an answer to a request of this time should have told of the window that has begun. */
    boolean isAwaited(long startedNanos) {
        return probing && startedNanos - windowBegan >= 0;
    }

    private static long pack(int allowance, int inFlight) {
        return ((long) allowance << 32) | (inFlight & 0xffff_ffffL);
    }

    private static int allowance(long word) {
        return (int) (word >> 32);
    }

    private static int inFlight(long word) {
        return (int) word;
    }

    @Override
    public boolean tryTake(long now) {
        return takePaced(now) || (rollOver(now) && takePaced(now));
    }

    private boolean takePaced(long now) {
        if (!pace.tryPass(now)) {
            return false;
        }
        boolean taken = takeAllowed();
        if (!taken) {
            pace.giveBack();
        }
        return taken;
    }

    private boolean takeAllowed() {
        long seen = word.get();
        while (allowance(seen) > inFlight(seen)) {
            if (word.compareAndSet(seen, pack(allowance(seen), inFlight(seen) + 1))) {
                return true;
            }
            seen = word.get();
        }
        return false;
    }

    /** The window is over: one request may go and find out how much there is of the next. */
    private boolean rollOver(long now) {
        if (now - moreAt < 0 && !isStuck(now)) {
            return false;
        }
        enter();
        try {
            if (now - moreAt < 0 && !isStuck(now)) {
                return true; // somebody else was first; perhaps there is something for us too
            }
            early = now - resetAt < 0;
            moreAt = now + PROBE_PATIENCE_NANOS;
            if (!probing) {
                begin(now); // else the one before has not been answered in time: its window goes on
            }
            probing = true;
            allow(inFlight(word.get()) + 1);
            return true;
        } finally {
            busy.set(false);
        }
    }

    /** Nothing is under way that could tell more, and something may be left: what ended without an answer is a guess. */
    private boolean isStuck(long now) {
        return suspect && inFlight(word.get()) == 0 && now - suspectSince >= PROBE_PATIENCE_NANOS;
    }

    private void begin(long now) {
        if (leastTold != UNKNOWN && limit > 0 && !flows) {
            competition.windowOver(own(), limit - leastTold, now - windowBegan);
        }
        pace.off();
        windowBegan = now;
        least = UNKNOWN;
        leastTold = UNKNOWN;
        unreported = 0;
        sentInWindow = 0;
    }

    private void allow(int units) {
        word.updateAndGet(seen -> pack(units, inFlight(seen)));
    }

    /** Some arithmetic at a time, nobody waits inside: a spin is shorter than any other way. */
    private void enter() {
        boolean entered = busy.compareAndSet(false, true);
        while (!entered) {
            entered = busy.compareAndSet(false, true);
        }
    }

    @Override
    public void overdraw() {
        word.updateAndGet(seen -> pack(allowance(seen), inFlight(seen) + 1));
    }

    @Override
    public boolean refillsByItself(long now) {
        return limit >= 0 && !probing;
    }

    @Override
    public void giveBack() {
        pace.giveBack();
        word.updateAndGet(seen -> pack(allowance(seen), inFlight(seen) - 1));
    }

    @Override
    public void ended(long now, boolean answered) {
        if (!answered && !silent) {
            enter();
            try {
                unreported++;
                lastUnreportedAt = now;
                update(now);
            } finally {
                busy.set(false);
            }
        }
        // While one goes ahead, those of the window before end without making room for others.
        word.updateAndGet(seen -> pack(probing ? allowance(seen) - 1 : allowance(seen), inFlight(seen) - 1));
    }

    /**
     * An answer has come. Its request still counts as in flight.
     *
     * @param report what it says of this policy, or null if it says nothing
     * @param startedNanos when its request was admitted
     */
    void heard(@Nullable QuotaReport report, long now, long startedNanos) {
        enter();
        try {
            if (report != null && report.limit() >= 0) {
                limit = report.limit();
            }
            if (startedNanos - windowBegan < 0 && (probing || least != UNKNOWN)) {
                return; // late word of the window before
            }
            if (report == null || report.remaining() < 0) {
                heardNothing(now);
            } else {
                heardRemaining(report, now, startedNanos);
            }
        } finally {
            busy.set(false);
        }
    }

    private void heardRemaining(QuotaReport report, long now, long startedNanos) {
        roundTripNanos = roundTripNanos * 0.9 + 0.1 * (now - startedNanos);
        long told = now + report.freshInNanos();
        boolean newer = least == UNKNOWN || startedNanos - leastHeardAt > 0;
        flows |= newer && !probing && least != UNKNOWN && flowsBack(report, told, now);
        if (least == UNKNOWN && limit > 0) {
            competition.firstHeard(limit - report.remaining() - 1);
        }
        if ((probing || least == UNKNOWN) && report.resets()) {
            firstResetAt = told;
        }
        if (report.resets() && (probing || silent || newer || told - resetAt > 0)) {
            // Whole seconds: of what is told within a window the latest is not before the truth.
            boolean same = !probing && !silent && Math.abs(told - resetAt) < SAME_RESET_NANOS;
            resetAt = same ? Math.max(resetAt, told) : told;
            lengthNanos = Math.max(lengthNanos, Math.max(told - now, report.windowNanos()));
        }
        silent = false;
        probing = false;
        sentInWindow++;
        if (newer || report.remaining() < least) {
            least = report.remaining();
            leastTold = least;
            leastHeardAt = now;
            expectMore(now);
            if (startedNanos - lastUnreportedAt > 0) {
                unreported = 0; // what ended before this request was sent is counted in what it left
            }
        }
        update(now);
    }

    /**
     * Something has come back before the reset; or using some has moved the reset, which then tells when all is back.
     * Only known from answers of one window: in the next one more is left, and the reset another.
     */
    private boolean flowsBack(QuotaReport report, long told, long now) {
        if (!report.resets()) {
            return false;
        }
        if (report.remaining() > least + limit / 2) {
            firstResetAt = told;
            return false;
        }
        boolean moved = told - firstResetAt >= 2 * SAME_RESET_NANOS;
        boolean before = now - resetAt < -SAME_RESET_NANOS;
        return moved ? report.remaining() < least : before && report.remaining() >= least;
    }

    /** A quota that flows back need not be waited for until it is full: a hundredth of it is worth asking. */
    private void expectMore(long now) {
        long missing = limit - least;
        long untilFull = resetAt - now;
        moreAt = !flows || mistaken || missing <= 0 || untilFull <= 0
                ? resetAt
                : now + untilFull / missing * Math.min(missing, Math.max(1, limit / 100));
    }

    /** An answer without quota headers: lost on the way once there have been some; otherwise the server has none. */
    private void heardNothing(long now) {
        if (limit < 0) {
            silent = true;
            probing = false;
            allow(Integer.MAX_VALUE);
            return;
        }
        if (probing && early) {
            probing = false; // nothing was learned, and nothing is lost: it is asked again at once
            least = 0;
            moreAt = now;
        } else if (probing) {
            probing = false;
            resetAt = now + (lengthNanos > 0 ? lengthNanos : PROBE_PATIENCE_NANOS);
            moreAt = resetAt;
            least = limit;
            leastHeardAt = now;
        }
        unreported++;
        lastUnreportedAt = now;
        update(now);
    }

    private void update(long now) {
        if (least != UNKNOWN && !probing && !silent) {
            long left = least - unreported;
            double expected = expectedElsewhere(now);
            long units = left - reserve(expected / untilReset(now));
            if (competition.isNew()) {
                units = Math.min(units, 2 * own()); // others have been seen, and nobody knows how fast they spend
            }
            suspect = units <= 0 && least > 0;
            suspectSince = lastUnreportedAt;
            allow((int) Math.max(-1, Math.min(Integer.MAX_VALUE - 1, units)));
            keepToOurPart(left, expected, now);
        }
    }

    private void keepToOurPart(long left, double expected, long now) {
        if (flows || !competition.isContested() || limit <= 0 || lengthNanos <= 0) {
            pace.off();
            return;
        }
        long free = Math.max(0, left - inFlight(word.get()));
        double claim = competition.claim(own(), limit - least, free, expected, limit);
        long grain = Math.min(RESET_GRAIN_NANOS, lengthNanos / 4);
        long shortest = Math.min(LEAST_SPREAD_NANOS, lengthNanos / 16);
        long gone = competition.goneAt(left, leastHeardAt, windowBegan, limit, lengthNanos);
        pace.spread(claim, Math.max(shortest, resetAt - grain - now), now, gone, lengthNanos);
    }

    /** What others spend during a round trip is left to them. */
    private long reserve(double ratePerNano) {
        return ratePerNano * 1e9 < NOISE ? 0 : (long) Math.ceil(ratePerNano * roundTripNanos);
    }

    private double untilReset(long now) {
        return Math.max(1, resetAt - now);
    }

    /** Own requests of this window, answered or not. */
    private long own() {
        return sentInWindow + unreported;
    }

    /** How many others will spend until the reset. */
    private double expectedElsewhere(long now) {
        if (limit <= 0 || flows) {
            return 0;
        }
        long underWay = inFlight(word.get());
        double rate = competition.ratePerNano(own() + underWay, limit - least, now - windowBegan, lengthNanos);
        return rate * untilReset(now);
    }

    /** The server has refused: nothing is left until then. */
    void refused(long untilNanos) {
        enter();
        try {
            silent = false;
            probing = false;
            mistaken |= early;
            least = 0;
            leastHeardAt = untilNanos;
            resetAt = untilNanos;
            moreAt = untilNanos;
            allow(0);
            pace.off();
        } finally {
            busy.set(false);
        }
    }

    @Override
    public long waitNanos(long now, int ahead) {
        long seen = word.get();
        long units = Math.max(0, (long) allowance(seen) - inFlight(seen)) - ahead;
        long paced = units > 0 ? pace.waitNanos(now, ahead) : NEVER;
        if (paced != NEVER) {
            return paced;
        }
        long untilMore = moreAt - now;
        if ((probing && untilMore > 0) || (limit < 0 && ahead > 0)) {
            return NEVER; // an answer will tell
        }
        long wait = Math.max(0, untilMore);
        long windows = limit > 0 ? -units / limit : 0;
        long length = lengthNanos;
        return windows == 0 || length <= 0 ? wait : windows > (NEVER - wait) / length ? NEVER : wait + windows * length;
    }

    long limit() {
        return limit;
    }

    /** What may be sent now. */
    int available() {
        long seen = word.get();
        return Math.max(0, allowance(seen) - inFlight(seen));
    }
}
