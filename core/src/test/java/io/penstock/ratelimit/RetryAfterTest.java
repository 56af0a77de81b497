package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.Headers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final long NOW = Instant.parse("1994-11-06T08:49:37Z").toEpochMilli();

    private static RetryAfter.Hint hint(String value) {
        RetryAfter.Hint hint = RetryAfter.of(Headers.of("retry-after", value), NOW);
        return Objects.requireNonNull(hint, "hint");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0                               | PT0S
            1                               | PT1S
            '120  '                         | PT2M
            007                             | PT7S
            31622400                        | PT8784H
            Sun, 06 Nov 1994 08:50:07 GMT   | PT30S
            Sunday, 06-Nov-94 08:50:07 GMT  | PT30S
            Sun Nov  6 08:50:07 1994        | PT30S
            Sun, 06 Nov 1994 08:49:37 GMT   | PT0S
            """)
    void secondsAndAllThreeFormatsOfDatesAreRead(String value, Duration delay) {
        assertThat(hint(value)).isEqualTo(new RetryAfter.Hint(delay, null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                              | neither seconds nor an HTTP-date
            soon                            | neither seconds nor an HTTP-date
            -1                              | neither seconds nor an HTTP-date
            1.5                             | neither seconds nor an HTTP-date
            1e3                             | neither seconds nor an HTTP-date
            10 s                            | neither seconds nor an HTTP-date
            0x10                            | neither seconds nor an HTTP-date
            ٣                               | neither seconds nor an HTTP-date
            1994-11-06T08:50:07Z            | neither seconds nor an HTTP-date
            Sun, 06 Nov                     | neither seconds nor an HTTP-date
            31622401                        | absurdly long
            999999999                       | absurdly long
            1000000000                      | absurdly long
            99999999999999999999999999      | absurdly long
            Sun, 06 Nov 2094 08:49:37 GMT   | absurdly long
            Sun, 06 Nov 1994 08:49:36 GMT   | in the past
            Thu, 01 Jan 1970 00:00:00 GMT   | in the past
            """)
    void nonsenseIsToldAndGivesNoDelay(String value, String nonsense) {
        assertThat(hint(value)).isEqualTo(new RetryAfter.Hint(null, nonsense));
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65, 66, 1_000, 8_000})
    void garbageOfAnyLengthIsNonsenseNotAnError(int length) {
        assertThat(hint("x".repeat(length))).isEqualTo(new RetryAfter.Hint(null, "neither seconds nor an HTTP-date"));
    }

    @Test
    void anAbsurdDateHeaderIsNoDate() {
        Headers headers =
                Headers.of("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT", "date", "Sun, ".repeat(40) + "1994");

        assertThat(RetryAfter.of(headers, NOW)).isEqualTo(new RetryAfter.Hint(Duration.ofSeconds(30), null));
    }

    @Test
    void withoutTheHeaderThereIsNoHint() {
        assertThat(RetryAfter.of(Headers.none(), NOW)).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400_000, -90_000, 0, 90_000, 86_400_000})
    void aDateIsComparedWithTheServersOwnClock(long ourSkewMillis) {
        Headers headers =
                Headers.of("date", "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after", "Sun, 06 Nov 1994 08:50:07 GMT");

        assertThat(RetryAfter.of(headers, NOW + ourSkewMillis))
                .isEqualTo(new RetryAfter.Hint(Duration.ofSeconds(30), null));
    }

    @Test
    void theFirstOfSeveralIsTaken() {
        assertThat(RetryAfter.of(Headers.of("retry-after", "5", "retry-after", "50"), NOW))
                .isEqualTo(new RetryAfter.Hint(Duration.ofSeconds(5), null));
    }

    @Test
    void whateverAServerSendsGivesADelayInRangeOrAReason() {
        long seed = new Random().nextLong();
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

            assertThat(hint.delay() == null).as("seed %d: %s", seed, value).isEqualTo(hint.nonsense() != null);
            if (hint.delay() != null) {
                assertThat(hint.delay()).as("seed %d: %s", seed, value).isBetween(Duration.ZERO, RetryAfter.ABSURD);
            }
        }
    }
}
