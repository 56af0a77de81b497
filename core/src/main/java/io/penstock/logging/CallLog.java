package io.penstock.logging;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.request.Plan;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.DefaultLoggingEventBuilder;
import org.slf4j.spi.LoggingEventAware;
import org.slf4j.spi.LoggingEventBuilder;

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
 * header, no query and no body. A logger that keeps keys and values apart from the text gets these as well:
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>vendor</th><td>the vendor's id</td></tr>
 * <tr><th>method, template</th><td>the operation</td></tr>
 * <tr><th>status</th><td>the last status; 0 if there was none</td></tr>
 * <tr><th>attempts</th><td>how many attempts there were</td></tr>
 * <tr><th>wait</th><td>milliseconds that the call spent outside its attempts</td></tr>
 * <tr><th>kind, certainty</th><td>of the failure, or CANCELLED; absent after a success</td></tr>
 * <tr><th>requestId</th><td>the vendor's id of the failed request, if it sent one</td></tr>
 * </table>
 *
 * @hidden
 */
@Internal
public final class CallLog {

    private final Logger log;
    private final String vendor;

    /** Creates the log of a vendor's calls: {@code io.penstock.call.<vendor>}. */
    public CallLog(String vendorId) {
        this.log = LoggerFactory.getLogger("io.penstock.call." + vendorId);
        this.vendor = vendorId;
    }

    /**
     * Returns whether a call that succeeds at once, or is cancelled, is logged; if not, subscribers need not watch for
     * a cancel.
     */
    public boolean wantsEverything() {
        return log.isDebugEnabled();
    }

    /** Logs a call that ended with a response. */
    public void succeeded(Plan plan, Journey journey) {
        Level level = isStory(journey) ? Level.INFO : Level.DEBUG;
        if (log.isEnabledForLevel(level)) {
            write(entry(level, plan, journey), "", journey);
        }
    }

    /** Logs a call that ended with an error. */
    public void failed(Plan plan, ApiException error) {
        Level level = level(error);
        if (log.isEnabledForLevel(level)) {
            LoggingEventBuilder entry = entry(level, plan, error.journey());
            if (isStructured(entry)) {
                entry = entry.addKeyValue("kind", error.kind().name())
                        .addKeyValue("certainty", error.certainty().name());
                String requestId = error.requestId();
                if (requestId != null) {
                    entry = entry.addKeyValue("requestId", requestId);
                }
            }
            write(entry, "", error.journey());
        }
    }

    /** Logs a call that its caller cancelled. */
    public void cancelled(Plan plan, Journey journey, Certainty certainty) {
        if (log.isDebugEnabled()) {
            LoggingEventBuilder entry = entry(Level.DEBUG, plan, journey);
            if (isStructured(entry)) {
                entry = entry.addKeyValue("kind", "CANCELLED").addKeyValue("certainty", certainty.name());
            }
            write(entry, "cancelled, " + certainty + ": ", journey);
        }
    }

    static Level level(ApiException error) {
        if (!error.safeToRepeat()) {
            return Level.ERROR;
        }
        boolean asked = error.retryability() == Retryability.PERMANENT && error.certainty() == Certainty.REJECTED;
        return asked ? Level.INFO : Level.WARN;
    }

    private LoggingEventBuilder entry(Level level, Plan plan, Journey journey) {
        LoggingEventBuilder entry = log.atLevel(level);
        if (isStructured(entry)) {
            List<Journey.Attempt> attempts = journey.attempts();
            long waitNanos = journey.elapsed().toNanos();
            int status = 0;
            for (Journey.Attempt attempt : attempts) {
                waitNanos -= attempt.elapsedNanos();
                status = attempt.status();
            }
            entry = entry.addKeyValue("vendor", vendor)
                    .addKeyValue("method", plan.method().name())
                    .addKeyValue("template", plan.template())
                    .addKeyValue("status", status)
                    .addKeyValue("attempts", attempts.size())
                    .addKeyValue("wait", Math.max(0, waitNanos) / 1_000_000);
        }
        return entry;
    }

    /** Returns whether the logger keeps keys and values apart from the text; others write them before it. */
    private boolean isStructured(LoggingEventBuilder entry) {
        return log instanceof LoggingEventAware || entry.getClass() != DefaultLoggingEventBuilder.class;
    }

    private static boolean isStory(Journey journey) {
        return journey.attemptCount() > 1 || !journey.notes().isEmpty();
    }

    private static void write(LoggingEventBuilder entry, String prefix, Journey journey) {
        entry.log("{}{}", prefix, isStory(journey) ? journey.timeline() : journey);
    }
}
