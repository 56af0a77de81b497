package io.penstock.ratelimit;

import io.penstock.http.Headers;
import io.penstock.pipeline.Call;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import org.greenbytes.http.sfv.ByteSequenceItem;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.NumberItem;
import org.greenbytes.http.sfv.ParseException;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;
import org.greenbytes.http.sfv.TokenItem;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the fields {@code RateLimit} and {@code RateLimit-Policy} of the IETF draft, which are structured fields
 * (RFC 8941):
 *
 * <pre>
 *  RateLimit:        "burst";r=50;t=30, "daily";r=900;t=40000     name; remaining; reset in seconds
 *  RateLimit-Policy: "burst";q=100;w=60, "daily";q=1000;w=86400   name; quota; window in seconds
 * </pre>
 *
 * The previous draft had a dictionary, {@code limit=100, remaining=50, reset=30}, which is read too. A policy whose
 * unit ({@code qu}) is anything but requests is ignored, as it does not limit how many may be sent. A partition key
 * ({@code pk}) is only compared with others. It is kept as a hash, because it may reveal the identity of the client.
 */
final class StructuredQuota {

    static final String REPORT = "ratelimit";
    static final String POLICY = "ratelimit-policy";

    /** The maximum number of policies; a server that names more does not describe a quota. */
    private static final int MOST_POLICIES = 16;

    private static final int LONGEST_NAME = 64;
    private static final long UNKNOWN = QuotaReport.UNKNOWN;

    private StructuredQuota() {}

    /** Returns the report in the fields, or null if they are missing or contain none that makes sense. */
    static @Nullable QuotaReport read(Headers headers, long nowMillis, Call call) {
        if (!headers.contains(REPORT)) {
            return null;
        }
        List<ListElement<?>> reports = list(headers, REPORT);
        if (reports == null) {
            QuotaReport earlier = dictionary(headers, nowMillis, call);
            if (earlier == null) {
                QuotaHeaders.ignored(call, REPORT, "no structured field with a quota");
            }
            return earlier;
        }
        List<ListElement<?>> policies = list(headers, POLICY);
        if (policies == null) {
            QuotaHeaders.ignored(call, POLICY, "no structured field");
            policies = List.of();
        }
        List<QuotaReport> all = new ArrayList<>(reports.size());
        for (ListElement<?> report : reports) {
            String name = name(report);
            ListElement<?> policy = named(policies, name);
            if (policy != null && !countsRequests(policy)) {
                continue;
            }
            long remaining = amount(report.getParams().get("r"));
            if (name == null || remaining < 0) {
                QuotaHeaders.ignored(call, REPORT, "a policy without a name or what remains of it");
            } else if (all.size() < MOST_POLICIES) {
                long resetNanos = reset(report.getParams().get("t"), "t", headers, nowMillis, call);
                all.add(report(name, remaining, resetNanos, key(report), policy, call));
            }
        }
        return QuotaReport.ofAll(all);
    }

    private static QuotaReport report(
            String name,
            long remaining,
            long resetNanos,
            @Nullable String key,
            @Nullable ListElement<?> policy,
            Call call) {
        long limit = policy == null ? UNKNOWN : amount(policy.getParams().get("q"));
        long window = policy == null ? UNKNOWN : window(policy, call);
        String shortName = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
        return new QuotaReport(shortName, limit, remaining, resetNanos, window, key, List.of());
    }

    /** Returns the members of a field, empty if it is missing; null if it is no list. */
    private static @Nullable List<ListElement<?>> list(Headers headers, String name) {
        if (!headers.contains(name)) {
            return List.of();
        }
        try {
            return new Parser(headers.all(name)).parseList().get();
        } catch (ParseException e) {
            return null;
        }
    }

