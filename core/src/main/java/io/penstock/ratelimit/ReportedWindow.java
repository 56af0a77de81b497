package io.penstock.ratelimit;

import io.penstock.ratelimit.Grant.Spread;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The quota that a server reports in its responses: its {@link QuotaState}, and the requests in flight.
 *
 * <pre>
 *  remaining     5  4  3  2  1  0 |                     | 5
 *  window        |----------------- until the reset ----|-- one goes ahead and finds out, then the others
 * </pre>
 *
 * {@code word} packs the allowance of the state and the requests in flight, so that a single compare-and-set checks
 * both and admits one more. The state is replaced under this object's lock, for a few instructions; the thread that
 * replaces it also stores its allowance in the word.
 */
final class ReportedWindow implements Window {

    private final AtomicLong word = new AtomicLong();
    private final Pace pace = new Pace();
    private final long silenceNanos;
    private volatile @Nullable String policy;
    private volatile QuotaState state;

    /**
     * Creates a window without reports.
     *
     * @param expected whether the server is known to report it, so that one request goes ahead and finds out
     * @param silenceNanos the longest time for which a single response may silence the client
     */
    ReportedWindow(long now, boolean expected, long silenceNanos) {
        this(now, expected, now, null, 0, silenceNanos);
    }

    /**
     * Creates a window of a policy that is named for the first time.
     *
     * @param startedNanos when the request was admitted whose response names it
     * @param underWay the number of requests that may have been sent without regard to this quota
     */
    ReportedWindow(long now, long startedNanos, @Nullable String policy, int underWay, long silenceNanos) {
        this(now, true, startedNanos, policy, underWay, silenceNanos);
    }

    private ReportedWindow(
            long now, boolean expected, long startedNanos, @Nullable String policy, int underWay, long silenceNanos) {
        this.policy = policy;
        this.silenceNanos = silenceNanos;
        this.state = QuotaState.untold(expected, startedNanos, underWay, now);
        word.set(pack(state.grant().allowance(), 0));
    }

    /** Returns the name of the policy, or null if the server names none. */
    @Nullable
    String policy() {
        return policy;
    }

    /** Returns whether there was no report yet. */
    boolean isUntold() {
        return state.isUntold();
    }

    /** Adopts the name of the report's policy, and returns the report. */
    QuotaReport named(QuotaReport report) {
        policy = report.policy();
        return report;
    }

    /** Returns whether a response to a request of the given time should have reported on the window that has begun. */
    boolean isAwaited(long startedNanos) {
        return state.isAwaited(startedNanos);
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

    /** Returns how many requests are in flight. */
    int underWay() {
        return inFlight(word.get());
    }

    @Override
    public boolean tryTake(long now, int units) {
        return takePaced(now, units) || (turn(now) && takePaced(now, units));
    }

    private boolean takePaced(long now, int units) {
        if (!pace.tryPass(now, units)) {
            return false;
        }
        boolean taken = takeAllowed(units);
        if (!taken) {
            pace.giveBack(units);
        }
        return taken;
    }

    private boolean takeAllowed(int units) {
        long seen = word.get();
        while (fits(units, (long) allowance(seen) - inFlight(seen))) {
            if (word.compareAndSet(seen, pack(allowance(seen), inFlight(seen) + units))) {
                return true;
            }
            seen = word.get();
        }
        return false;
    }

    /**
     * Returns whether a request may go with this much room. The request that goes ahead may, whatever it costs; and one that
     * costs more than the limit may if everything is left.
     */
    private boolean fits(int units, long room) {
        if (units == 1 || room <= 0) {
            return room > 0 || units == 0;
        }
        QuotaState known = state;
        return units <= room
                || known.phase() == QuotaState.Phase.PROBING
                || (known.count().limit() > 0 && room >= known.count().limit());
    }

    /** Returns whether another try may succeed: the window is over, and one more request may go ahead. */
    private boolean turn(long now) {
        if (!state.isTurn(now, underWay())) {
            return false;
        }
        synchronized (this) {
            int underWay = underWay();
            if (state.isTurn(now, underWay)) { // else another thread was first; there may be a unit for both
                become(state.turned(now, underWay, silenceNanos), now, 0);
            }
        }
        return true;
    }

    /** Replaces the state. The caller holds the lock. */
    private void become(QuotaState next, long now, int ended) {
        Spread spread = next.grant().spread();
        if (spread == null) {
            pace.off();
        } else if (!spread.equals(state.grant().spread())) {
            pace.spread(spread, now);
        }
        state = next;
        int allowance = next.grant().allowance();
        word.updateAndGet(seen -> pack(allowance, inFlight(seen) - ended));
    }

    @Override
    public void overdraw(int units) {
        word.updateAndGet(seen -> pack(allowance(seen), inFlight(seen) + units));
    }

    @Override
    public boolean refillsByItself(long now) {
        QuotaState known = state;
        return known.count().limit() >= 0 && known.phase() != QuotaState.Phase.PROBING;
    }

    @Override
    public void giveBack(int units) {
        pace.giveBack(units);
        word.updateAndGet(seen -> pack(allowance(seen), inFlight(seen) - units));
    }

    @Override
    public void ended(long now, boolean answered, int units, int cost) {
        if (answered && state.phase() != QuotaState.Phase.PROBING) {
            word.updateAndGet(seen -> pack(allowance(seen), inFlight(seen) - units));
            return;
        }
        synchronized (this) {
            become(state.ended(now, answered ? 0 : cost, units, underWay(), silenceNanos), now, units);
        }
    }

    /**
     * Handles a response. Its request still counts as in flight.
     *
     * @param report what the response reports about this policy, or null if it reports nothing
     * @param request when its request was admitted, and what it cost
     */
    synchronized void heard(@Nullable QuotaReport report, long now, Spent request) {
        become(state.heard(report, now, request, underWay(), silenceNanos), now, 0);
    }

    /** Handles a refusal: nothing is left until the given time. */
    synchronized void refused(long untilNanos, long now) {
        become(state.refused(untilNanos), now, 0);
    }

    @Override
    public long waitNanos(long now, int ahead) {
        long seen = word.get();
        long units = Math.max(0, (long) allowance(seen) - inFlight(seen)) - ahead;
        long paced = units > 0 ? pace.waitNanos(now, ahead) : NEVER;
        return paced != NEVER ? paced : state.waitNanos(now, ahead, -units);
    }

    long limit() {
        return state.count().limit();
    }

    /** Returns how many requests may be sent now. */
    int available() {
        long seen = word.get();
        return Math.max(0, allowance(seen) - inFlight(seen));
    }
}
