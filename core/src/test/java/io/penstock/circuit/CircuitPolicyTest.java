package io.penstock.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.retry.Backoff;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CircuitPolicyTest {

    private static final CircuitPolicy STANDARD = CircuitPolicy.standard();

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN})
    void refusesFailureRateOutOfRange(double rate) {
        assertThatThrownBy(() -> STANDARD.withFailureRate(rate))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage("failureRate: " + rate + " (expected: more than 0, at most 1)");
    }

    @ParameterizedTest
    @CsvSource({"1, 1, window: 1", "10001, 1, window: 10001", "10, 0, minimumCalls: 0", "10, 11, minimumCalls: 11"})
    void refusesWindowOutOfRange(int window, int minimum, String message) {
        assertThatThrownBy(() -> STANDARD.withWindow(window, minimum))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageStartingWith(message + " (expected: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void refusesFewerThanTwoTrials(int trials) {
        assertThatThrownBy(() -> STANDARD.withTrials(trials))
                .hasMessage("trials: " + trials + " (expected: 2 to 10000)");
    }

    @Test
    void refusesZeroOpenWait() {
        assertThatThrownBy(() -> STANDARD.withOpenWait(new Backoff(Duration.ZERO, 1, Duration.ZERO, 0)))
                .hasMessage("openWait: first PT0S (expected: at least 1 ms)");
    }

    @Test
    void describesItselfInOneLine() {
        assertThat(STANDARD)
                .hasToString(
                        "per origin; slows down when 50 % of the last 20 calls failed, opens when all did, for 500 ms"
                                + " ×1.2 ±10 %, at most 800 ms; then a trial and 3 more; calls wait for their turn");
        assertThat(STANDARD.failFast())
                .hasToString("per origin; opens when 50 % of the last 20 to 50 calls failed, for 500 ms ×1.2 ±10 %, at"
                        + " most 800 ms; then 3 trials; fails fast");
        assertThat(CircuitPolicy.off()).hasToString("none");
    }

    @Test
    void capsStandardWaitAt800Milliseconds() {
        assertThat(Duration.ofNanos(STANDARD.openWait().nanosAfter(1_000, 1))).isEqualTo(Duration.ofMillis(800));
    }

    @Test
    void describesAtMost64CountedCallsUnlessFailingFast() {
        CircuitPolicy policy = STANDARD.withWindow(200, 100);

        assertThat(policy.toString()).contains("50 % of the last 64 calls failed");
        assertThat(policy.failFast().toString()).contains("50 % of the last 100 to 200 calls failed");
    }
}
