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
 * One entry for every call that ends. Its level tells how much somebody should care:
 *
 * <table>
 *   <caption>Levels</caption>
 *   <tr><th>DEBUG</th><td>success at the first attempt; cancelled by the caller</td></tr>
 *   <tr><th>INFO</th><td>success after more than one attempt or with something to note; a refusal that the caller
 *   asked for, such as 404 or 422</td></tr>
 *   <tr><th>WARN</th><td>a failure that time may heal, or that somebody has to act on first</td></tr>
 *   <tr><th>ERROR</th><td>nobody knows whether the server acted, and the request cannot be repeated safely</td></tr>
 * </table>
 *
 * An entry is the journey: one line, or a timeline where there was more than one attempt. It holds no header, no query
 * and no body.
 */
@Internal
public final class CallLog {

    private final Logger log;

    /** The log of that vendor's calls: {@code io.penstock.call.<vendor>}. */
    public CallLog(String vendorId) {
        this.log = LoggerFactory.getLogger("io.penstock.call." + vendorId);
    }

    /** Whether a call that ends well at once, or is cancelled, leaves an entry: if not, nobody needs to watch for it. */
    public boolean wantsEverything() {
        return log.isDebugEnabled();
    }

    /** A call has ended with a response. */
    public void succeeded(Journey journey) {
        write(journey.attempts().size() > 1 || !journey.notes().isEmpty() ? Level.INFO : Level.DEBUG, "", journey);
    }

    /** A call has ended with an error. */
    public void failed(ApiException error) {
        write(level(error), "", error.journey());
    }

    /** The caller has gone. */
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
            boolean story = journey.attempts().size() > 1 || !journey.notes().isEmpty();
            log.atLevel(level).log("{}{}", prefix, story ? journey.timeline() : journey);
        }
    }
}
