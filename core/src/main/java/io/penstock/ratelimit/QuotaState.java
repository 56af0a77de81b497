package io.penstock.ratelimit;

import static io.penstock.ratelimit.WindowCount.UNKNOWN;

import io.penstock.ratelimit.Grant.Spread;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one quota that a server reports: an immutable value. What happens makes another one of it.
 *
 * <pre>
 *  UNTOLD ──turn──▶ PROBING ──word──▶ TOLD ──turn──▶ PROBING …      turn: the window is over, one goes ahead
 *     │                │                                            word: an answer tells what is left
 *     └───── an answer without any word ──▶ SILENT                  SILENT: there is no quota, as far as is known
 * </pre>
 *
 * What may be sent is
 *
 * <pre>
 *  least remaining − own requests in flight − requests that ended without a report − what others spend in a round trip
 * </pre>
 *
 * and nothing of it can be refused. Alone, a client sends all of that at once; where others spend of the same quota it keeps to
 * its part ({@link FairShare}), evenly over the time that is left ({@link Pace}).
 *
 * @param phase what is waited for
 * @param count what has been counted in this window
 * @param flow whether the quota flows back before its reset
 * @param share which part of it is this client's
 * @param times when the window began, and when more is to be had
 * @param grant what may be sent
 * @param roundTripNanos how long an answer takes, on average
 */
