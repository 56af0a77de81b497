package io.penstock.ratelimit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The server's last report on one quota, as it was read. A {@link Quota} is made of it only for those who ask, because
 * every response is heard and few are asked about.
 *
 * @param report the numbers, or null if the server only asked to wait
 * @param blockedUntil the time until which the server asked to send nothing, or null if it did not
 * @param atMillis when it was heard, by the client's wall clock
 */
record HeardQuota(@Nullable QuotaReport report, @Nullable Instant blockedUntil, long atMillis) {

    /** Returns the report under the name of its row. */
    Quota named(String row) {
        return report == null
                ? new Quota(row, -1, -1, null, blockedUntil)
                : new Quota(row, report.limit(), report.remaining(), report.resetsAt(atMillis), blockedUntil);
    }

    /** Returns the report that follows another one: without a block of its own it keeps one that still lasts. */
    HeardQuota after(HeardQuota known) {
        return blockedUntil == null && known.isBlocked(atMillis)
                ? new HeardQuota(report, known.blockedUntil, atMillis)
                : this;
    }

    /** Returns whether the server has asked to send nothing yet. */
    boolean isBlocked(long nowMillis) {
        return blockedUntil != null && blockedUntil.toEpochMilli() > nowMillis;
    }

    /** Returns whether less than a share of the quota is left. Nothing is known of a window that is over. */
    boolean isScarce(double share, long nowMillis) {
        if (isBlocked(nowMillis)) {
            return true;
        }
        if (report == null || (report.resets() && resetsAtMillis() <= nowMillis)) {
            return false;
        }
        return report.remaining() >= 0 && report.remaining() < report.limit() * share;
    }

    /** Returns the end of the window in milliseconds since the epoch; the least number if it is unknown. */
    long resetsAtMillis() {
        return report == null || !report.resets() ? Long.MIN_VALUE : atMillis + report.freshInNanos() / 1_000_000;
    }
}
