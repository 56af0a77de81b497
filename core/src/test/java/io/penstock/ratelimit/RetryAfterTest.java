package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final long NOW = Instant.parse("1994-11-06T08:49:37Z").toEpochMilli();

    private static final String UNREADABLE =
            "Retry-After ignored: neither a number, nor a duration, nor an instant, nor a date";
    private static final RetryAfter.Hint TOO_LONG =
            new RetryAfter.Hint(TimeNotation.LONGEST, "Retry-After of more than 366 days: taken for so many");

    private static RetryAfter.@Nullable Hint of(Headers headers, long now) {
        return RetryAfter.usual().of(headers, now);
    }

    private static RetryAfter.Hint hint(String value) {
        RetryAfter.Hint hint = of(Headers.of("retry-after", value), NOW);
        return Objects.requireNonNull(hint, "hint");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0                               | PT0S
            1                               | PT1S
            '120  '                         | PT2M
            007                             | PT7S
            0000000001                      | PT1S
            3.5                             | PT3.5S
            299.997                         | PT4M59.997S
            1e3                             | PT1000S
            10 s                            | PT10S
            31622400                        | PT8784H
            5, 50                           | PT50S
            1994-11-06T08:50:07Z            | PT30S
            784111807                       | PT8784H
            Sun, 06 Nov 1994 08:50:07 GMT   | PT30S
            Sunday, 06-Nov-94 08:50:07 GMT  | PT30S
            Sun Nov  6 08:50:07 1994        | PT30S
            Sun, 06 Nov 1994 08:49:37 GMT   | PT0S
            """)
    void readsEveryNotation(String value, Duration delay) {
        assertThat(hint(value).delay()).isEqualTo(delay);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "31622401",
                "999999999",
                "1000000000",
                "99999999999999999999999999",
                "Sun, 06 Nov 2094 08:49:37 GMT",
                "9999-12-31T23:59:59Z",
                "99999h"
            })
    void capsDelayAtLimit(String value) {
        assertThat(hint(value)).isEqualTo(TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "0x10", "٣", "Sun, 06 Nov"})
    void notesUnreadableValue(String value) {
        assertThat(hint(value)).isEqualTo(new RetryAfter.Hint(null, UNREADABLE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sun, 06 Nov 1994 08:49:36 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "1994-11-06T08:49:36Z"})
    void notesDateInPast(String value) {
        assertThat(hint(value)).isEqualTo(new RetryAfter.Hint(null, "Retry-After ignored: in the past"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            retry-after-ms: 3500                                           | PT3.5S
            RETRY-AFTER-MS: 3500.5                                         | PT3.5005S
            x-ms-retry-after-ms: 1200 | Retry-After: 2                     | PT1.2S
            Retry-After: 2            | x-ms-retry-after-ms: 1200          | PT1.2S
            retry-after-ms: soon      | Retry-After: 2                     | PT2S
            retry-after-ms: -1        | Retry-After: 2                     | PT2S
            retry-after-ms: 99999999999999999 | Retry-After: 2             | PT2S
            retry-after-ms: 3.5s      | Retry-After: 4                     | PT3.5S
            x-retry-after: 7                                               | PT7S
            x-ratelimit-retry-after: 1.5                                   | PT1.5S
            x-rate-limit-retry-after-seconds: 9                            | PT9S
            """)
    void prefersMostPreciseValidHeader(ArgumentsAccessor arguments) {
        List<String> headers = new ArrayList<>();
        for (int i = 0; i < arguments.size() - 1; i++) {
            String[] header = arguments.getString(i).split(": ", 2);
            headers.addAll(List.of(header));
        }

        assertThat(of(Headers.of(headers.toArray(String[]::new)), NOW))
                .isEqualTo(new RetryAfter.Hint(Duration.parse(arguments.getString(arguments.size() - 1)), null));
    }

    @Test
    void readsConfiguredHeadersInTheirUnit() {
        RetryAfter places = RetryAfter.usual().withHeader("X-Cooldown", TimeUnit.MINUTES);

        assertThat(places.of(Headers.of("x-cooldown", "2", "retry-after", "5"), NOW))
                .isEqualTo(new RetryAfter.Hint(Duration.ofMinutes(2), null));
        assertThat(places.withHeaders(RetryAfter.Place.millis("x-wait"))
                        .of(Headers.of("x-wait", "250", "retry-after", "5"), NOW))
                .isEqualTo(new RetryAfter.Hint(Duration.ofMillis(250), null));
        assertThatThrownBy(() -> places.withHeader(" ", TimeUnit.SECONDS))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("expected: a header or a pointer");
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65, 66, 1_000, 8_000})
    void notesGarbageOfAnyLength(int length) {
        assertThat(hint("x".repeat(length))).isEqualTo(new RetryAfter.Hint(null, UNREADABLE));
    }

    @Test
    void ignoresAbsurdDateHeader() {
        Headers headers =
                Headers.of("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT", "date", "Sun, ".repeat(40) + "1994");

        assertThat(of(headers, NOW)).isEqualTo(new RetryAfter.Hint(Duration.ofSeconds(30), null));
    }

    @Test
    void returnsNoHintWithoutHeader() {
        assertThat(of(Headers.none(), NOW)).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400_000, -90_000, 0, 90_000, 86_400_000})
    void comparesDateWithClockOfServer(long ourSkewMillis) {
        Headers headers =
                Headers.of("date", "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after", "Sun, 06 Nov 1994 08:50:07 GMT");

        assertThat(of(headers, NOW + ourSkewMillis)).isEqualTo(new RetryAfter.Hint(Duration.ofSeconds(30), null));
    }

    @Test
    void takesLongestOfSeveralHeaders() {
        assertThat(of(Headers.of("retry-after", "5", "retry-after", "50", "retry-after", "soon"), NOW))
                .isEqualTo(new RetryAfter.Hint(Duration.ofSeconds(50), null));
    }

    @Test
    void givesDelayInRangeOrReasonForAnyInput() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        DateTimeFormatter imf = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                .withZone(ZoneOffset.UTC);
        for (int i = 0; i < 20_000; i++) {
            Instant date = Instant.ofEpochMilli(NOW).plusSeconds(random.nextLong(-2_000_000_000L, 2_000_000_000L));
            StringBuilder value =
                    new StringBuilder(random.nextBoolean() ? imf.format(date) : Long.toString(random.nextLong()));
            for (int edits = random.nextInt(3); edits > 0; edits--) {
                value.setCharAt(random.nextInt(value.length()), (char) random.nextInt(0x21, 0x7f));
            }

            RetryAfter.Hint hint = hint(value.toString());

            assertThat(hint.note() == null
                            || hint.delay() == null
                            || hint.delay().equals(TimeNotation.LONGEST))
                    .as("seed %d: %s", seed, value)
                    .isTrue();
            assertThat(hint.delay() != null || hint.note() != null)
                    .as("seed %d: %s", seed, value)
                    .isTrue();
            if (hint.delay() != null) {
                assertThat(hint.delay()).as("seed %d: %s", seed, value).isBetween(Duration.ZERO, TimeNotation.LONGEST);
            }
        }
    }
}
