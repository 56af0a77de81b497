package io.penstock.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepAliveTest {

    private static long idleNanos(String value) {
        return KeepAlive.idleNanos(new DefaultHttpHeaders().set("Keep-Alive", value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout=5             | 4",
                "timeout=5, max=100    | 4",
                "max=100, Timeout = 60 | 59",
                "timeout=\"20\"        | 19",
                "timeout=1             | 0",
                "timeout=0             | 0",
                "timeout=30, max=0     | 0",
                "max=0                 | 0"
            })
    void endsIdleTimeSecondBeforeServersTimeout(String value, long seconds) {
        assertThat(idleNanos(value)).isEqualTo(TimeUnit.SECONDS.toNanos(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "timeout", "timeout=", "timeout=soon", "timeout=-1", "timeout=99999999999", "max=7", "x=1"})
    void setsNoLimitWhenHeaderGivesNone(String value) {
        assertThat(idleNanos(value)).isEqualTo(KeepAlive.UNLIMITED);
    }
}
