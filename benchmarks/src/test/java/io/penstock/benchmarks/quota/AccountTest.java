package io.penstock.benchmarks.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.benchmarks.quota.Scenario.Disturbance;
import io.penstock.benchmarks.quota.Scenario.Kind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AccountTest {

    @Test
    void countsForeignUseTowardsWhatIsLeftAtTheEnd() {
        Scenario scenario = new Scenario(Kind.FIXED, 1, 100, Duration.ofSeconds(10), 1, Disturbance.FOREIGN_USE);
        Account account = new Account(scenario, Instant.EPOCH);

        for (int i = 0; i < 60; i++) {
            account.decide(i);
        }
        account.decide(Duration.ofSeconds(15).toNanos());
        Counts counts = account.counts(Duration.ofSeconds(16).toNanos());

        assertThat(counts.foreign()).isEqualTo(30);
        assertThat(counts.left()).isEqualTo(10);
    }
}
