package io.penstock.ratelimit;

import io.penstock.Headers;
import io.penstock.pipeline.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a response says of its server's quota. This runs for every response: where no header is present it allocates
 * nothing, and where three plain numbers are, nothing but their report.
 */
final class QuotaHeaders {

    private static final long UNKNOWN = QuotaReport.UNKNOWN;

    private QuotaHeaders() {}

    /**
     * What the headers say, or null if they say nothing that makes sense. What makes none is ignored, and noted in the call's
     * journey.
     *
     * @param nowMillis the client's wall clock
     */
    static @Nullable QuotaReport read(HeaderFamily family, Headers headers, long nowMillis, Call call) {
        if (family instanceof HeaderFamily.Named named) {
            return named(named, headers, nowMillis, call);
        }
        return family instanceof HeaderFamily.AnyOf any
                ? anyOf(any.families(), headers, nowMillis, call)
                : StructuredQuota.read(headers, call);
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

    /** Of the names of a family only those that it makes no sense without: every look costs every response. */
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
        long limit = limitText == null ? UNKNOWN : number(names.limit(), limitText, headers, call);
        long remaining = remainingText == null ? UNKNOWN : number(names.remaining(), remainingText, headers, call);
        long reset = resetText == null ? UNKNOWN : reset(names, resetText, headers, nowMillis, call);
        long window = limitText != null && limit >= 0 && limitText.indexOf(';') >= 0
                ? StructuredQuota.window(limitText, limit)
                : UNKNOWN;
        return limit < 0 && remaining < 0 && reset < 0 ? null : QuotaReport.unnamed(limit, remaining, reset, window);
    }

    private static long number(String name, String first, Headers headers, Call call) {
        long value = Digits.whole(first, 0, first.length());
        if (value >= 0) {
            return value;
        }
        for (String text : headers.all(name)) {
            value = Digits.firstOf(text);
            if (value >= 0) {
                return value;
            }
        }
        ignored(call, name, "not a whole number");
        return UNKNOWN;
    }

    private static long reset(HeaderFamily.Named names, String first, Headers headers, long nowMillis, Call call) {
        long nanos = ResetTime.nanosUntil(first, names.band(), headers, nowMillis);
        if (nanos >= 0) {
            return nanos;
        }
        long reason = nanos;
        for (String text : headers.all(names.reset())) {
            nanos = ResetTime.nanosUntil(text, names.band(), headers, nowMillis);
            if (nanos >= 0) {
                return nanos;
            }
        }
        ignored(call, names.reset(), whyNot(reason));
        return UNKNOWN;
    }

    /** Leaves a remark in the journey, once per call. Never a value: it may be anything. */
    static void ignored(Call call, String header, String why) {
        String text = "header " + header + " ignored: " + why;
        if (!call.notes().contains(text)) {
            call.note(text);
        }
    }

    private static String whyNot(long reason) {
        if (reason == ResetTime.ABSURD) {
            return "more than a year away";
        }
        return reason == ResetTime.PAST
                ? "in the past"
                : "neither a number, nor a duration, nor an instant, nor a date";
    }
}
