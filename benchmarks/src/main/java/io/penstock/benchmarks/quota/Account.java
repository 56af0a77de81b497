package io.penstock.benchmarks.quota;

import io.netty.handler.codec.DateFormatter;
import io.penstock.benchmarks.quota.Scenario.Disturbance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The quota of one client at the server. It decides on requests, reports the quota, and counts the decisions within the
 * watched time. Thread-safe: the lock also makes the server take requests one after the other. Its time begins with the
 * first request, so that the start-up of a client does not count against it.
 */
final class Account {

    /** The number of time slots for arrivals. The longer the watched time, the longer the slots. */
    static final int SLOTS = 200;

    private static final long UNKNOWN = -1;
    private static final long SECOND = 1_000_000_000L;
    private final Scenario scenario;
    private final Limit limit;
    private final Instant opened;
    private final long length;
    private final SplittableRandom random = new SplittableRandom(42);
    private final long[] allowed;
    private final long[] refused;
    private final long[] arrived = new long[SLOTS];
    private final double foreignEvery;
    private long foreignAsked;
    private long foreign;
    private long left = UNKNOWN;
    private long began = UNKNOWN;

    /** Creates an account that is opened now, by the server's clock. */
    Account(Scenario scenario, Instant opened) {
        this.scenario = scenario;
        this.limit = scenario.limit();
        this.opened = opened;
        this.length = scenario.length().toNanos();
        this.allowed = new long[scenario.windows()];
        this.refused = new long[scenario.windows()];
        this.foreignEvery = scenario.window().toNanos() / (scenario.permits() * Scenario.FOREIGN_SHARE);
    }

    /** Decides on one request at a time in nanoseconds since the account was opened. */
    synchronized Answer decide(long sinceOpened) {
        began = began == UNKNOWN ? sinceOpened : began;
        long now = sinceOpened - began;
        spendElsewhere(Math.min(now, length - 1));
        lookAtTheEnd(now);
        spendElsewhere(now);
        boolean ok = limit.allow(now);
        if (now < length) {
            (ok ? allowed : refused)[(int) (now / scenario.window().toNanos())]++;
            arrived[(int) (now * SLOTS / length)]++;
        }
        List<String> headers = new ArrayList<>(10);
        if (scenario.disturbance() == Disturbance.SILENT) {
            return new Answer(ok ? Answer.OK : Answer.REFUSED, headers);
        }
        if (!ok) {
            headers.add(Answer.RETRY_AFTER);
            headers.add(Long.toString(Math.max(1, wholeSeconds(limit.nextIn(now)))));
        }
        if (scenario.disturbance() != Disturbance.LOST_HEADERS || random.nextDouble() >= Scenario.LOST_SHARE) {
            report(headers, now);
        }
        return new Answer(ok ? Answer.OK : Answer.REFUSED, headers);
    }

    private void report(List<String> headers, long now) {
        headers.addAll(List.of(
                "x-ratelimit-limit", Integer.toString(scenario.permits()),
                "x-ratelimit-remaining", Long.toString(limit.remaining(now))));
        headers.add("x-ratelimit-reset");
        long resetIn = limit.resetIn(now);
        switch (scenario.disturbance()) {
            case CLOCK_AHEAD, CLOCK_BEHIND -> {
                boolean ahead = scenario.disturbance() == Disturbance.CLOCK_AHEAD;
                Instant clock = opened.plusNanos(began + now).plus(ahead ? Scenario.SKEW : Scenario.SKEW.negated());
                Instant reset = clock.plusNanos(resetIn);
                headers.add(Long.toString(reset.getEpochSecond() + (reset.getNano() > 0 ? 1 : 0)));
                headers.add("date");
                headers.add(DateFormatter.format(Date.from(clock)));
            }
            default -> headers.add(Long.toString(wholeSeconds(resetIn)));
        }
    }

    private static long wholeSeconds(long nanos) {
        return (nanos + SECOND - 1) / SECOND;
    }

    /** Counts the requests of another client up to now, at the times they were due. */
    private void spendElsewhere(long now) {
        if (scenario.disturbance() != Disturbance.FOREIGN_USE) {
            return;
        }
        for (long at = dueElsewhere(); at <= now; at = dueElsewhere()) {
            foreignAsked++;
            if (limit.allow(at) && at < length) {
                foreign++;
            }
        }
    }

    private long dueElsewhere() {
        return (long) ((foreignAsked + 0.5) * foreignEvery);
    }

    /** Returns the counts up to now. */
    synchronized Counts counts(long sinceOpened) {
        long now = began == UNKNOWN ? 0 : sinceOpened - began;
        spendElsewhere(Math.min(now, length - 1));
        lookAtTheEnd(now);
        return new Counts(list(allowed), list(refused), list(arrived), foreign, left);
    }

    /**
     * Records the remaining quota at the end of the watched time, when the first request after it arrives. That quota
     * can no longer be used.
     */
    private void lookAtTheEnd(long now) {
        if (now >= length && left == UNKNOWN) {
            left = limit.remaining(length - 1);
        }
    }

    private static List<Long> list(long[] values) {
        List<Long> all = new ArrayList<>(values.length);
        for (long value : values) {
            all.add(value);
        }
        return all;
    }
}
