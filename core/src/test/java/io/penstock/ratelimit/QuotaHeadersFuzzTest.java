package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.penstock.http.Headers;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * Fuzz targets for the headers of a server. In a normal build they run with the stored inputs of
 * {@code src/test/resources} alone, as plain tests. An input is lines of text, its bytes taken for characters as in a
 * head.
 */
class QuotaHeadersFuzzTest {

    private static final long NOW = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
    private static final long YEAR = TimeNotation.LONGEST.toNanos();
    private static final List<HeaderFamily.Band> BANDS = List.of(
            HeaderFamily.Band.usual(),
            HeaderFamily.Band.seconds(),
            HeaderFamily.Band.epochSeconds(),
            HeaderFamily.Band.epochMillis());

    /** Returns headers that do not validate values: a laxer transport must do no harm either. */
    private static HttpHeaders unchecked() {
        return DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    }

    private static List<String> lines(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1).lines().toList();
    }

    private static String line(byte[] input, int number) {
        List<String> lines = lines(input);
        return lines.size() > number ? lines.get(number) : "";
    }

    private static void check(HeaderFamily family, HttpHeaders headers) {
        Call call = Call.start(Plans.get(), Schedulers.immediate());
        check(QuotaHeaders.read(family, Headers.view(headers), NOW, call));
    }

    private static void check(@Nullable QuotaReport report) {
        if (report != null) {
            assertThat(report.limit()).isGreaterThanOrEqualTo(-1);
            assertThat(report.remaining()).isGreaterThanOrEqualTo(-1);
            assertThat(report.resetNanos()).isBetween(-1L, YEAR);
            assertThat(report.freshInNanos()).isBetween(0L, YEAR);
            report.others().forEach(QuotaHeadersFuzzTest::check);
        }
    }

    /** A reset; a Date. */
    @FuzzTest
    void readsResetAsWaitOrReason(byte[] input) {
        Headers date = Headers.view(unchecked().add("date", line(input, 1)));
        for (HeaderFamily.Band band : BANDS) {
            assertThat(TimeNotation.untilReset(line(input, 0), band, date, NOW)).isBetween(TimeNotation.PAST, YEAR);
        }
        for (TimeUnit unit : TimeUnit.values()) {
            assertThat(TimeNotation.untilRetry(line(input, 0), unit, date, NOW)).isBetween(TimeNotation.PAST, YEAR);
        }
        Instant now = Instant.ofEpochMilli(NOW);
        Instant end = TimeNotation.end(line(input, 0), now);
        if (end != null) {
            assertThat(end).isBetween(now, now.plusNanos(YEAR));
        }
        // Any text is read without an exception.
        TimeNotation.instant(line(input, 0), now);
    }

    /** Amounts, each as a header of its own. */
    @FuzzTest
    void readsAmountWithinBounds(byte[] input) {
        List<String> lists = lines(input);
        long least = AmountNotation.leastOf(lists);

        assertThat(least).isBetween(AmountNotation.UNREADABLE, Decimal.MOST);
        for (String list : lists) {
            long one = AmountNotation.one(list);
            assertThat(one).isBetween(AmountNotation.UNREADABLE, Decimal.MOST);
            if (AmountNotation.plain(list) >= 0) {
                assertThat(AmountNotation.plain(list)).isEqualTo(one);
            }
        }
    }

    /** RateLimit; RateLimit-Policy; another RateLimit. */
    @FuzzTest
    void readsStructuredFieldsAsReportOrNothing(byte[] input) {
        HttpHeaders headers = unchecked().add("ratelimit", line(input, 0));
        headers.add("ratelimit-policy", line(input, 1));
        if (lines(input).size() > 2) {
            headers.add("ratelimit", line(input, 2));
        }

        check(HeaderFamily.structured(), headers);
    }

    /** Names and values. */
    @FuzzTest
    void readsAnyFamilyAsReportOrNothing(byte[] input) {
        HttpHeaders headers = unchecked();
        for (String line : lines(input)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }

        check(HeaderFamily.auto(), headers);
    }

    /** A Retry-After; a Date. */
    @FuzzTest
    void readsRetryAfterAsDelayOrReason(byte[] input) {
        HttpHeaders headers = unchecked().add("retry-after", line(input, 0)).add("date", line(input, 1));

        RetryAfter.Hint hint = RetryAfter.usual().of(Headers.view(headers), NOW);

        assertThat(hint).isNotNull();
        assertThat(hint.delay() != null || hint.note() != null).isTrue();
        if (hint.delay() != null) {
            assertThat(hint.delay().toNanos()).isBetween(0L, YEAR);
        }
    }
}
