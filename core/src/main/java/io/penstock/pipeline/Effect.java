package io.penstock.pipeline;

import io.penstock.error.Certainty;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the effect of a call, over all its sends: the strongest of what each of them admits. A dispatch
 * widens it; only an answer to that send, or a probe, narrows it again.
 *
 * <pre>
 *  send 1    dispatched --- reset                                    MAYBE_PROCESSED
 *  probe                           not there                         REJECTED
 *  send 2                                     dispatched             MAYBE_PROCESSED
 *                                                      --- 201       PROCESSED
 * </pre>
 *
 * Sends may run beside each other, on several threads, and one that was given up stays what it was: it may still be acted on.
 */
class Effect {

    /** What is admitted by what is not among the sends. */
    private Certainty before = Certainty.NOT_SENT;

    private @Nullable Attempt latest;

    /** What that send admits counts from now on. */
    synchronized void add(Attempt send) {
        if (!contains(send)) {
            send.sentBefore = latest;
            latest = send;
        }
    }

    /** Counts what a send admits of an earlier dispatch: now it speaks of another one. */
    synchronized void keep(Certainty earlier) {
        before = before.orStronger(earlier);
    }

    /** None of the sends so far had an effect. */
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

    private boolean contains(Attempt wanted) {
        for (Attempt send = latest; send != null; send = send.sentBefore) {
            if (send == wanted) {
                return true;
            }
        }
        return false;
    }
}
