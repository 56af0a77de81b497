package io.penstock.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    @ParameterizedTest
    @CsvSource({
        "1, 0.0, 750",
        "1, 0.5, 1000",
        "1, 1.0, 1250",
        "2, 0.5, 2000",
        "3, 0.5, 4000",
        "5, 0.5, 16000",
        "6, 0.5, 30000",
        "6, 1.0, 30000",
        "100, 0.0, 22500"
    })
    void doublesUpToCapAndJittersByQuarter(int attempt, double random, long millis) {
        assertThat(Backoff.standard().nanosAfter(attempt, random))
                .isEqualTo(Duration.ofMillis(millis).toNanos());
    }

    @Test
    void keepsWaitsWithinJitterAndCap() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Duration first = Duration.ofNanos(random.nextLong(0, 10_000_000_000L));
            Duration max = first.plusNanos(random.nextLong(0, 100_000_000_000L));
            Backoff backoff = new Backoff(first, 1 + random.nextDouble() * 9, max, random.nextDouble());
            int attempt = random.nextInt(1, 101);

            long wait = backoff.nanosAfter(attempt, random.nextDouble());

            double plain =
                    Math.min(first.toNanos() * Math.pow(backoff.multiplier(), attempt - 1), (double) max.toNanos());
            assertThat((double) wait)
                    .as("seed %d, %s, attempt %d", seed, backoff, attempt)
                    .isBetween(
                            plain * (1 - backoff.jitter()) - 1,
                            Math.min(plain * (1 + backoff.jitter()), (double) max.toNanos()) + 1)
                    .isGreaterThanOrEqualTo(0);
        }
    }

    @Test
    void treatsCapBeyondRangeOfClockAsNone() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(Long.MAX_VALUE), 0);

        assertThat(backoff.nanosAfter(3, 0.5)).isEqualTo(Duration.ofSeconds(4).toNanos());
        assertThat(backoff.nanosAfter(100, 0.5)).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PT-1S | 2   | PT1S | 0.25 | backoff: first PT-1S, max PT1S (expected: 0 <= first <= max)
            PT2S  | 2   | PT1S | 0.25 | backoff: first PT2S, max PT1S (expected: 0 <= first <= max)
            PT1S  | 0.9 | PT1S | 0.25 | backoff: multiplier 0.9, jitter 0.25 (expected: multiplier >= 1, jitter 0 to 1)
            PT1S  | NaN | PT1S | 0.25 | backoff: multiplier NaN, jitter 0.25 (expected: multiplier >= 1, jitter 0 to 1)
            PT1S  | 2   | PT1S | -0.1 | backoff: multiplier 2.0, jitter -0.1 (expected: multiplier >= 1, jitter 0 to 1)
            PT1S  | 2   | PT1S | 1.1  | backoff: multiplier 2.0, jitter 1.1 (expected: multiplier >= 1, jitter 0 to 1)
            PT1S  | 2   | PT1S | NaN  | backoff: multiplier 2.0, jitter NaN (expected: multiplier >= 1, jitter 0 to 1)
            """)
    void refusesInvalidValues(Duration first, double multiplier, Duration max, double jitter, String message) {
        assertThatThrownBy(() -> new Backoff(first, multiplier, max, jitter))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage(message);
    }

    @Test
    void describesItselfInOneLine() {
        assertThat(Backoff.standard()).hasToString("1 s ×2 ±25 %, at most 30 s");
    }
}
