package io.penstock.ratelimit;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The pause after a refusal, and its gradual end. When it is over, some calls go. With each step of
 * {@value #STEP_NANOS} ns, the total number of calls that may have gone doubles.
 *
 * <pre>
 *  refused       |------ frozen ------|
 *  calls go                           1   1   2   4   8   …   as many as want to
 * </pre>
 *
 * The first number follows from what the server reports as left, and from how often it has refused recently
 * ({@link Refusals}). The end depends on time alone, because calls under way may never be answered. It comes sooner if
 * a response reports that most of the quota is there again: from then on a part of that may go at once, and twice as
 * much in each step.
 */
final class RefusalCooldown {

    static final long STEP_NANOS = 100_000_000L;

    private static final int STEPS = 12;

    /**
     * One part in this many of the quota may go at once when most of it is there again, because other clients hear of
     * it at the same time.
     */
    private static final int PART_AT_ONCE = 64;

    /** The number of served requests from which on a server counts as one that hardly ever refuses. */
    private static final int MANY_SERVED = 10_000;

    private final AtomicInteger gone = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger(MANY_SERVED);
    private volatile Thaw thaw;
    private Refusals refusals = Refusals.none();

    /**
     * The gradual resumption of calls after a pause.
     *
     * @param until the time before which no call goes
     * @param requested the latest time that the server has asked for; if {@code until} is later, it is a time of the
     *     client's own, which is replaced when the server asks for one
     * @param width the number of calls that may go at once then
     */
    record Thaw(long until, long requested, int width) {

        /** Returns the thaw after another refusal. Of several times that the server has asked for, the latest holds. */
        Thaw refused(long time, boolean isAsked, int newWidth) {
            long latest = isAsked ? later(requested, time) : requested;
            return new Thaw(isAsked ? latest : later(until, time), latest, newWidth);
        }

        private static long later(long one, long other) {
            return other - one > 0 ? other : one;
        }

        /** Returns how many calls may have gone by the given time, in total. */
        long mayGo(long now) {
            long over = now - until;
            return over < 0 ? 0 : over >= STEPS * STEP_NANOS ? Long.MAX_VALUE : (long) width << (over / STEP_NANOS);
        }
    }

    /**
     * The frequency of refusals of a server.
     *
     * @param share the recent share of refusals among the responses, from 0 to 1; -1 before the first refusal
     */
    record Refusals(double share) {

        /** The greatest width; more calls at once are as good as any number. */
        static final int WIDEST = 1 << 20;

        /** Returns the share before the first refusal. */
        static Refusals none() {
            return new Refusals(-1);
        }

        /**
         * Returns the share after another refusal.
         *
         * @param served the number of requests that were served since the last refusal
         */
        Refusals another(int served) {
            double now = 1.0 / (1 + served);
            return new Refusals(share < 0 ? Math.max(now, 0.5) : (share + now) / 2);
        }

        /**
         * Returns how many calls may go at once after a refusal: as many as are served between two refusals, up to
         * twice that many if the server reports that more is left, and a single one if it reports that nothing is left.
         *
         * @param left the units that the server has left, or -1 if it does not report them
         */
        int width(long left) {
            double between = (1 - share) / Math.max(share, 1e-6);
            double width = left == 0 ? 1 : left < 0 ? between : Math.min((double) left, 2 * between);
            return (int) Math.max(1, Math.min(WIDEST, Math.round(width)));
        }

        /**
         * Returns the pause after a refusal. If something is left and most calls are served, only the server can ask
         * for a pause. If most calls are refused, the pause is at least one step, even if the server asks for none, so
         * that calls do not come back at once forever.
         *
         * @param asked whether the server has stated how long to wait
         */
        long pauseNanos(long nanos, boolean asked, long left) {
            boolean most = share > 0.5;
            return most ? Math.max(STEP_NANOS, nanos) : !asked && left > 0 ? 0 : nanos;
        }
    }

    RefusalCooldown(long now) {
        long over = now - STEPS * STEP_NANOS;
        this.thaw = new Thaw(over, over, 1);
    }

    /** Records another refusal, which reports the units left or -1, and returns the updated refusals. */
    synchronized Refusals another(long left) {
        refusals = refusals.another(served.getAndSet(0));
        return refusals;
    }

    /** Holds all calls back until the given time, and then lets the given number go at once. */
    synchronized void until(long time, boolean asked, int width) {
        thaw = thaw.refused(time, asked, width);
        gone.set(0);
    }

    /** Records that the server has served a request. */
    void served() {
        if (served.get() < MANY_SERVED) {
            served.incrementAndGet();
        }
    }

    /**
     * Records a response, to a request of the given time, that reports that most of the quota is left, with that
     * amount.
     */
    void heardMore(long startedNanos, long now, long left) {
        Thaw known = thaw;
        if (now - known.until < STEPS * STEP_NANOS && startedNanos - known.until >= 0) {
            synchronized (this) {
                Thaw last = thaw;
                if (startedNanos - last.until >= 0) { // else another refusal has come
                    int width = (int) Math.min(Refusals.WIDEST, left / PART_AT_ONCE);
                    thaw = new Thaw(last.until, last.requested, Math.max(last.width, width));
                }
            }
        }
    }

    /** Returns whether one more call may go. */
    boolean allows(long now) {
        Thaw known = thaw;
        return now - known.until >= STEPS * STEP_NANOS || gone.get() < known.mayGo(now);
    }

    /** Records that a call has gone. */
    void passed(long now) {
        if (now - thaw.until < STEPS * STEP_NANOS) {
            gone.incrementAndGet();
        }
    }

    /** Returns the time until the first call may go; 0 if it may go already. */
    long waitNanos(long now) {
        return Math.max(0, thaw.until - now);
    }
}
