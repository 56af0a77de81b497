package io.penstock.ratelimit;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The pause after a refusal, and its gradual end: once it is over some calls go, and in each step of {@value #STEP_NANOS} ns
 * twice as many in all as in the one before.
 *
 * <pre>
 *  refused       |------ frozen ------|
 *  calls go                           1   1   2   4   8   …   as many as want to
 * </pre>
 *
 * With how many it begins follows from what the server says is left, and from how often it has refused of late ({@link
 * Refusals}). It ends by time alone, because what is under way may never be answered; and sooner when an answer tells that
 * most is there again: from then on a part of that goes at once, and twice as much in each step.
 */
final class RefusalCooldown {

    static final long STEP_NANOS = 100_000_000L;

    private static final int STEPS = 12;

    /** Whose answer tells that most is there is not the only one who hears of it: so large a part may go at once. */
    private static final int PART_AT_ONCE = 64;

    /** Enough to know that it hardly ever refuses. */
    private static final int MANY_SERVED = 10_000;

    private final AtomicInteger gone = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger(MANY_SERVED);
    private volatile Thaw thaw;
    private Refusals refusals = Refusals.none();

    /**
     * How calls go again.
     *
     * @param until before this nobody goes
     * @param asked whether the server has asked for that; otherwise it holds until the server does
     * @param width how many may go at once then
     */
    record Thaw(long until, boolean asked, int width) {

        /** Returns the end after another refusal: of several that the server has asked for, the longest holds. */
        Thaw refused(long time, boolean isAsked, int newWidth) {
            boolean replaces = time - until > 0 || (!asked && isAsked);
            return new Thaw(replaces ? time : until, isAsked, newWidth);
        }

        /** How many may have gone by then, in all. */
        long mayGo(long now) {
            long over = now - until;
            return over < 0 ? 0 : over >= STEPS * STEP_NANOS ? Long.MAX_VALUE : (long) width << (over / STEP_NANOS);
        }
    }

    /**
     * How often a server refuses.
     *
     * @param share of the answers that were refusals, of late, from 0 to 1; -1 before the first one
     */
    record Refusals(double share) {

        /** More than so many at once are as good as all. */
        private static final int WIDEST = 1 << 20;

        /** Returns the share before the first refusal. */
        static Refusals none() {
            return new Refusals(-1);
        }

        /**
         * Returns the share after another refusal.
         *
         * @param served how many answers were none since the last
         */
        Refusals another(int served) {
            double now = 1.0 / (1 + served);
            return new Refusals(share < 0 ? Math.max(now, 0.5) : (share + now) / 2);
        }

        /**
         * Returns how many may go at once after a refusal: as many as are served between two, twice that many where the server
         * says that there is more, and a single one where it says that nothing is left.
         *
         * @param left how many the server has left, or -1 where it does not say
         */
        int width(long left) {
            double between = (1 - share) / Math.max(share, 1e-6);
            double width = left == 0 ? 1 : left < 0 ? between : Math.min((double) left, 2 * between);
            return (int) Math.max(1, Math.min(WIDEST, Math.round(width)));
        }

        /**
         * Returns how long nobody goes after a refusal. Where something is left, and others are served, there is no reason to
         * wait that the server has not given; where most are refused, asking for no wait at all is no reason to come back at
         * once for ever.
         *
         * @param asked whether the server has said how long
         */
        long pauseNanos(long nanos, boolean asked, long left) {
            boolean most = share > 0.5;
            return most ? Math.max(STEP_NANOS, nanos) : !asked && left > 0 ? 0 : nanos;
        }
    }

    RefusalCooldown(long now) {
        this.thaw = new Thaw(now - STEPS * STEP_NANOS, false, 1);
    }

    /** The server has refused one more, and says that so many are left, or -1. Returns how it does that of late. */
    synchronized Refusals another(long left) {
        refusals = refusals.another(served.getAndSet(0));
        return refusals;
    }

    /** Nobody goes before that time, and then so many at once. */
    synchronized void until(long time, boolean asked, int width) {
        thaw = thaw.refused(time, asked, width);
        gone.set(0);
    }

    /** The server has served one. */
    void served() {
        if (served.get() < MANY_SERVED) {
            served.incrementAndGet();
        }
    }

    /** An answer to a request of that time says that most of the quota is left, namely so much. */
    void heardMore(long startedNanos, long now, long left) {
        Thaw known = thaw;
        if (now - known.until < STEPS * STEP_NANOS && startedNanos - known.until >= 0) {
            synchronized (this) {
                Thaw last = thaw;
                if (startedNanos - last.until >= 0) { // else another refusal has come
                    int width = (int) Math.min(Refusals.WIDEST, left / PART_AT_ONCE);
                    thaw = new Thaw(last.until, last.asked, Math.max(last.width, width));
                }
            }
        }
    }

    /** Whether one more may go. */
    boolean allows(long now) {
        Thaw known = thaw;
        return now - known.until >= STEPS * STEP_NANOS || gone.get() < known.mayGo(now);
    }

    /** One has gone. */
    void passed(long now) {
        if (now - thaw.until < STEPS * STEP_NANOS) {
            gone.incrementAndGet();
        }
    }

    /** How long until the first may go; 0 if it may already. */
    long waitNanos(long now) {
        return Math.max(0, thaw.until - now);
    }
}
