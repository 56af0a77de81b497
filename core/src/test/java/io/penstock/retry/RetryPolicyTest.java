package io.penstock.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final RetryPolicy STANDARD = RetryPolicy.standard();

    private static void refused(ThrowingCallable made, String message) {
        assertThatThrownBy(made)
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage(message);
    }

    @Test
    void refusesInvalidValues() {
        refused(() -> STANDARD.withMaxAttempts(0), "maxAttempts: 0 (expected: 1 to 100)");
        refused(() -> STANDARD.withMaxAttempts(101), "maxAttempts: 101 (expected: 1 to 100)");
        refused(() -> STANDARD.withMaxHint(Duration.ofSeconds(-1)), "maxHint: PT-1S (expected: zero or more)");
        refused(() -> STANDARD.withBudgetShare(-0.1), "budgetShare: -0.1 (expected: zero or more)");
        refused(() -> STANDARD.withBudgetShare(Double.NaN), "budgetShare: NaN (expected: zero or more)");
    }

    @Test
    void changesOneValuePerWither() {
        Backoff quick = new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0);

        assertThat(STANDARD.withMaxAttempts(2)
                        .withBackoff(quick)
                        .withMaxHint(Duration.ofSeconds(3))
                        .withBudgetShare(0.4))
                .isEqualTo(new RetryPolicy(2, quick, Duration.ofSeconds(3), 0.4));
    }

    @Test
    void describesItselfInOneLine() {
        assertThat(STANDARD)
                .hasToString("5 attempts, 1 s ×2 ±25 %, at most 30 s; hints up to 30 s; budget 20 % of calls");
        assertThat(STANDARD.withBudgetShare(1)).asString().endsWith("budget unlimited");
    }
}
