package io.penstock.ratelimit;

import static io.penstock.ratelimit.WindowCount.UNKNOWN;

import io.penstock.ratelimit.Grant.Spread;
import org.jspecify.annotations.Nullable;

/**
 * The state of one quota that a server reports. Immutable: every event yields a new state.
 *
 * <pre>
 *  UNTOLD ──turn──▶ PROBING ──report──▶ TOLD ──turn──▶ PROBING …    turn: the window is over, one request goes ahead
 *     │                │                                              report: a response reports what is left
 *     └───── a response without a report ──▶ SILENT                   SILENT: there is no quota, as far as is known
 * </pre>
 *
 * The number of requests that may be sent is
 *
 * <pre>
 *  least remaining − own requests in flight − requests that ended without a report − what others spend in a round trip
 * </pre>
 *
 * and none of them can be refused. A client that is alone sends all of them at once. If others spend the same quota, it
 * keeps to its part ({@link FairShare}), spread evenly over the remaining time ({@link Pace}).
 *
 * @param phase the phase of the window
 * @param count the counts of this window
 * @param flow whether the quota refills before its reset
 * @param share the part of the quota that is this client's
 * @param times when the window began, and when more is available
 * @param grant what may be sent
 * @param roundTripNanos the average time until a response arrives
 */
