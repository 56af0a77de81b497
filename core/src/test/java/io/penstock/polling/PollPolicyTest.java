package io.penstock.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.polling.PollPolicy.Interval;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollPolicyTest {

    private static final PollPolicy POLICY =
            PollPolicy.every(Duration.ofSeconds(30)).withJitter(0);
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @CsvSource({"1, 30", "2, 45", "3, 67.5", "4, 101.25", "5, 120", "6, 120", "1000, 120"})
    void growsIntervalByHalfUpToFourTimesMinimum(int polls, double seconds) {
        assertThat(POLICY.intervalNanos(polls, 0.5)).isEqualTo((long) (seconds * SECOND));
    }

    @Test
    void keepsWaitsBetweenMinimumAndJitteredMaximum() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            Duration min = Duration.ofNanos(random.nextLong(1, 100 * SECOND));
            Duration max = min.plusNanos(random.nextLong(0, 1_000 * SECOND));
            PollPolicy policy = new PollPolicy(
                    new Interval(min, 1 + random.nextDouble() * 9, max, random.nextDouble()), random.nextDouble(), 3);
            int polls = random.nextInt(1, 10_000);
            double chance = random.nextDouble();
            long hint = random.nextBoolean() ? 0 : random.nextLong(0, 2_000 * SECOND);
            long expected = random.nextLong(-SECOND, 4_000 * SECOND);
            long left = random.nextLong(-SECOND, 5_000 * SECOND);

            long interval = policy.intervalNanos(polls, chance);
            long wait = policy.waitNanos(polls, chance, hint, expected, left);

            String what = "seed " + seed + ", " + policy + ", poll " + polls;
            assertThat(interval)
                    .as(what)
                    .isBetween(
                            min.toNanos(),
                            (long) ((double) max.toNanos()
                                            * (1 + policy.interval().jitter()))
                                    + 1);
            assertThat(policy.intervalNanos(polls + 1, chance)).as(what).isGreaterThanOrEqualTo(interval);
            assertThat(wait).as(what).isGreaterThanOrEqualTo(Math.max(min.toNanos(), hint));
            if (wait >= left) {
                assertThat(wait).as(what).isEqualTo(Math.max(min.toNanos(), hint));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 1000, 30", // the minimum
        "1, 90, 0, 1000, 90", // a hint lengthens
        "1, 10, 0, 1000, 30", // and never shortens
        "4, 60, 0, 1000, 101.25", // nor does it shorten what has grown
        "1, 600, 0, 100, 600", // and it holds where the time is too short for it
        "1, 0, 500, 1000, 500", // not before the expected end
        "1, 0, -20, 1000, 30", // one that is over says nothing
        "4, 0, 500, 400, 101.25", // one beyond the time limit is no reason to give up
        "4, 0, 0, 100, 30", // where the grown wait does not fit, the shortest may
        "4, 0, 0, 20, 30" // and where that does not, nothing does
    })
    void takesLongestReasonToWaitThatTimeAllows(int polls, long hint, long expected, long left, double seconds) {
        assertThat(POLICY.waitNanos(polls, 0, hint * SECOND, expected * SECOND, left * SECOND))
                .isEqualTo((long) (seconds * SECOND));
    }

    @Test
    void waitsForShareOfTimeUntilExpectedEnd() {
        assertThat(POLICY.withExpectedShare(0.5).waitNanos(1, 0, 0, 500 * SECOND, 1_000 * SECOND))
                .isEqualTo(250 * SECOND);
        assertThat(POLICY.withExpectedShare(0).waitNanos(1, 0, 0, 500 * SECOND, 1_000 * SECOND))
                .isEqualTo(30 * SECOND);
    }

    @Test
    void lengthensIntervalByJitterOnly() {
        assertThat(POLICY.withJitter(0.2).intervalNanos(1, 0)).isEqualTo(30 * SECOND);
        assertThat(POLICY.withJitter(0.2).intervalNanos(1, 1)).isEqualTo(36 * SECOND);
    }

    @Test
    void keepsIntervalWhenSteady() {
        assertThat(POLICY.steady().intervalNanos(50, 0)).isEqualTo(30 * SECOND);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 1, PT1S, 0, 1, 1, minInterval PT0S",
        "PT-1S, 1, PT1S, 0, 1, 1, minInterval PT-1S",
        "PT2S, 1, PT1S, 0, 1, 1, maxInterval PT1S",
        "PT2S, 1, PT9000H, 0, 1, 1, at most 365 days",
        "PT1S, 0.5, PT1S, 0, 1, 1, factor 0.5",
        "PT1S, NaN, PT1S, 0, 1, 1, factor NaN",
        "PT1S, 11, PT1S, 0, 1, 1, factor 11.0",
        "PT1S, 1, PT1S, 1.5, 1, 1, jitter 1.5",
        "PT1S, 1, PT1S, NaN, 1, 1, jitter NaN",
        "PT1S, 1, PT1S, 0, 1.1, 1, expectedShare 1.1",
        "PT1S, 1, PT1S, 0, 1, -1, maxFailures -1"
    })
    void refusesInvalidPolicy(
            String min, double factor, String max, double jitter, double share, int failures, String told) {
        assertThatThrownBy(() -> new PollPolicy(
                        new Interval(Duration.parse(min), factor, Duration.parse(max), jitter), share, failures))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining(told)
                .hasMessageContaining("expected");
    }

    @Test
    void describesItselfInOneLine() {
        assertThat(PollPolicy.every(Duration.ofSeconds(30))).hasToString("every 30 s ×1.5, at most 120 s, +10 %");
        assertThat(PollPolicy.every(Duration.ofMillis(25)).steady().withJitter(0))
                .hasToString("every 25 ms");
    }
}
