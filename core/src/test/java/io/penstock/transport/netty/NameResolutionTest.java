package io.penstock.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NameResolutionTest {

    /** No test can wait for a record of DNS to age. */
    @Test
    void keepsAnswersOfDnsForMinuteAtMost() {
        assertThat(NameResolution.DNS.cacheMaxTimeToLive()).isEqualTo(Duration.ofMinutes(1));
    }
}
