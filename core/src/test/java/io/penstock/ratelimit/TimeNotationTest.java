package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeNotationTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final long YEAR = TimeNotation.LONGEST.toNanos();
    private static final HeaderFamily.Band USUAL = HeaderFamily.Band.usual();
    private static final DateTimeFormatter IMF = format("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
    private static final DateTimeFormatter RFC_850 = format("EEEE, dd-MMM-yy HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = format("EEE MMM ppd HH:mm:ss yyyy");

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    }

    private static long nanos(String text, Instant now, Headers headers) {
        return TimeNotation.untilReset(text, USUAL, headers, now.toEpochMilli());
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
            30, 60                           | PT1M
            60, 30                           | PT1M
            'soon, 60'                       | PT1M
            30;w=60                          | PT30S
            '2026-11-20T12:01:00Z,9'         | PT1M
            '9, 99999999999, soon'           | PT9S
            'Fri, 20 Nov 2026 12:01:00 GMT, 5' | PT1M
            '5, Friday, 20-Nov-26 12:01:00 GMT' | PT1M
            +5                               | PT5S
            -0                               | PT0S
            1.                               | PT1S
            .5                               | PT0.5S
            1e3                              | PT1000S
            1.5E+1                           | PT15S
            25e-1                            | PT2.5S
            0000000000000000000000000000030  | PT30S
            "30"                             | PT30S
            '" 1m30s "'                      | PT1M30S
            5 s                              | PT5S
            5S                               | PT5S
            1m 30s                           | PT1M30S
            30 seconds                       | PT30S
            1 minute                         | PT1M
            +3.5s                            | PT3.5S
            P1D                              | PT24H
            PT30S                            | PT30S
            PT1M30.5S                        | PT1M30.5S
            P1DT1H                           | PT25H
            P1W                              | PT168H
            pt1m                             | PT1M
            2026-11-20T12:01Z                | PT1M
            2026-11-20T13Z                   | PT1H
            2026-11-20T12:01:00              | PT1M
            2026-11-20 12:01:00              | PT1M
            2026-11-20 12:01:00 UTC          | PT1M
            2026-11-20 13:01:00.5 +01:00     | PT1M0.5S
            2026-11-20T13:01:00+0100         | PT1M
            2026-11-20T13:01:00+01           | PT1M
            2026-11-20t12:01:00z             | PT1M
            20261120T120100Z                 | PT1M
            20261120T1201Z                   | PT1M
            20261120T130100.5+0100           | PT1M0.5S
            2026-11-21                       | PT12H
            20 Nov 2026 12:01:00 GMT         | PT1M
            Fri, 20 Nov 2026 12:01:00 -0000  | PT1M
            """)
    void readsEveryNotation(String text, Duration wait) {
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
            1234567890123456789              | -2
            99999999999999999999999999999999999999999999999999999999999999999999999999 | -2
            1e300                            | -2
            1e999999999999                   | -2
            P2Y                              | -2
            PT99999999999999999999H          | -2
            'soon, 31622401'                 | -2
            '2020-01-01T00:00:00Z, 31622401' | -2
            2026-11-20                       | -3
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
    void distinguishesFarAwayFromPast(String text, long reason) {
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
                "1..5",
                ".",
                "+",
                "--5",
                "1e",
                "1e+",
                "e3",
                "1e3.5",
                "P",
                "PT",
                "P1H",
                "PT1D",
                "P1S",
                "PT1",
                "P-1D",
                "\"",
                "\"30",
                "2026-11-20T",
                "2026-11-20T12:61:00Z",
                "20 Nov 2026 12:01:00 PST",
                "1 fortnight",
                "0x10",
                "NaN",
                "Infinity",
                "٣",
                "5q",
                "s",
                "5m6",
                "1.5.5s",
                "-5s",
                "2026-99-99T99:99:99Z",
                "Fri, 20 Nov 2026 12:01:00 PST",
                "null"
            })
    void refusesUnreadableText(String text) {
        assertThat(nanos(text)).isEqualTo(TimeNotation.UNREADABLE);
    }

    /** For a wait, a number is an amount of time as long as it can be one. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0                             | SECONDS      | 0
            3.5                           | SECONDS      | 3500000000
            3500                          | MILLISECONDS | 3500000000
            3500.25                       | MILLISECONDS | 3500250000
            2                             | MINUTES      | 120000000000
            1.5                           | HOURS        | 5400000000000
            3.5s                          | MILLISECONDS | 3500000000
            31622400                      | SECONDS      | 31622400000000000
            31622401                      | SECONDS      | -2
            0000000000000000001           | SECONDS      | 1000000000
            1000000000                    | SECONDS      | -2
            1795176060                    | SECONDS      | 60000000000
            1795176060500                 | SECONDS      | 60500000000
            1795176060500                 | MILLISECONDS | 60500000000
            1795175939                    | SECONDS      | -2
            4294967295                    | SECONDS      | -2
            99999999999999999999999999999 | MILLISECONDS | -2
            2026-11-20T12:00:03.5Z        | MILLISECONDS | 3500000000
            2026-11-20T11:59:59.5Z        | SECONDS      | 0
            2026-11-20T11:59:59Z          | SECONDS      | -3
            -1                            | SECONDS      | -1
            """)
    void readsWaitInItsUnit(String text, TimeUnit unit, long nanos) {
        assertThat(TimeNotation.untilRetry(text, unit, Headers.none(), NOW.toEpochMilli()))
                .isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            3600                     | 2026-11-20T13:00:00Z
            3599.5                   | 2026-11-20T12:59:59.500Z
            "3600"                   | 2026-11-20T13:00:00Z
            1h                       | 2026-11-20T13:00:00Z
            PT1H                     | 2026-11-20T13:00:00Z
            1795179600               | 2026-11-20T13:00:00Z
            1795179600000            | 2026-11-20T13:00:00Z
            2026-11-20T13:00:00Z     | 2026-11-20T13:00:00Z
            0                        | 2026-11-20T12:00:00Z
            2020-11-20T13:00:00Z     | 2026-11-20T12:00:00Z
            999999999                | 2027-11-21T12:00:00Z
            9999-12-31T23:59:59Z     | 2027-11-21T12:00:00Z
            -1                       | -
            never                    | -
            """)
    void readsEndOfPeriod(String text, @Nullable Instant end) {
        assertThat(TimeNotation.end(text, NOW)).isEqualTo(end);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            2026-11-20T13:00Z                | 2026-11-20T13:00:00Z
            Fri, 20 Nov 2026 13:00:00 GMT    | 2026-11-20T13:00:00Z
            1795179600.5                     | 2026-11-20T13:00:00.500Z
            1795179600000                    | 2026-11-20T13:00:00Z
            30                               | -
            -1795179600                      | -
            99999999999999999999999          | -
            1h                               | -
            """)
    void readsPointsInTime(String text, @Nullable Instant point) {
        assertThat(TimeNotation.instant(text, NOW)).isEqualTo(point);
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
    void readsNumberByItsBand(String text, String band, long nanos) {
        HeaderFamily.Band of = switch (band) {
            case "SECONDS" -> HeaderFamily.Band.seconds();
            case "EPOCH_SECONDS" -> HeaderFamily.Band.epochSeconds();
            default -> HeaderFamily.Band.epochMillis();
        };

        assertThat(TimeNotation.untilReset(text, of, Headers.none(), NOW.toEpochMilli()))
                .isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({"0, 30", "1, 30", "999, 30"})
    void keepsExactResetDespiteDateInWholeSeconds(long millisIntoTheSecond, long wait) {
        Instant now = NOW.plusMillis(millisIntoTheSecond);
        String reset = Long.toString(now.plusSeconds(wait).toEpochMilli());

        assertThat(nanos(reset, now, date(now)))
                .isEqualTo(Duration.ofSeconds(wait).toNanos());
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, -30, 0, 30, 86_400})
    void leavesDeltaUncorrectedByDate(long skew) {
        for (String delta : new String[] {"30", "30.0", "30s"}) {
            assertThat(nanos(delta, NOW, date(NOW.plusSeconds(skew))))
                    .as(delta)
                    .isEqualTo(Duration.ofSeconds(30).toNanos());
        }
    }

    @ParameterizedTest
    @CsvSource({"2, true", "3, false", "60, false"})
    void toleratesResetPastByRoundingWithDate(long secondsOver, boolean counts) {
        Instant serverNow = NOW.minusSeconds(300);
        long nanos = nanos(serverNow.minusSeconds(secondsOver).toString(), NOW, date(serverNow));

        assertThat(nanos).isEqualTo(counts ? 0 : TimeNotation.PAST);
    }

    @ParameterizedTest
    @CsvSource({"59, true", "60, true", "61, false"})
    void toleratesResetPastByClockDifferenceWithoutDate(long secondsOver, boolean counts) {
        assertThat(nanos(NOW.minusSeconds(secondsOver).toString())).isEqualTo(counts ? 0 : TimeNotation.PAST);
    }

    @Test
    void givesSameWaitForEveryNotationOfInstant() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
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

    /** Returns notations of an instant, each with whether it is exact to the millisecond. */
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
    void givesWaitWithinYearOrReasonForAnyInput() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        String alphabet = "0123456789.,;:-+ eEPTZ\"hmsdnuGMTFriNov\u00b5\u0663\u0000\uffff";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(24); length > 0; length--) {
                text.append(
                        random.nextInt(50) == 0
                                ? (char) random.nextInt(0x10000)
                                : alphabet.charAt(random.nextInt(alphabet.length())));
            }
            long nanos = nanos(text.toString());

            assertThat(nanos).as("seed %d: %s", seed, text).isBetween(TimeNotation.PAST, YEAR);
            assertThat(TimeNotation.untilRetry(
                            text.toString(), TimeUnit.MILLISECONDS, Headers.none(), NOW.toEpochMilli()))
                    .as("seed %d: %s", seed, text)
                    .isBetween(TimeNotation.PAST, YEAR);
        }
    }

    @Test
    void readsNumberByMagnitudeAtEveryPowerOfTen() {
        long number = 1;
        for (int digits = 1; digits <= 18; digits++, number *= 10) {
            for (long near : new long[] {number - 1, number, number + 1}) {
                long nanos = nanos(Long.toString(near));

                boolean delta = near <= TimeNotation.LONGEST.toSeconds();
                boolean past = !delta && near >= 1_000_000_000L && nanos == TimeNotation.PAST;
                assertThat(delta ? nanos == near * 1_000_000_000L : past || nanos == TimeNotation.TOO_LONG)
                        .as("%d: %d", near, nanos)
                        .isTrue();
            }
        }
    }
}
