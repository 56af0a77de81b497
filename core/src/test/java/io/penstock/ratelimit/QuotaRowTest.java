package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class QuotaRowTest {

    private static final long NOW = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
    private static final QuotaReport REPORT = QuotaReport.unnamed(100, 7, 30_000_000_000L, QuotaReport.UNKNOWN);

    private static HeardQuota blockedFor(long millis) {
        return new HeardQuota(null, Instant.ofEpochMilli(NOW + millis), NOW);
    }

    @Test
    void keepsBlockThatStillLasts() {
        QuotaRow row = new QuotaRow(blockedFor(5_000));

        HeardQuota next = row.hear(new HeardQuota(REPORT, null, NOW + 4_999));

        assertThat(next).isSameAs(row.last());
        assertThat(next.named("a"))
                .isEqualTo(
                        new Quota("a", 100, 7, Instant.ofEpochMilli(NOW + 34_999), Instant.ofEpochMilli(NOW + 5_000)));
    }

    @Test
    void dropsBlockThatIsOverAndReplacesOneByAnother() {
        QuotaRow row = new QuotaRow(blockedFor(5_000));

        assertThat(row.hear(blockedFor(1_000)).blockedUntil()).isEqualTo(Instant.ofEpochMilli(NOW + 1_000));
        assertThat(row.hear(new HeardQuota(REPORT, null, NOW + 1_000)).blockedUntil())
                .isNull();
    }

    @Test
    void isScarceWhileBlockedOrWhileLittleIsLeftOfCurrentWindow() {
        assertThat(blockedFor(5_000).isScarce(0.1, NOW + 4_999)).isTrue();
        assertThat(blockedFor(5_000).isScarce(0.1, NOW + 5_000)).isFalse();

        HeardQuota heard = new HeardQuota(REPORT, null, NOW);
        assertThat(heard.isScarce(0.1, NOW + 29_999)).isTrue();
        assertThat(heard.isScarce(0.05, NOW + 29_999)).isFalse();
        assertThat(heard.isScarce(0.1, NOW + 30_000)).isFalse();
    }
}
