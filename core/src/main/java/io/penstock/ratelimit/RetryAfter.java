package io.penstock.ratelimit;

import io.penstock.Headers;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The {@code Retry-After} header (RFC 9110 §10.2.3): whole seconds, or an HTTP-date in any of its three formats. */
public final class RetryAfter {

    /** Longer hints are taken for a mistake: 366 days. */
    static final Duration ABSURD = Duration.ofDays(366);

    private RetryAfter() {}

    /**
     * What a header said.
     *
     * @param delay how long to wait, or null if the value makes no sense
     * @param nonsense why it makes none, or null
     */
    public record Hint(@Nullable Duration delay, @Nullable String nonsense) {}

    /**
     * The hint of a response, or null if it has none.
     *
     * <p>A date is compared with the response's own {@code Date}, so that a skewed clock on either side does no harm;
     * without one, with the given time.
     *
     * @param nowMillis the client's wall clock
     */
    public static @Nullable Hint of(Headers headers, long nowMillis) {
        String value = headers.first("retry-after");
        if (value == null) {
            return null;
        }
        String text = value.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text.length() > 9 ? nonsense("absurdly long") : hint(Duration.ofSeconds(Long.parseLong(text)));
        }
        Instant date = HttpDate.parse(text, nowMillis);
        if (date == null) {
            return nonsense("neither seconds nor an HTTP-date");
        }
        Instant serverNow = HttpDate.parse(headers.first("date"), nowMillis);
        return hint(Duration.between(serverNow == null ? Instant.ofEpochMilli(nowMillis) : serverNow, date));
    }

    private static Hint hint(Duration wait) {
        if (wait.isNegative()) {
            return nonsense("in the past");
        }
        return wait.compareTo(ABSURD) > 0 ? nonsense("absurdly long") : new Hint(wait, null);
    }

    private static Hint nonsense(String why) {
        return new Hint(null, why);
    }
}
