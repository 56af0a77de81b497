package io.penstock.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatientBudgetTest {

    private static final int FLOOR = 10;

    private static int spendAll(Budget budget, long now) {
        int spent = 0;
        while (budget.available(now) && budget.withdraw()) {
            budget.retryFailed();
            spent++;
        }
        return spent;
    }

    private static long at(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.2, 0.5})
    void staysWithinHalfOfShareWhenEverythingFails(double share) {
        Budget budget = new PatientBudget(share, 1);
        int calls = 5_000;
        int retries = 0;
        for (int i = 0; i < calls; i++) {
            budget.deposit();
            retries += spendAll(budget, 0);
        }

        assertThat(retries).isBetween((int) (share / 2 * calls) - FLOOR, FLOOR + (int) Math.ceil(share / 2 * calls));
    }

    @Test
    void allowsQuietClientOneRetryPerSecond() {
        Budget budget = new PatientBudget(0.2, 1);
        assertThat(spendAll(budget, at(0))).isEqualTo(FLOOR);
        for (int second = 1; second < 100; second++) {
            assertThat(spendAll(budget, at(second))).as("second %d", second).isEqualTo(1);
        }
    }

    @Test
    void countsLargerOfShareAndFloor() {
        Budget budget = new PatientBudget(0.2, 1);
        for (int i = 0; i < 500; i++) {
            budget.deposit();
        }
        assertThat(spendAll(budget, at(0))).isEqualTo(50);
        assertThat(spendAll(budget, at(6)))
                .as("the earnings of the floor are spent already")
                .isZero();
        assertThat(spendAll(budget, at(7)))
                .as("callers that all wait for a retry deposit nothing, but do not wait for long")
                .isEqualTo(1);
    }

    @Test
    void earnsOtherHalfWhenCallsSucceed() {
        Budget budget = new PatientBudget(0.2, 1);
        for (int i = 0; i < 500; i++) {
            budget.deposit();
        }
        spendAll(budget, 0);
        for (int i = 0; i < 100; i++) {
            budget.succeeded(false);
        }

        assertThat(spendAll(budget, 0)).isEqualTo(10);
    }

    @Test
    void refundsRetriesWhileMostSucceed() {
        Budget budget = new PatientBudget(0.2, 1);
        for (int i = 0; i < 1_000; i++) {
            assertThat(budget.available(0)).isTrue();
            assertThat(budget.withdraw()).isTrue();
            budget.succeeded(true);
        }
    }

    @Test
    void refundsNothingWhenMostFail() {
        Budget budget = new PatientBudget(0.2, 1);
        for (int i = 0; i < 100; i++) {
            budget.retryFailed();
        }
        spendAll(budget, 0);
        budget.succeeded(true);

        assertThat(spendAll(budget, 0)).isZero();
    }

    @Test
    void savesAtMostHundredRetries() {
        Budget budget = new PatientBudget(0.2, 1);
        for (int i = 0; i < 100_000; i++) {
            budget.deposit();
        }

        assertThat(spendAll(budget, 0)).isEqualTo(100);
    }

    @Test
    void allowsEveryRetryWithShareOfOne() {
        Budget budget = new PatientBudget(1, 1);
        for (int i = 0; i < 1_000; i++) {
            assertThat(budget.available(0)).isTrue();
            assertThat(budget.withdraw()).isTrue();
        }
    }

    @Test
    void putsUnusedRetryBack() {
        Budget budget = new PatientBudget(0.2, 1);
        assertThat(budget.withdraw()).isTrue();

        budget.unused();

        int left = 0;
        while (budget.withdraw()) {
            left++;
        }
        assertThat(left).isEqualTo(FLOOR);
    }
}