record QuotaState(
        Phase phase,
        WindowCount count,
        FlowDetection flow,
        FairShare share,
        WindowTimes times,
        Grant grant,
        double roundTripNanos) {

    /** What is waited for. */
    enum Phase {
        /** Nothing has been heard yet: as after a reset, one request goes ahead. */
        UNTOLD,
        /** The server tells of no quota. */
        SILENT,
        /** One has gone ahead, and its answer is to tell how much there is. */
        PROBING,
        /** What is left is known. */
        TOLD
    }

    /** So long the one that goes ahead may take before another does: its answer may have been lost. */
    static final long PROBE_PATIENCE_NANOS = 1_000_000_000L;

    /** Foreign use below this rate (per second) needs no reserve. */
    private static final double NOISE = 0.05;

    /** Resets come in whole seconds, rounded up: what is spread ends so much before. */
    private static final long RESET_GRAIN_NANOS = 1_000_000_000L;

    /** What is spread is never spread over less than this. */
    private static final long LEAST_SPREAD_NANOS = 250_000_000L;

    /** No pace is slower than so many in a window, or than one in about two seconds: the last of a quota would be left. */
    private static final int FEWEST = 28;

    private static final long LEAST_SLOWEST_NANOS = Integer.MAX_VALUE;

    /**
     * Returns the state of a quota of which nothing has been heard.
     *
     * @param expected whether the server is known to report it: then one request goes ahead and finds out
     * @param startedNanos since when it may have been counted
     * @param underWay how many requests may have been sent already that do not know of it
     */
    static QuotaState untold(boolean expected, long startedNanos, int underWay, long now) {
        return new QuotaState(
                expected ? Phase.UNTOLD : Phase.SILENT,
                WindowCount.untold(underWay, now),
                FlowDetection.unseen(),
                FairShare.alone(),
                WindowTimes.untold(startedNanos, now),
                expected ? Grant.of(0) : Grant.unlimited(),
                0);
    }

    /** Whether neither a limit nor what is left has been heard. */
    boolean isUntold() {
        return count.limit() < 0 && !count.isTold();
    }

    /** Whether an answer to a request of this time should have told of the window that has begun. */
    boolean isAwaited(long startedNanos) {
        return phase == Phase.PROBING && startedNanos - times.began() >= 0;
    }

    /** Whether a request may go and find out how much there is: the window is over, or nothing under way could tell more. */
    boolean isTurn(long now, int underWay) {
        return now - times.moreAt() >= 0
                || (grant.suspect() && underWay == 0 && now - grant.suspectSince() >= PROBE_PATIENCE_NANOS);
    }

    /**
     * Returns the state in which one more than those under way may go ahead.
     *
     * @param silenceNanos how long a single answer may silence the client
     */
    QuotaState turned(long now, int underWay, long silenceNanos) {
        // While one that has gone ahead is not answered its window goes on.
        QuotaState next = phase == Phase.PROBING ? this : begun(now, silenceNanos);
        return new QuotaState(
                Phase.PROBING,
                next.count,
                flow,
                next.share,
                next.times.turned(now, PROBE_PATIENCE_NANOS),
                next.grant.withAllowance(underWay + 1),
                roundTripNanos);
    }

    private QuotaState begun(long now, long silenceNanos) {
        boolean watched = count.leastTold() != UNKNOWN && count.limit() > 0 && !flow.flows();
        FairShare after =
                watched ? share.windowOver(count.own(), count.limit() - count.leastTold(), now - times.began()) : share;
        Grant open = new Grant(grant.allowance(), null, grant.suspect(), grant.suspectSince());
        return new QuotaState(phase, count.begun(), flow, after, times.begun(now, silenceNanos), open, roundTripNanos);
    }

    /**
     * Returns the state after a request has ended. It still counts as in flight.
     *
     * @param answered whether the head of an answer has arrived
     * @param silenceNanos how long a single answer may silence the client
     */
    QuotaState ended(long now, boolean answered, int underWay, long silenceNanos) {
        QuotaState next = answered || phase == Phase.SILENT
                ? this
                : withCount(count.unanswered(now)).granted(now, underWay, silenceNanos);
        // While one goes ahead, those of the window before end without making room for others.
        return phase == Phase.PROBING ? next.withGrant(grant.withAllowance(grant.allowance() - 1)) : next;
    }

    /**
     * Returns the state after an answer. Its request still counts as in flight.
     *
     * @param report what it says of this quota, or null if it says nothing
     * @param startedNanos when its request was admitted
     * @param silenceNanos how long a single answer may silence the client
     */
    QuotaState heard(@Nullable QuotaReport report, long now, long startedNanos, int underWay, long silenceNanos) {
        QuotaState next = report == null ? this : withCount(count.withLimit(report.limit()));
        if (startedNanos - times.began() < 0 && (phase == Phase.PROBING || count.isTold())) {
            return next; // late word of the window before
        }
        return report == null || report.remaining() < 0
                ? next.heardNothing(now, underWay, silenceNanos)
                : next.heardRemaining(report, now, startedNanos, underWay, silenceNanos);
    }

    private QuotaState heardRemaining(
            QuotaReport report, long now, long startedNanos, int underWay, long silenceNanos) {
        boolean unsure = phase == Phase.PROBING || phase == Phase.SILENT;
        boolean first = phase == Phase.PROBING || !count.isTold();
        boolean newer = count.isNewer(startedNanos);
        long told = now + report.freshInNanos();
        FlowDetection flowing = flow;
        if (report.resets() && first) {
            flowing = flow.firstHeard(told);
        } else if (report.resets() && newer) {
            flowing = flow.heardAgain(report.remaining(), told, count, times.resetAt(), now);
        }
        FairShare shared =
                !count.isTold() && count.limit() > 0 ? share.firstHeard(spentByOthers(report, underWay)) : share;
        WindowTimes timed = report.resets() && (unsure || newer || told - times.resetAt() > 0)
                ? times.heard(told, report.windowNanos(), unsure, now)
                : times;
        WindowCount counted = count.heard(report.remaining(), startedNanos, now);
        if (newer || report.remaining() < count.least()) {
            timed = timed.withMoreAt(Math.min(flowing.moreAt(counted, timed.resetAt(), now), now + silenceNanos));
        }
        double roundTrip = roundTripNanos * 0.9 + 0.1 * (now - startedNanos);
        return new QuotaState(Phase.TOLD, counted, flowing, shared, timed, grant, roundTrip)
                .granted(now, underWay, silenceNanos);
    }

    /** Where nobody has waited for the first word, all that are under way may be in what has been spent. */
    private long spentByOthers(QuotaReport report, int underWay) {
        long spent = count.limit() - report.remaining();
        return phase == Phase.SILENT ? Math.max(0, spent - Math.max(1, underWay)) : spent - 1;
    }

    /** An answer without quota headers: lost on the way once there have been some; otherwise the server has none. */
    private QuotaState heardNothing(long now, int underWay, long silenceNanos) {
        if (count.limit() < 0) {
            if (phase == Phase.SILENT) {
                return this; // the usual case of an API without quota headers, which costs nothing
            }
            return new QuotaState(Phase.SILENT, count, flow, share, times, Grant.unlimited(), roundTripNanos);
        }
        WindowCount counted = count;
        WindowTimes timed = times;
        if (phase == Phase.PROBING && times.early()) {
            // Nothing was learned, and nothing is lost: it is asked again at once.
            counted = count.presumed(0, count.leastHeardAt());
            timed = times.withMoreAt(now);
        } else if (phase == Phase.PROBING) {
            long window = times.length() > 0 ? times.length() : PROBE_PATIENCE_NANOS;
            counted = count.presumed(count.limit(), now);
            timed = times.presumed(now + window, now + Math.min(window, silenceNanos));
        }
        Phase next = phase == Phase.PROBING ? Phase.TOLD : phase;
        return new QuotaState(next, counted.unanswered(now), flow, share, timed, grant, roundTripNanos)
                .granted(now, underWay, silenceNanos);
    }

    /** Returns the state after a refusal: nothing is left until then. */
    QuotaState refused(long untilNanos) {
        return new QuotaState(
                Phase.TOLD,
                count.presumed(0, untilNanos),
                times.early() ? flow.refusedEarly() : flow,
                share,
                times.presumed(untilNanos, untilNanos),
                new Grant(0, null, grant.suspect(), grant.suspectSince()),
                roundTripNanos);
    }

    /** Returns the state with what may be sent as it follows from what is known. */
    private QuotaState granted(long now, int underWay, long silenceNanos) {
        if (phase != Phase.TOLD || !count.isTold()) {
            return this;
        }
        double expected = expectedElsewhere(now, underWay);
        long units = count.left() - reserve(expected / untilReset(now));
        if (share.isNew()) {
            units = Math.min(units, 2 * count.own()); // others have been seen, and nobody knows how fast they spend
        }
        int allowance = (int) Math.max(-1, Math.min(Integer.MAX_VALUE - 1, units));
        boolean suspect = units <= 0 && count.least() > 0;
        boolean spreads = !flow.flows() && share.contested() && count.limit() > 0 && times.length() > 0;
        FairShare watched = spreads
                ? share.watched(count.left(), count.leastHeardAt(), times.began(), count.limit(), times.length())
                : share;
        Spread spread = spreads ? spread(watched, expected, now, underWay, silenceNanos) : null;
        return new QuotaState(
                phase,
                count,
                flow,
                watched,
                times,
                new Grant(allowance, spread, suspect, count.lastUnreportedAt()),
                roundTripNanos);
    }

    private Spread spread(FairShare watched, double expected, long now, int underWay, long silenceNanos) {
        long left = count.left();
        long window = times.length();
        double claim = watched.claim(count.own(), count.spent(), Math.max(0, left - underWay), expected, count.limit());
        long grain = Math.min(RESET_GRAIN_NANOS, window / 4);
        long shortest = Math.min(LEAST_SPREAD_NANOS, window / 16);
        return new Spread(
                claim,
                Math.max(shortest, times.resetAt() - grain - now),
                watched.goneAt(left, count.leastHeardAt(), window),
                Math.max(LEAST_SLOWEST_NANOS, Math.min(window / FEWEST, silenceNanos)));
    }

    /** What others spend during a round trip is left to them. */
    private long reserve(double ratePerNano) {
        return ratePerNano * 1e9 < NOISE ? 0 : (long) Math.ceil(ratePerNano * roundTripNanos);
    }

    private double untilReset(long now) {
        return Math.max(1, times.resetAt() - now);
    }

    /** How many others will spend until the reset. */
    private double expectedElsewhere(long now, int underWay) {
        if (count.limit() <= 0 || flow.flows()) {
            return 0;
        }
        long elapsed = now - times.began();
        return share.ratePerNano(count.own() + underWay, count.spent(), elapsed, times.length()) * untilReset(now);
    }

    /**
     * Returns how long a caller has to wait for whom there is no unit; {@link Window#NEVER} if an answer has to tell.
     *
     * @param ahead how many others are before it
     * @param missing how many units would have to come back before there is one
     */
    long waitNanos(long now, int ahead, long missing) {
        long untilMore = times.moreAt() - now;
        if ((phase == Phase.PROBING && untilMore > 0) || (count.limit() < 0 && ahead > 0)) {
            return Window.NEVER;
        }
        long wait = Math.max(0, untilMore);
        long windows = count.limit() > 0 ? missing / count.limit() : 0;
        long each = times.length();
        return windows == 0 || each <= 0
                ? wait
                : windows > (Window.NEVER - wait) / each ? Window.NEVER : wait + windows * each;
    }

    private QuotaState withCount(WindowCount counted) {
        return counted.equals(count) ? this : new QuotaState(phase, counted, flow, share, times, grant, roundTripNanos);
    }

    private QuotaState withGrant(Grant given) {
        return new QuotaState(phase, count, flow, share, times, given, roundTripNanos);
    }
}
