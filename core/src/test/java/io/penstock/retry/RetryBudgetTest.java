package io.penstock.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBudgetTest {

    private static final int FLOOR = 10;

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.2, 0.5})
    void limitsRetriesToFloorAndShareInOutage(double share) {
        RetryBudget budget = new RetryBudget(share);
        int calls = 5_000;
        int retries = 0;
        for (int i = 0; i < calls; i++) {
            budget.deposit();
            for (int attempt = 1; attempt < 5 && budget.withdraw(); attempt++) {
                retries++;
            }
        }

        assertThat(retries).isBetween((int) (share * calls) - 1, FLOOR + (int) Math.ceil(share * calls));
    }

    @Test
    void limitsRetriesToDepositsInAnyOrder() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        RetryBudget budget = new RetryBudget(0.2);
        int calls = 0;
        int retries = 0;
        for (int i = 0; i < 50_000; i++) {
            if (random.nextInt(4) == 0) {
                boolean told = budget.available(0);
                boolean paid = budget.withdraw();
                assertThat(paid).as("seed %d, step %d", seed, i).isEqualTo(told);
                retries += paid ? 1 : 0;
            } else {
                budget.deposit();
                calls++;
            }
            assertThat((double) retries)
                    .as("seed %d, step %d", seed, i)
                    .isLessThanOrEqualTo(FLOOR + 0.2 * calls + 1e-6);
        }
    }

    @Test
    void savesAtMostHundredRetries() {
        RetryBudget budget = new RetryBudget(0.2);
        for (int i = 0; i < 100_000; i++) {
            budget.deposit();
        }
        int retries = 0;
        while (budget.withdraw()) {
            retries++;
        }

        assertThat(retries).isEqualTo(100);
    }

    @Test
    void allowsEveryRetryWithShareOfOne() {
        RetryBudget budget = new RetryBudget(1);
        for (int i = 0; i < 1_000; i++) {
            assertThat(budget.available(0)).isTrue();
            assertThat(budget.withdraw()).isTrue();
        }
    }

    @Test
    void grantsNoMoreThanBalanceToConcurrentThreads() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            RetryBudget budget = new RetryBudget(0.2);
            AtomicInteger taken = new AtomicInteger();
            CountDownLatch go = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Thread thread = new Thread(() -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    for (int i = 0; i < 50; i++) {
                        if (budget.withdraw()) {
                            taken.incrementAndGet();
                        }
                    }
                });
                thread.start();
                threads.add(thread);
            }
            go.countDown();
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(taken).as("round %d", round).hasValue(FLOOR);
            assertThat(budget.available(0)).isFalse();
        }
    }

    @Test
    void earnsOneRetryPerSecondUpToFloor() {
        RetryBudget budget = new RetryBudget(0.2);
        budget.available(0);
        while (budget.withdraw()) {}

        assertThat(budget.available(999_999_999L)).isFalse();
        assertThat(budget.available(1_000_000_000L)).isTrue();
        assertThat(budget.withdraw()).isTrue();
        assertThat(budget.available(1_500_000_000L)).isFalse();
        budget.available(3_600_000_000_000L);
        int retries = 0;
        while (budget.withdraw()) {
            retries++;
        }
        assertThat(retries).isEqualTo(FLOOR);
    }

    @Test
    void earnsNothingByTimeAboveFloor() {
        RetryBudget budget = new RetryBudget(0.2);
        for (int i = 0; i < 150; i++) {
            budget.deposit(); // 10 + 30
        }
        budget.available(0);
        budget.available(3_600_000_000_000L);
        int retries = 0;
        while (budget.withdraw()) {
            retries++;
        }
        assertThat(retries).isEqualTo(40);
    }

    @Test
    void putsUnusedRetryBack() {
        Budget budget = new RetryBudget(0.2);
        assertThat(budget.withdraw()).isTrue();

        budget.unused();

        int left = 0;
        while (budget.withdraw()) {
            left++;
        }
        assertThat(left).isEqualTo(FLOOR);
    }
}
