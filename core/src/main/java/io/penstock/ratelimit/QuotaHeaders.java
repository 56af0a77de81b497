package io.penstock.ratelimit;

import io.penstock.http.Headers;
import io.penstock.pipeline.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the quota that a response reports. It runs for every response: without quota headers it allocates
 * nothing, and with three plain numbers it allocates only their report and walks over the head once to find
 * repetitions.
 */
final class QuotaHeaders {

    private static final long UNKNOWN = QuotaReport.UNKNOWN;

    private QuotaHeaders() {}

    /**
     * Returns the report in the headers, or null if they contain none that makes sense. Values that make no sense are
     * ignored and noted in the call's journey.
     *
     * @param nowMillis the client's wall clock
     */
    static @Nullable QuotaReport read(HeaderFamily family, Headers headers, long nowMillis, Call call) {
        if (family instanceof HeaderFamily.Named named) {
            return named(named, headers, nowMillis, call);
        }
        return family instanceof HeaderFamily.AnyOf any
                ? anyOf(any.families(), headers, nowMillis, call)
                : StructuredQuota.read(headers, nowMillis, call);
    }

    private static @Nullable QuotaReport anyOf(
            List<HeaderFamily> families, Headers headers, long nowMillis, Call call) {
        for (int i = 0; i < families.size(); i++) {
            HeaderFamily family = families.get(i);
            QuotaReport report = occurs(family, headers) ? read(family, headers, nowMillis, call) : null;
            if (report != null) {
                return report;
            }
        }
        return null;
    }

    /**
     * Returns whether the headers that a family cannot do without are present. Only those are looked up, because every
     * lookup is made for every response.
     */
    private static boolean occurs(HeaderFamily family, Headers headers) {
        return family instanceof HeaderFamily.Named named
                ? headers.contains(named.remaining()) || headers.contains(named.reset())
                : !(family instanceof HeaderFamily.Structured) || headers.contains(StructuredQuota.REPORT);
    }

    private static @Nullable QuotaReport named(HeaderFamily.Named names, Headers headers, long nowMillis, Call call) {
        String limitText = headers.first(names.limit());
        String remainingText = headers.first(names.remaining());
        String resetText = headers.first(names.reset());
        if (limitText == null && remainingText == null && resetText == null) {
            return null;
        }
        int present = (limitText == null ? 0 : 1) + (remainingText == null ? 0 : 1) + (resetText == null ? 0 : 1);
        boolean repeated = headers.count(names.limit(), names.remaining(), names.reset()) > present;
        long limit = limitText == null ? UNKNOWN : number(names.limit(), limitText, repeated, headers, call);
        long remaining =
                remainingText == null ? UNKNOWN : number(names.remaining(), remainingText, repeated, headers, call);
        long reset = resetText == null ? UNKNOWN : reset(names, resetText, repeated, headers, nowMillis, call);
        long window = limitText != null && limit >= 0 && limitText.indexOf(';') >= 0
                ? StructuredQuota.window(limitText, limit)
                : UNKNOWN;
        return limit < 0 && remaining < 0 && reset < 0 ? null : QuotaReport.unnamed(limit, remaining, reset, window);
    }

    private static long number(String name, String first, boolean repeated, Headers headers, Call call) {
        long value = repeated ? AmountNotation.UNREADABLE : AmountNotation.plain(first);
        value = value < 0 ? AmountNotation.leastOf(headers.all(name)) : value;
        if (value < 0) {
            ignored(call, name, "not an amount");
            return UNKNOWN;
        }
        return value;
    }

    private static long reset(
            HeaderFamily.Named names, String first, boolean repeated, Headers headers, long nowMillis, Call call) {
        long nanos = TimeNotation.untilReset(first, names.band(), headers, nowMillis);
        if (nanos < 0 || repeated) {
            for (String text : headers.all(names.reset())) {
                nanos = TimeNotation.later(nanos, TimeNotation.untilReset(text, names.band(), headers, nowMillis));
            }
        }
        return told(nanos, names.reset(), call);
    }

    /** Returns the time until a reset as it is reported, and adds a note if it differs from the header. */
    static long told(long nanos, String header, Call call) {
        if (nanos == TimeNotation.TOO_LONG) {
            note(
                    call,
                    "header " + header + ": more than a year away, taken for " + TimeNotation.LONGEST.toDays()
                            + " days");
            return TimeNotation.LONGEST.toNanos();
        }
        if (nanos < 0) {
            ignored(call, header, RetryAfter.whyNot(nanos));
            return UNKNOWN;
        }
        return nanos;
    }

    /**
     * Notes in the journey, once per call, that a header was ignored. The note never contains the value, which may be
     * anything.
     */
    static void ignored(Call call, String header, String why) {
        note(call, "header " + header + " ignored: " + why);
    }

    private static void note(Call call, String text) {
        if (!call.notes().contains(text)) {
            call.note(text);
        }
    }
}
