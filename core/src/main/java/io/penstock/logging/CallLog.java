package io.penstock.logging;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log of calls, with one entry per call when it ends. The level reflects the severity:
 *
 * <table>
 * <caption>Levels</caption>
 * <tr><th>DEBUG</th><td>success at the first attempt; cancelled by the caller</td></tr>
 * <tr><th>INFO</th><td>success after more than one attempt or with notes; a permanent rejection, such as 404 or
 * 422</td></tr>
 * <tr><th>WARN</th><td>a failure that may pass with time, or that requires an action first</td></tr>
 * <tr><th>ERROR</th><td>it is unknown whether the server acted, and the request cannot be repeated safely</td></tr>
 * </table>
 *
 * <p>An entry is the journey: one line, or a timeline if there was more than one attempt or a note. It contains no
 * header, no query and no body.
 *
 * @hidden
 */
@Internal
public final class CallLog {

    private final Logger log;

    /** Creates the log of a vendor's calls: {@code io.penstock.call.<vendor>}. */
    public CallLog(String vendorId) {
        this.log = LoggerFactory.getLogger("io.penstock.call." + vendorId);
    }

    /**
     * Returns whether a call that succeeds at once, or is cancelled, is logged; if not, subscribers need not watch for
     * a cancel.
     */
    public boolean wantsEverything() {
        return log.isDebugEnabled();
    }

    /** Logs a call that ended with a response. */
    public void succeeded(Journey journey) {
        write(journey.attemptCount() > 1 || !journey.notes().isEmpty() ? Level.INFO : Level.DEBUG, "", journey);
    }

    /** Logs a call that ended with an error. */
    public void failed(ApiException error) {
        write(level(error), "", error.journey());
    }

    /** Logs a call that its caller cancelled. */
    public void cancelled(Journey journey, Certainty certainty) {
        write(Level.DEBUG, "cancelled, " + certainty + ": ", journey);
    }

    static Level level(ApiException error) {
        if (!error.safeToRepeat()) {
            return Level.ERROR;
        }
        boolean asked = error.retryability() == Retryability.PERMANENT && error.certainty() == Certainty.REJECTED;
        return asked ? Level.INFO : Level.WARN;
    }

    private void write(Level level, String prefix, Journey journey) {
        if (log.isEnabledForLevel(level)) {
            boolean story = journey.attemptCount() > 1 || !journey.notes().isEmpty();
            log.atLevel(level).log("{}{}", prefix, story ? journey.timeline() : journey);
        }
    }
}
