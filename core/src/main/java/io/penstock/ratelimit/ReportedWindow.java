package io.penstock.ratelimit;

import io.penstock.ratelimit.Grant.Spread;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The quota that a server reports with its answers: its {@link QuotaState}, and the requests in flight.
 *
 * <pre>
 *  remaining     5  4  3  2  1  0 |                     | 5
 *  window        |----------------- until the reset ----|-- one goes ahead and finds out, then the others
 * </pre>
 *
 * {@code word} holds the allowance of the state and the requests in flight, so that both are looked at, and one more is let
 * through, by a single compare-and-set. The state is replaced under this object's lock, for a few instructions; whoever
 * replaces it puts its allowance into the word.
 */
final class ReportedWindow implements Window {

    private final AtomicLong word = new AtomicLong();
    private final Pace pace = new Pace();
    private final long silenceNanos;
    private volatile @Nullable String policy;
    private volatile QuotaState state;

    /**
     * A window of which nothing is known yet.
     *
     * @param expected whether the server is known to report it: then one request goes ahead and finds out
     * @param silenceNanos how long a single answer may silence the client
     */
    ReportedWindow(long now, boolean expected, long silenceNanos) {
        this(now, expected, now, null, 0, silenceNanos);
    }

    /**
     * A window of a policy that is named for the first time.
     *
     * @param startedNanos when the request was admitted whose answer names it
     * @param underWay how many requests may have been sent already that do not know of it
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

    /** The name of the policy, or null where the server names none. */
    @Nullable
    String policy() {
        return policy;
    }

    /** Whether nothing has been heard yet. */
    boolean isUntold() {
        return state.isUntold();
    }

    /** Takes the name of the policy that a report is of, and gives the report. */
    QuotaReport named(QuotaReport report) {
        policy = report.policy();
        return report;
    }

    /** Whether an answer to a request of this time should have told of the window that has begun. */
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

    /** How many requests are in flight. */
    int underWay() {
        return inFlight(word.get());
    }

    @Override
    public boolean tryTake(long now) {
        return takePaced(now) || (turn(now) && takePaced(now));
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

    /** Whether it is worth another try: the window is over, and one more may go ahead. */
    private boolean turn(long now) {
        if (!state.isTurn(now, underWay())) {
            return false;
        }
        synchronized (this) {
            int underWay = underWay();
            if (state.isTurn(now, underWay)) { // else somebody was first; perhaps there is something for both
                become(state.turned(now, underWay, silenceNanos), now, 0);
            }
        }
        return true;
    }

    /** Replaces the state. Whoever calls this has the lock. */
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
    public void overdraw() {
        word.updateAndGet(seen -> pack(allowance(seen), inFlight(seen) + 1));
    }

    @Override
    public boolean refillsByItself(long now) {
        QuotaState known = state;
        return known.count().limit() >= 0 && known.phase() != QuotaState.Phase.PROBING;
    }

    @Override
    public void giveBack() {
        pace.giveBack();
        word.updateAndGet(seen -> pack(allowance(seen), inFlight(seen) - 1));
    }

    @Override
    public void ended(long now, boolean answered) {
        if (answered && state.phase() != QuotaState.Phase.PROBING) {
            word.updateAndGet(seen -> pack(allowance(seen), inFlight(seen) - 1));
            return;
        }
        synchronized (this) {
            become(state.ended(now, answered, underWay(), silenceNanos), now, 1);
        }
    }

    /**
     * An answer has come. Its request still counts as in flight.
     *
     * @param report what it says of this policy, or null if it says nothing
     * @param startedNanos when its request was admitted
     */
    synchronized void heard(@Nullable QuotaReport report, long now, long startedNanos) {
        become(state.heard(report, now, startedNanos, underWay(), silenceNanos), now, 0);
    }

    /** The server has refused: nothing is left until then. */
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

    /** What may be sent now. */
    int available() {
        long seen = word.get();
        return Math.max(0, allowance(seen) - inFlight(seen));
    }
}
