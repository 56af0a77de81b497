package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GradientTest {

    private static final long STEP_NANOS = 100_000_000L;

    @Test
    void raisesLimitOnZeroLatency() {
        Gradient gradient = new Gradient(100);

        for (int i = 0; i < 200; i++) {
            gradient.observed(0, true, gradient.limit(), i * STEP_NANOS);
        }

        assertThat(gradient.limit()).isGreaterThan(20);
    }
}
