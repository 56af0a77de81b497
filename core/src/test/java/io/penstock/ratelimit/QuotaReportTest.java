package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QuotaReportTest {

    private static QuotaReport policy(String name, long remaining, @Nullable String key) {
        return new QuotaReport(name, 100, remaining, 1_000, 60_000, key, List.of());
    }

    private static @Nullable String keys(QuotaReport... policies) {
        return Objects.requireNonNull(QuotaReport.ofAll(List.of(policies)), "report")
                .allKeys();
    }

    @Test
    void namesSameKeysWhicheverPolicyBinds() {
        assertThat(keys(policy("minute", 1, "k1"), policy("day", 50, "k2"))).isEqualTo("k1,k2");
        assertThat(keys(policy("minute", 50, "k1"), policy("day", 1, "k2"))).isEqualTo("k1,k2");
    }

    @Test
    void keepsKeyThatIsPartOfAnother() {
        assertThat(keys(policy("minute", 1, "key12"), policy("day", 50, "key1")))
                .isEqualTo("key1,key12");
    }

    @Test
    void namesEachKeyOnce() {
        assertThat(keys(policy("minute", 1, "k1"), policy("hour", 2, null), policy("day", 50, "k1")))
                .isEqualTo("k1");
        assertThat(keys(policy("minute", 1, null))).isNull();
    }
}
