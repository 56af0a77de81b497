package io.penstock.pipeline;

import io.penstock.error.Certainty;
import io.penstock.error.Journey;
import io.penstock.request.Durations;
import io.penstock.request.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * A call as it was started, with the state that all its attempts share.
 *
 * <p>Its effect covers all its sends: it is the strongest certainty of any of them. A dispatch raises it; only a
 * response to that send, or a probe, lowers it again.
 *
 * <pre>
 *  send 1    dispatched --- reset                                    MAYBE_PROCESSED
 *  probe                           not there                         REJECTED
 *  send 2                                     dispatched             MAYBE_PROCESSED
 *                                                      --- 201       PROCESSED
 * </pre>
 *
 * Sends may run in parallel on several threads. An abandoned send keeps its certainty, because the server may still act
 * on it.
 */
final class WholeCall extends Call {

    private static final long QUOTA_WAIT_NANOS = Duration.ofDays(3_660).toNanos();

    final Scheduler scheduler;
    final long startedNanos;
    final long startedMillis;
    /** The attempt that ended last. */
    volatile Journey.@Nullable Attempt ended;

    volatile List<String> notes = List.of();

    @Nullable
    Instant retryAt;

    volatile long timeoutNanos;
    volatile boolean cutShort;
    /** When the current wait is expected to be over, in milliseconds since the start. */
    volatile int resumesAfterMillis;

    final boolean sentOnce;
    final boolean nested;
    final boolean patient;
    private boolean renewed;

    /** The certainty of everything that is not among the listed sends. */
    private Certainty before = Certainty.NOT_SENT;

    /** Written under the lock; read without it only to see that a send is the latest already. */
    private volatile @Nullable Attempt latest;

    WholeCall(
            Plan plan,
            Scheduler scheduler,
            long startedNanos,
            long timeoutNanos,
            boolean sentOnce,
            boolean nested,
            boolean patient) {
        super(plan, List.of());
        this.scheduler = scheduler;
        this.startedNanos = startedNanos;
        this.startedMillis = scheduler.now(TimeUnit.MILLISECONDS);
        this.timeoutNanos = Math.min(timeoutNanos, Durations.LONGEST_NANOS);
        this.sentOnce = sentOnce;
        this.nested = nested;
        this.patient = patient;
    }

    @Override
    WholeCall whole() {
        return this;
    }

    synchronized void waitsForQuotaFromNow() {
        timeoutNanos += QUOTA_WAIT_NANOS;
    }

    synchronized void quotaWaitHasEnded(long heldNanos) {
        timeoutNanos += heldNanos - QUOTA_WAIT_NANOS;
    }

    synchronized void endsEarlier(long nanos) {
        boolean waits = patient && timeoutNanos >= QUOTA_WAIT_NANOS;
        long earlier = Math.max(0, nanos - startedNanos) + (waits ? QUOTA_WAIT_NANOS : 0);
        if (earlier < timeoutNanos) {
            timeoutNanos = earlier;
            cutShort = true;
        }
    }

    synchronized void addNote(String text) {
        notes = plus(notes, text);
    }

    /** Returns whether this is the first renewed credential, and records it. */
    synchronized boolean renewFirst() {
        boolean first = !renewed;
        renewed = true;
        return first;
    }

    /** Includes a send from now on. */
    void add(Attempt send) {
        if (latest != send) {
            addOnce(send);
        }
    }

    private synchronized void addOnce(Attempt send) {
        if (!contains(send)) {
            send.sentBefore = latest;
            latest = send;
        }
    }

    /** Keeps the certainty of an earlier dispatch of a send that is about to be dispatched again. */
    synchronized void keep(Certainty earlier) {
        before = before.orStronger(earlier);
    }

    /** Records that none of the sends so far had an effect. */
    synchronized void none() {
        latest = null;
        before = Certainty.REJECTED;
    }

    synchronized Certainty known() {
        Certainty known = before;
        for (Attempt send = latest; send != null; send = send.sentBefore) {
            known = known.orStronger(send.certaintyIfInterrupted());
        }
        return known;
    }

    /** Returns whether a send is under way, whose outcome is not known yet. */
    synchronized boolean hasSendUnderWay() {
        for (Attempt send = latest; send != null; send = send.sentBefore) {
            if (send.isUnderWay()) {
                return true;
            }
        }
        return false;
    }

    synchronized @Nullable SentCredential latestCredential() {
        for (Attempt send = latest; send != null; send = send.sentBefore) {
            SentCredential carried = send.credential();
            if (carried != null) {
                return carried;
            }
        }
        return null;
    }

    private boolean contains(Attempt wanted) {
        for (Attempt send = latest; send != null; send = send.sentBefore) {
            if (send == wanted) {
                return true;
            }
        }
        return false;
    }
}
