package io.penstock.ratelimit;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/** The place of the last report on one quota. A place for each, because an update of a map holds a lock. */
final class QuotaRow {

    private static final AtomicReferenceFieldUpdater<QuotaRow, HeardQuota> LAST =
            AtomicReferenceFieldUpdater.newUpdater(QuotaRow.class, HeardQuota.class, "last");

    private volatile HeardQuota last;

    QuotaRow(HeardQuota first) {
        this.last = first;
    }

    HeardQuota last() {
        return last;
    }

    /**
     * Puts a report in place of the last one and returns what the row then holds. Responses arrive out of order: one
     * without a block does not end a block that still lasts.
     */
    HeardQuota hear(HeardQuota heard) {
        for (; ; ) {
            HeardQuota known = last;
            HeardQuota next = heard.after(known);
            if (LAST.compareAndSet(this, known, next)) {
                return next;
            }
        }
    }
}
