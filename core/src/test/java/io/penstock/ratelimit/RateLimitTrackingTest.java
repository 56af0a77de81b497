package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

class RateLimitTrackingTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final DateTimeFormatter IMF = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final RateLimitTracking tracking = new RateLimitTracking(HeaderFamily.xRateLimit(), List.of());
    private final Attempt call;

    RateLimitTrackingTest() {
        time.advanceTimeTo(NOW);
        call = Call.start(Plans.get(), time).attempt(1);
    }

    private @Nullable Quota after(RateLimitTracking t, int status, String... headers) {
        t.onHead(call, new ResponseHead(status, Headers.of(headers)));
        return t.quotas().isEmpty() ? null : t.quotas().get(0);
    }

    @Test
    void remembersLimitRemainingAndReset() {
        assertThat(after(
                        tracking,
                        200,
                        "X-RateLimit-Limit",
                        "60",
                        "X-RATELIMIT-REMAINING",
                        "59 ",
                        "x-ratelimit-reset",
                        "30"))
                .isEqualTo(new Quota("default", 60, 59, NOW.plusSeconds(30), null));
        assertThat(call.notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {-7200, -61, 0, 61, 7200})
    void convertsAbsoluteResetToOwnClock(long skewSeconds) {
        Instant serverNow = NOW.plusSeconds(skewSeconds);
        Instant serverReset = serverNow.plusSeconds(30);
        for (String reset : List.of(
                Long.toString(serverReset.getEpochSecond()),
                Long.toString(serverReset.toEpochMilli()),
                serverReset.toString(),
                "30")) {
            Quota quota = after(tracking, 200, "x-ratelimit-reset", reset, "date", IMF.format(serverNow));

            assertThat(quota).as(reset).isNotNull().extracting(Quota::resetsAt).isEqualTo(NOW.plusSeconds(30));
        }
    }

    @Test
    void ignoresGarbageAndNotesItOncePerCall() {
        String[] garbage = {
            "x-ratelimit-limit", "many", "x-ratelimit-remaining", "-1", "x-ratelimit-reset", "s3cr3t-of-a-server"
        };
        assertThat(after(tracking, 200, garbage)).isNull();
        assertThat(after(tracking, 200, garbage)).isNull();

        assertThat(call.notes())
                .containsExactly(
                        "header x-ratelimit-limit ignored: not an amount",
                        "header x-ratelimit-remaining ignored: not an amount",
                        "header x-ratelimit-reset ignored: neither a number, nor a duration, nor an instant, nor a"
                                + " date");
    }

    @Test
    void keepsQuotaPerPolicyAndChecksScarcityOfTightest() {
        RateLimitTracking structured = new RateLimitTracking(HeaderFamily.structured(), List.of());

        after(
                structured,
                200,
                "ratelimit",
                "\"daily\";r=900;t=3600, \"burst\";r=5;t=30",
                "ratelimit-policy",
                "\"burst\";q=100;w=60, \"daily\";q=1000;w=86400");

        assertThat(structured.quotas())
                .containsExactlyInAnyOrder(
                        new Quota("default/burst", 100, 5, NOW.plusSeconds(30), null),
                        new Quota("default/daily", 1000, 900, NOW.plusSeconds(3600), null));
        assertThat(structured.isScarce(call, 0.1)).isTrue();
        assertThat(structured.isScarce(call, 0.05)).isFalse();
    }

    @Test
    void limitsNumberOfPolicies() {
        RateLimitTracking structured = new RateLimitTracking(HeaderFamily.structured(), List.of());
        for (int i = 0; i < 1_100; i++) {
            after(structured, 200, "ratelimit", "\"p" + i + "\";r=5");
        }

        assertThat(structured.quotas()).hasSize(1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+1000000000-12-31T23:59:59.999999999Z", "-1000000000-01-01T00:00:00Z"})
    void copesWithResetAtEndOfTime(String reset) {
        assertThat(after(
                        tracking,
                        200,
                        "x-ratelimit-remaining",
                        "5",
                        "x-ratelimit-reset",
                        reset,
                        "date",
                        IMF.format(NOW.minusSeconds(90))))
                .isNotNull()
                .extracting(Quota::remaining)
                .isEqualTo(5L);
    }

    @Test
    void ignoresOverlongDate() {
        assertThat(after(tracking, 200, "x-ratelimit-reset", "1795176060", "date", "x".repeat(300)))
                .isEqualTo(new Quota("default", -1, -1, NOW.plusSeconds(60), null));
    }

    @ParameterizedTest
    @CsvSource({"429, true", "503, true", "200, false", "500, false"})
    void remembersRefusalUntilItsHint(int status, boolean blocked) {
        Quota quota = after(tracking, status, "retry-after", "7", "x-ratelimit-remaining", "0");

        assertThat(quota).isEqualTo(new Quota("default", -1, 0, null, blocked ? NOW.plusSeconds(7) : null));
    }

    @Test
    void remembersRefusalWithoutQuotaHeaders() {
        RateLimitTracking silent = new RateLimitTracking(null, List.of());

        assertThat(after(silent, 200, "x-ratelimit-remaining", "3")).isNull();
        assertThat(after(silent, 429, "retry-after", "7"))
                .isEqualTo(new Quota("default", -1, -1, null, NOW.plusSeconds(7)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-3"})
    void ignoresNonsensicalHintOfRefusal(String hint) {
        assertThat(after(tracking, 429, "retry-after", hint)).isNull();
    }

    @Test
    void capsLongRefusalAtLimit() {
        assertThat(after(tracking, 429, "retry-after", "99999999999999999999"))
                .isEqualTo(new Quota("default", -1, -1, null, NOW.plus(TimeNotation.LONGEST)));
    }

    @Test
    void ignoresRefusalWithoutHintAndHeaders() {
        assertThat(after(tracking, 429)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"/v1/scans, create", "/v1/usage, all", "/, all", "/v1/scans/7, all"})
    void choosesPartitionByPath(String path, String partition) {
        RateLimitTracking declared = new RateLimitTracking(
                null,
                List.of(
                        new DeclaredLimit("all", 60, Duration.ofMinutes(1), DeclaredLimit.Scope.CREDENTIAL, Set.of()),
                        new DeclaredLimit(
                                "create",
                                10,
                                Duration.ofMinutes(1),
                                DeclaredLimit.Scope.ADDRESS,
                                Set.of("/v1/scans"))));

        assertThat(declared.partition(Method.GET, path)).isEqualTo(partition);
        assertThat(declared.describe())
                .isEqualTo("no quota headers; Retry-After; declared: [all 60 per 60 s and credential,"
                        + " create 10 per 60 s and address]");
    }

    @Test
    void usesOnePartitionWithoutDeclaredLimits() {
        assertThat(tracking.partition(Method.GET, "/v1/scans")).isEqualTo("default");
        assertThat(tracking.describe())
                .isEqualTo(
                        "x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset; Retry-After; declared: nothing");
    }

    @Test
    void keepsBlockAfterAnswerThatDoesNotMentionIt() {
        after(tracking, 429, "retry-after", "60");

        Quota later = after(tracking, 200, "x-ratelimit-remaining", "5");

        assertThat(later.remaining()).isEqualTo(5);
        assertThat(later.blockedUntil()).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void reportsQuotaResetAfterRefusal() {
        after(tracking, 200, "x-ratelimit-reset", "30");
        assertThat(call.quotaResetsIn()).isNull();

        after(tracking, 429, "x-ratelimit-reset", "30");
        assertThat(call.quotaResetsIn()).isEqualTo(Duration.ofSeconds(30));
    }

    /** Two answers arrive on two event loops: neither may fail because a listener is slow to handle the other. */
    @Test
    void emitsChangesToSlowListenerWithoutFailingCalls() throws Exception {
        CountDownLatch heardFirst = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        List<Long> heard = new CopyOnWriteArrayList<>();
        tracking.changes().subscribe(quota -> {
            heard.add(quota.remaining());
            heardFirst.countDown();
            await(goesOn);
        });
        Thread other = new Thread(() -> after(tracking, 200, "X-RateLimit-Limit", "60", "X-RateLimit-Remaining", "59"));
        other.start();
        await(heardFirst);

        assertThatCode(() -> after(tracking, 200, "X-RateLimit-Limit", "60", "X-RateLimit-Remaining", "58"))
                .doesNotThrowAnyException();

        goesOn.countDown();
        other.join();
        assertThat(heard).containsExactly(59L, 58L);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
