package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.Headers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResetTimeTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final long YEAR = RetryAfter.ABSURD.toNanos();
    private static final HeaderFamily.Band USUAL = HeaderFamily.Band.usual();
    private static final DateTimeFormatter IMF = format("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
    private static final DateTimeFormatter RFC_850 = format("EEEE, dd-MMM-yy HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = format("EEE MMM ppd HH:mm:ss yyyy");

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    }

    private static long nanos(String text, Instant now, Headers headers) {
        return ResetTime.nanosUntil(text, USUAL, headers, now.toEpochMilli());
    }

    private static long nanos(String text) {
        return nanos(text, NOW, Headers.none());
    }

    private static Headers date(Instant serverNow) {
        return Headers.of("date", IMF.format(serverNow));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0                                | PT0S
            30                               | PT30S
            ' 30\t'                          | PT30S
            007                              | PT7S
            1.5                              | PT1.5S
            0.25                             | PT0.25S
            30.0                             | PT30S
            1.1234567891                     | PT1.123456789S
            31622400                         | PT8784H
            1795176060                       | PT1M
            1795176060.25                    | PT1M0.25S
            1795176060500                    | PT1M0.5S
            1795176000                       | PT0S
            2026-11-20T12:01:00Z             | PT1M
            2026-11-20T12:01:00.250Z         | PT1M0.25S
            2026-11-20T13:01:00+01:00        | PT1M
            Fri, 20 Nov 2026 12:01:00 GMT    | PT1M
            Friday, 20-Nov-26 12:01:00 GMT   | PT1M
            Fri Nov 20 12:01:00 2026         | PT1M
            6m0s                             | PT6M
            1h2m3.5s                         | PT1H2M3.5S
            120ms                            | PT0.12S
            1.5h                             | PT1H30M
            2d                               | PT48H
            250us                            | PT0.00025S
            17ns                             | PT0.000000017S
            0s                               | PT0S
            30, 60                           | PT30S
            'soon, 60'                       | PT1M
            30;w=60                          | PT30S
            '2026-11-20T12:01:00Z,99'        | PT1M
            """)
    void everyNotationIsRead(String text, Duration wait) {
        assertThat(Duration.ofNanos(nanos(text))).isEqualTo(wait);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            31622401                         | -2
            31622400.1                       | -2
            999999999                        | -2
            1000000000                       | -3
            99999999999                      | -2
            100000000000                     | -3
            999999999999999999               | -2
            9000h                            | -2
            999999999999999999d              | -2
            366d1ns                          | -2
            2028-11-20T12:00:00Z             | -2
            +1000000000-12-31T23:59:59Z      | -1
            2020-11-20T12:00:00Z             | -3
            0000-01-01T00:00:00Z             | -3
            Sun, 06 Nov 1994 08:49:37 GMT    | -3
            Sun, 06 Nov 2094 08:49:37 GMT    | -2
            1795175939                       | -3
            """)
    void whatIsFarAwayOrOverIsRefused(String text, long reason) {
        assertThat(nanos(text)).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                ";",
                "soon",
                "-1",
                "-1.5",
                "+5",
                "1.",
                ".5",
                "1..5",
                "1e3",
                "0x10",
                "NaN",
                "Infinity",
                "1234567890123456789",
                "٣",
                "5 s",
                "5S",
                "5q",
                "s",
                "5m6",
                "1.5.5s",
                "-5s",
                "P1D",
                "PT30S",
                "2026-11-20",
                "2026-11-20T12:01:00",
                "2026-99-99T99:99:99Z",
                "Fri, 20 Nov 2026 12:01:00 PST",
                "null"
            })
    void everythingElseIsUnreadable(String text) {
        assertThat(nanos(text)).isEqualTo(ResetTime.UNREADABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "999999999, SECONDS, -2",
        "1000000000, EPOCH_SECONDS, -3",
        "1795176030, EPOCH_SECONDS, 30000000000",
        "1795176030, EPOCH_MILLIS, -3",
        "1795176030000, EPOCH_MILLIS, 30000000000",
        "1795176030000, EPOCH_SECONDS, -2",
        "30, EPOCH_SECONDS, -3",
        "30, SECONDS, 30000000000"
    })
    void aBandSaysWhatANumberIs(String text, String band, long nanos) {
        HeaderFamily.Band of = switch (band) {
            case "SECONDS" -> HeaderFamily.Band.seconds();
            case "EPOCH_SECONDS" -> HeaderFamily.Band.epochSeconds();
            default -> HeaderFamily.Band.epochMillis();
        };

        assertThat(ResetTime.nanosUntil(text, of, Headers.none(), NOW.toEpochMilli()))
                .isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({"0, 30", "1, 30", "999, 30"})
    void aDateOfWholeSecondsMakesAnExactResetNoLessExact(long millisIntoTheSecond, long wait) {
        Instant now = NOW.plusMillis(millisIntoTheSecond);
        String reset = Long.toString(now.plusSeconds(wait).toEpochMilli());

        assertThat(nanos(reset, now, date(now)))
                .isEqualTo(Duration.ofSeconds(wait).toNanos());
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, -30, 0, 30, 86_400})
    void aDeltaIsNeverCorrected(long skew) {
        for (String delta : new String[] {"30", "30.0", "30s"}) {
            assertThat(nanos(delta, NOW, date(NOW.plusSeconds(skew))))
                    .as(delta)
                    .isEqualTo(Duration.ofSeconds(30).toNanos());
        }
    }

    @ParameterizedTest
    @CsvSource({"2, true", "3, false", "60, false"})
    void withADateAResetMayBeOverByARounding(long secondsOver, boolean counts) {
        Instant serverNow = NOW.minusSeconds(300);
        long nanos = nanos(serverNow.minusSeconds(secondsOver).toString(), NOW, date(serverNow));

        assertThat(nanos).isEqualTo(counts ? 0 : ResetTime.PAST);
    }

    @ParameterizedTest
    @CsvSource({"59, true", "60, true", "61, false"})
    void withoutADateAResetMayBeOverByAsMuchAsClocksDiffer(long secondsOver, boolean counts) {
        assertThat(nanos(NOW.minusSeconds(secondsOver).toString())).isEqualTo(counts ? 0 : ResetTime.PAST);
    }

    @Test
    void everyNotationOfAnInstantGivesTheSameWaitWithinASecondWhateverTheClocks() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Instant now = NOW.plusMillis(random.nextLong(Duration.ofDays(9_000).toMillis()));
            Instant serverNow = now.plusMillis(random.nextLong(-30_000, 30_001));
            long waitMillis = random.nextLong(
                    random.nextBoolean() ? 120_000 : Duration.ofDays(365).toMillis());
            for (Map.Entry<String, Boolean> text :
                    notations(serverNow, waitMillis).entrySet()) {
                long nanos = nanos(text.getKey(), now, date(serverNow));

                // Notations in whole seconds cut off less than one themselves.
                long tolerance = text.getValue() ? 1_000 : 2_000;
                assertThat(nanos / 1_000_000)
                        .as("seed %d: %s at %s, server %s", seed, text.getKey(), now, serverNow)
                        .isBetween(Math.max(0, waitMillis - 1_000), waitMillis + tolerance);
            }
        }
    }

    /** With whether it is exact to the millisecond. */
    private static Map<String, Boolean> notations(Instant serverNow, long waitMillis) {
        Instant reset = serverNow.plusMillis(waitMillis);
        Instant roundedUp = Instant.ofEpochSecond(-Math.floorDiv(-reset.toEpochMilli(), 1_000L));
        Map<String, Boolean> texts = new LinkedHashMap<>();
        texts.put(Long.toString(-Math.floorDiv(-waitMillis, 1_000L)), false);
        texts.put(String.format(Locale.ROOT, "%d.%03d", waitMillis / 1_000, waitMillis % 1_000), true);
        texts.put(waitMillis + "ms", true);
        texts.put(
                String.format(
                        Locale.ROOT,
                        "%dh%dm%d.%03ds",
                        waitMillis / 3_600_000,
                        waitMillis / 60_000 % 60,
                        waitMillis / 1_000 % 60,
                        waitMillis % 1_000),
                true);
        texts.put(Long.toString(reset.toEpochMilli()), true);
        texts.put(Long.toString(roundedUp.getEpochSecond()), false);
        texts.put(reset.toString(), true);
        texts.put(IMF.format(roundedUp), false);
        texts.put(RFC_850.format(roundedUp), false);
        texts.put(ASCTIME.format(roundedUp), false);
        return texts;
    }

    @Test
    void whateverAServerSendsGivesAWaitWithinAYearOrAReason() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "0123456789.,;:-+ TZhmsdnuGMTFriNov\u00b5\u0663\u0000\uffff";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(24); length > 0; length--) {
                text.append(
                        random.nextInt(50) == 0
                                ? (char) random.nextInt(0x10000)
                                : alphabet.charAt(random.nextInt(alphabet.length())));
            }
            long nanos = nanos(text.toString());

            assertThat(nanos).as("seed %d: %s", seed, text).isBetween(ResetTime.PAST, YEAR);
        }
    }

    @Test
    void aNumberIsReadByItsMagnitudeAtEveryPowerOfTen() {
        long number = 1;
        for (int digits = 1; digits <= 18; digits++, number *= 10) {
            for (long near : new long[] {number - 1, number, number + 1}) {
                long nanos = nanos(Long.toString(near));

                boolean delta = near <= RetryAfter.ABSURD.toSeconds();
                boolean past = !delta && near >= 1_000_000_000L && nanos == ResetTime.PAST;
                assertThat(delta ? nanos == near * 1_000_000_000L : past || nanos == ResetTime.ABSURD)
                        .as("%d: %d", near, nanos)
                        .isTrue();
            }
        }
    }
}
