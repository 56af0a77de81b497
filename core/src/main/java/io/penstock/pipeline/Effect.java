package io.penstock.pipeline;

import io.penstock.error.Certainty;
import org.jspecify.annotations.Nullable;

/**
 * The effect of a call over all its sends: the strongest certainty of any of them. A dispatch raises it; only a
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
class Effect {

    /** The certainty of everything that is not among the listed sends. */
    private Certainty before = Certainty.NOT_SENT;

    /** Written under the lock; read without it only to see that a send is the latest already. */
    private volatile @Nullable Attempt latest;

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
    synchronized boolean isSending() {
        for (Attempt send = latest; send != null; send = send.sentBefore) {
            if (send.isUnderWay()) {
                return true;
            }
        }
        return false;
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
