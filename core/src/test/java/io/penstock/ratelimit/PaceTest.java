package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ratelimit.Grant.Spread;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long SECOND = 1_000_000_000L;

    private final Pace pace = new Pace();

    @Test
    void spreadsFewCallsOverAnHour() {
        long hour = 3_600 * SECOND;
        pace.spread(new Spread(60, hour, hour, hour / 28), 0);

        int inHalfOfIt = 0;
        for (long now = 0; now < hour / 2; now += SECOND) {
            inHalfOfIt += pace.tryPass(now, 1) ? 1 : 0;
        }

        assertThat(inHalfOfIt).as("a half, and a sixteenth ahead of time").isBetween(30, 34);
    }

    @Test
    void capsWaitFarBehindInSlowLine() {
        long year = Duration.ofDays(366).toNanos();
        pace.spread(new Spread(1, year, year, year), 0);

        assertThat(pace.waitNanos(0, Integer.MAX_VALUE)).isEqualTo(Window.NEVER);
        assertThat(pace.waitNanos(0, 100)).isBetween(year, Window.NEVER - 1);
    }
}