    private static @Nullable QuotaReport dictionary(Headers headers, long nowMillis, Call call) {
        try {
            Map<String, ListElement<?>> members =
                    new Parser(headers.all(REPORT)).parseDictionary().get();
            long remaining = amount(members.get("remaining"));
            if (remaining < 0) {
                return null;
            }
            long resetNanos = reset(members.get("reset"), "reset", headers, nowMillis, call);
            return QuotaReport.unnamed(amount(members.get("limit")), remaining, resetNanos, UNKNOWN);
        } catch (ParseException e) {
            return null;
        }
    }

    private static @Nullable ListElement<?> named(List<ListElement<?>> policies, @Nullable String name) {
        for (ListElement<?> policy : policies) {
            if (name != null && name.equals(name(policy))) {
                return policy;
            }
        }
        return null;
    }

    /** Returns the name of a policy: a string, or a token as in earlier drafts. */
    private static @Nullable String name(ListElement<?> member) {
        if (member instanceof StringItem string) {
            return string.get();
        }
        return member instanceof TokenItem token ? token.get() : null;
    }

    private static @Nullable String key(ListElement<?> report) {
        if (!(report.getParams().get("pk") instanceof ByteSequenceItem key)) {
            return null;
        }
        CRC32 hash = new CRC32();
        hash.update(key.get().duplicate());
        return String.format(Locale.ROOT, "%08x", hash.getValue());
    }

    private static boolean countsRequests(ListElement<?> policy) {
        Object unit = policy.getParams().get("qu");
        return unit == null
                || (unit instanceof StringItem string && "requests".equals(string.get()))
                || (unit instanceof TokenItem token && "requests".equals(token.get()));
    }

    /** Returns the text of a number, a string or a token; null for anything else. */
    private static @Nullable String text(@Nullable Object item) {
        if (item instanceof NumberItem<?> number) {
            // Decimals, too, are stored as a whole number, of thousandths.
            return BigDecimal.valueOf(number.getAsLong())
                    .divide(BigDecimal.valueOf(number.getDivisor()))
                    .toPlainString();
        }
        if (item instanceof StringItem string) {
            return string.get();
        }
        return item instanceof TokenItem token ? token.get() : null;
    }

    /** Returns an amount, or {@link QuotaReport#UNKNOWN}. */
    private static long amount(@Nullable Object item) {
        String text = text(item);
        return text == null ? UNKNOWN : AmountNotation.one(text);
    }

    private static long reset(@Nullable Object item, String parameter, Headers headers, long nowMillis, Call call) {
        if (item == null) {
            return UNKNOWN;
        }
        String text = text(item);
        long nanos = text == null
                ? TimeNotation.UNREADABLE
                : TimeNotation.untilReset(text, HeaderFamily.Band.usual(), headers, nowMillis);
        return QuotaHeaders.told(nanos, REPORT + " (" + parameter + ")", call);
    }

    private static long window(ListElement<?> policy, Call call) {
        Object item = policy.getParams().get("w");
        String text = text(item);
        long nanos = text == null ? UNKNOWN : windowNanos(text);
        if (nanos < 0 && item != null) {
            QuotaHeaders.ignored(call, POLICY, "w is no length of a window within a year");
        }
        return nanos;
    }

    /** Returns the length of a window, or {@link QuotaReport#UNKNOWN}. A window is never as long as a year. */
    private static long windowNanos(String text) {
        return Math.max(UNKNOWN, TimeNotation.untilReset(text, HeaderFamily.Band.seconds(), Headers.none(), 0));
    }

    /**
     * Returns the window in the older {@code RateLimit-Limit: 100, 100;w=60}, in nanoseconds, or
     * {@link QuotaReport#UNKNOWN}.
     *
     * @param limit the limit whose window to find
     */
    static long window(String list, long limit) {
        try {
            for (ListElement<?> member : Parser.parseList(list).get()) {
                String window = text(member.getParams().get("w"));
                if (window != null && amount(member) == limit) {
                    return windowNanos(window);
                }
            }
        } catch (ParseException e) {
            return UNKNOWN; // the number before it is known, and the length of its window is not needed
        }
        return UNKNOWN;
    }
}
