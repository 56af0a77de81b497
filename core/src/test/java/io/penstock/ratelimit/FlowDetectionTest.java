package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowDetectionTest {

    private static final long SECOND = 1_000_000_000L;

    private static WindowCount left(long remaining) {
        return WindowCount.untold(0, 0).withLimit(100).heard(remaining, 0, 0, 1);
    }

    /** A window of 60 s with 50 of 100 left, then a later report. */
    @ParameterizedTest
    @CsvSource({
        "49, 60, 1, false", // as a fixed window has it
        "49, 61, 1, false", // whole seconds
        "50, 60, 1, true", // one was sent, and none is missing
        "60, 60, 1, true", // more than before
        "49, 64, 1, true", // using some has moved the reset
        "99, 120, 59, false", // the next window: nearly all is back, with another reset
    })
    void detectsRefillingQuota(long remaining, long told, long now, boolean flows) {
        FlowDetection seen = FlowDetection.unseen()
                .firstHeard(60 * SECOND)
                .heardAgain(remaining, told * SECOND, left(50), 60 * SECOND, now * SECOND);

        assertThat(seen.flows()).isEqualTo(flows);
    }

    @Test
    void waitsForHundredthOfRefill() {
        FlowDetection flowing = new FlowDetection(60 * SECOND, true, false);

        assertThat(flowing.moreAt(left(0), 60 * SECOND, 0)).isEqualTo(SECOND * 6 / 10);
        assertThat(flowing.refusedEarly().moreAt(left(0), 60 * SECOND, 0))
                .as("having been refused once")
                .isEqualTo(60 * SECOND);
        assertThat(FlowDetection.unseen().moreAt(left(0), 60 * SECOND, 0)).isEqualTo(60 * SECOND);
    }
}
