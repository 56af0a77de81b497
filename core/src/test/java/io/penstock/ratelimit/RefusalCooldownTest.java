package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ratelimit.RefusalCooldown.Refusals;
import io.penstock.ratelimit.RefusalCooldown.Thaw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalCooldownTest {

    private static final long STEP = RefusalCooldown.STEP_NANOS;

    private static Refusals every(int nth, int times) {
        Refusals seen = Refusals.none();
        for (int i = 0; i < times; i++) {
            seen = seen.another(nth - 1);
        }
        return seen;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 20, -1, 1", // all are refused
        "1, 20, 1000000, 1", // whatever is reported as left
        "10, 20, 0, 1", // nothing is left
        "10, 20, -1, 9", // the number served between two refusals
        "10, 20, 1000000, 18",
        "10, 20, 5, 5",
        "10, 1, -1, 1", // the first refusal
    })
    void startsWithWidthThatServerServes(int nth, int times, long left, int width) {
        assertThat(every(nth, times).width(left)).isEqualTo(width);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 1000, false, -1, 1000", // reason unknown: the usual pause
        "10, 1000, false, 0, 1000", // nothing is left
        "10, 1000, false, 7, 0", // something is left, and others are served
        "10, 1000, true, 7, 1000", // the server has asked for it
        "10, 0, true, 0, 0",
        "1, 0, true, 0, 100", // all are refused
        "1, 1000, false, 7, 1000",
    })
    void pausesOnlyWithReason(int nth, long millis, boolean asked, long left, long waited) {
        assertThat(every(nth, 20).pauseNanos(millis * 1_000_000, asked, left)).isEqualTo(waited * 1_000_000);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, 3", "99, 3", "100, 6", "250, 12", "1199, 6144"})
    void doublesAllowanceInEachStep(long millis, long mayGo) {
        assertThat(new Thaw(0, 0, 3).mayGo(millis * 1_000_000)).isEqualTo(mayGo);
        assertThat(new Thaw(0, 0, 3).mayGo(12 * STEP)).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "10, true, 20, true, 20", // the longer one
        "20, true, 10, true, 20",
        "20, false, 10, true, 10", // a guess holds until the server says something
        "20, false, 10, false, 20",
    })
    void keepsLongestRequestedFreeze(long first, boolean asked, long second, boolean askedThen, long until) {
        assertThat(new Thaw(first, asked ? first : 0, 1)
                        .refused(second, askedThen, 1)
                        .until())
                .isEqualTo(until);
    }

    private static int goAt(RefusalCooldown cooldown, long now) {
        int count = 0;
        while (count < 10_000 && cooldown.allows(now)) {
            cooldown.passed(now);
            count++;
        }
        return count;
    }

    @Test
    void releasesPartOfQuotaReportedAfterRefusal() {
        RefusalCooldown cooldown = new RefusalCooldown(0);
        cooldown.until(10, true, 1);
        assertThat(goAt(cooldown, 10)).isEqualTo(1);

        cooldown.heardMore(5, 12, 6_400);
        assertThat(goAt(cooldown, 12)).as("sent before the refusal").isZero();
        cooldown.heardMore(10, 13, 6_400);
        assertThat(goAt(cooldown, 13)).as("a part of it, with the one before").isEqualTo(99);
        assertThat(goAt(cooldown, 10 + RefusalCooldown.STEP_NANOS))
                .as("as many again in the next step")
                .isEqualTo(100);
    }

    @Test
    void releasesAllWhenReportedQuotaIsHuge() {
        RefusalCooldown cooldown = new RefusalCooldown(0);
        cooldown.until(10, true, 1);
        cooldown.heardMore(10, 13, 1_000_000_000_000L);

        assertThat(goAt(cooldown, 13)).isEqualTo(10_000);
    }

    @Test
    void keepsRequestedFreezeThroughRefusalWithoutTime() {
        RefusalCooldown cooldown = new RefusalCooldown(0);
        cooldown.until(60, true, 1);
        cooldown.until(1, false, 1);
        cooldown.until(5, true, 1);

        assertThat(cooldown.waitNanos(0)).isEqualTo(60);
    }

    @Test
    void replacesGuessBeyondRequestedFreezeByRequestedTime() {
        RefusalCooldown cooldown = new RefusalCooldown(0);
        cooldown.until(10, true, 1);
        cooldown.until(20, false, 1);
        assertThat(cooldown.waitNanos(0)).isEqualTo(20);

        cooldown.until(5, true, 1);

        assertThat(cooldown.waitNanos(0)).isEqualTo(10);
    }
}