record QuotaState(
        Phase phase,
        WindowCount count,
        FlowDetection flow,
        FairShare share,
        WindowTimes times,
        Grant grant,
        double roundTripNanos) {

    /** The phase of a window. */
    enum Phase {
        /** There was no report yet. As after a reset, one request goes ahead. */
        UNTOLD,
        /** The server reports no quota. */
        SILENT,
        /** One request has gone ahead, and its response is expected to report the remaining units. */
        PROBING,
        /** The number of requests left is known. */
        TOLD
    }

    /**
     * How long the request that goes ahead may take before another one does, because its response may have been lost.
     */
    static final long PROBE_PATIENCE_NANOS = 1_000_000_000L;

    /** Use by others below this rate (per second) needs no reserve. */
    private static final double NOISE = 0.05;

    /** Resets are reported in whole seconds, rounded up. A spread ends earlier by this. */
    private static final long RESET_GRAIN_NANOS = 1_000_000_000L;

    /** The shortest time over which requests are spread. */
    private static final long LEAST_SPREAD_NANOS = 250_000_000L;

    /**
     * No pace is slower than this many requests in a window, or than one in about two seconds. Otherwise the last units
     * of a quota would stay unused.
     */
    private static final int FEWEST = 28;

    private static final long LEAST_SLOWEST_NANOS = Integer.MAX_VALUE;

    /**
     * Returns the state of a quota without reports.
     *
     * @param expected whether the server is known to report it, so that one request goes ahead and finds out
     * @param startedNanos the time since when the server may have counted requests
     * @param underWay the number of requests that may have been sent without regard to this quota
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

    /** Returns whether neither the limit nor the remaining units have been reported. */
    boolean isUntold() {
        return count.limit() < 0 && !count.isTold();
    }

    /** Returns whether a response to a request of the given time should have reported on the window that has begun. */
    boolean isAwaited(long startedNanos) {
        return phase == Phase.PROBING && startedNanos - times.began() >= 0;
    }

    /**
     * Returns whether a request may go and find out how much is left: the window is over, or no request under way could
     * tell more.
     */
    boolean isTurn(long now, int underWay) {
        return now - times.moreAt() >= 0
                || (grant.suspect() && underWay == 0 && now - grant.suspectSince() >= PROBE_PATIENCE_NANOS);
    }

    /**
     * Returns the state in which one more request than those under way may go ahead.
     *
     * @param silenceNanos the longest time for which a single response may silence the client
     */
    QuotaState turned(long now, int underWay, long silenceNanos) {
        // While the request that has gone ahead is not answered, its window goes on.
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
     * @param unanswered the units that it has cost if no head of a response has arrived, otherwise 0
     * @param units the units that were taken for it
     * @param silenceNanos the longest time for which a single response may silence the client
     */
    QuotaState ended(long now, int unanswered, int units, int underWay, long silenceNanos) {
        QuotaState next = unanswered == 0 || phase == Phase.SILENT
                ? this
                : withCount(count.unanswered(now, unanswered)).granted(now, underWay, silenceNanos);
        // While one request goes ahead, those of the previous window end without making room for others.
        return phase == Phase.PROBING ? next.withGrant(grant.withAllowance(grant.allowance() - units)) : next;
    }

    /**
     * Returns the state after a response. Its request still counts as in flight.
     *
     * @param report what the response reports about this quota, or null if it reports nothing
     * @param request when its request was admitted, and what it cost
     * @param silenceNanos the longest time for which a single response may silence the client
     */
    QuotaState heard(@Nullable QuotaReport report, long now, Spent request, int underWay, long silenceNanos) {
        long startedNanos = request.startedNanos();
        QuotaState next = report == null ? this : withCount(count.withLimit(report.limit()));
        if (startedNanos - times.began() < 0 && (phase == Phase.PROBING || count.isTold())) {
            return next; // late report of the previous window
        }
        return report == null || report.remaining() < 0
                ? next.heardNothing(now, request.units(), underWay, silenceNanos)
                : next.heardRemaining(report, now, request, underWay, silenceNanos);
    }

    private QuotaState heardRemaining(QuotaReport report, long now, Spent request, int underWay, long silenceNanos) {
        long startedNanos = request.startedNanos();
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
        FairShare shared = !count.isTold() && count.limit() > 0
                ? share.firstHeard(spentByOthers(report, request.units(), underWay))
                : share;
        WindowTimes timed = report.resets() && (unsure || newer || told - times.resetAt() > 0)
                ? times.heard(told, report.windowNanos(), unsure, now)
                : times;
        WindowCount counted = count.heard(report.remaining(), startedNanos, now, request.units());
        if (newer || report.remaining() < count.least()) {
            timed = timed.withMoreAt(Math.min(flowing.moreAt(counted, timed.resetAt(), now), now + silenceNanos));
        }
        double roundTrip = roundTripNanos * 0.9 + 0.1 * (now - startedNanos);
        return new QuotaState(Phase.TOLD, counted, flowing, shared, timed, grant, roundTrip)
                .granted(now, underWay, silenceNanos);
    }

    /**
     * Returns what others have spent before the first report. If no call waited for that report, all requests under way
     * may already be counted in it.
     */
    private long spentByOthers(QuotaReport report, int units, int underWay) {
        long spent = count.limit() - report.remaining();
        return phase == Phase.SILENT ? Math.max(0, spent - Math.max(units, underWay)) : spent - units;
    }

    /**
     * Handles a response without quota headers. If there have been reports before, this one was lost on the way;
     * otherwise the server has no quota.
     */
    private QuotaState heardNothing(long now, int units, int underWay, long silenceNanos) {
        if (count.limit() < 0) {
            if (phase == Phase.SILENT) {
                return this; // the usual case of an API without quota headers, which costs nothing
            }
            return new QuotaState(Phase.SILENT, count, flow, share, times, Grant.unlimited(), roundTripNanos);
        }
        WindowCount counted = count;
        WindowTimes timed = times;
        if (phase == Phase.PROBING && times.early()) {
            // Nothing was learned and nothing is lost: the next request asks again at once.
            counted = count.presumed(0, count.leastHeardAt());
            timed = times.withMoreAt(now);
        } else if (phase == Phase.PROBING) {
            long window = times.length() > 0 ? times.length() : PROBE_PATIENCE_NANOS;
            counted = count.presumed(count.limit(), now);
            timed = times.presumed(now + window, now + Math.min(window, silenceNanos));
        }
        Phase next = phase == Phase.PROBING ? Phase.TOLD : phase;
        return new QuotaState(next, counted.unanswered(now, units), flow, share, timed, grant, roundTripNanos)
                .granted(now, underWay, silenceNanos);
    }

    /** Returns the state after a refusal: nothing is left until the given time. */
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

    /** Returns the state with the grant that follows from it. */
    private QuotaState granted(long now, int underWay, long silenceNanos) {
        if (phase != Phase.TOLD || !count.isTold()) {
            return this;
        }
        double expected = expectedElsewhere(now, underWay);
        long units = count.left() - reserve(expected / untilReset(now));
        if (share.isNew()) {
            units = Math.min(units, 2 * count.own()); // others have been seen, and their rate is not known yet
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

    /** Returns the units that are left to others: what they spend during a round trip. */
    private long reserve(double ratePerNano) {
        return ratePerNano * 1e9 < NOISE ? 0 : (long) Math.ceil(ratePerNano * roundTripNanos);
    }

    private double untilReset(long now) {
        return Math.max(1, times.resetAt() - now);
    }

    /** Returns how many units others will spend until the reset. */
    private double expectedElsewhere(long now, int underWay) {
        if (count.limit() <= 0 || flow.flows()) {
            return 0;
        }
        long elapsed = now - times.began();
        return share.ratePerNano(count.own() + underWay, count.spent(), elapsed, times.length()) * untilReset(now);
    }

    /**
     * Returns how long a caller without a unit has to wait; {@link Window#NEVER} until a response tells.
     *
     * @param ahead the number of callers before it
     * @param missing the number of units that have to come back before there is one for it
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
