package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Sun, 06 Nov 1994 08:49:37 GMT      | 1994-11-06T08:49:37Z
            Sun, 06 Nov 1994 08:49:37 UTC      | 1994-11-06T08:49:37Z
            Sunday, 06-Nov-94 08:49:37 GMT     | 1994-11-06T08:49:37Z
            Sun Nov  6 08:49:37 1994           | 1994-11-06T08:49:37Z
            Wed Nov 16 08:49:37 1994           | 1994-11-16T08:49:37Z
            Thu, 29 Feb 2024 00:00:00 GMT      | 2024-02-29T00:00:00Z
            """)
    void readsAllThreeFormats(String text, Instant at) {
        assertThat(HttpDate.parse(text, NOW.toEpochMilli())).isEqualTo(at);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2026 | 26 | 2026
            2026 | 69 | 2069
            2026 | 70 | 2070
            2026 | 76 | 2076
            2026 | 77 | 1977
            2026 | 99 | 1999
            2099 | 01 | 2101
            2099 | 49 | 2149
            2099 | 50 | 2050
            """)
    void readsTwoDigitYearAsAtMostFiftyYearsAhead(int now, String digits, int year) {
        long nowMillis = Instant.parse(now + "-06-01T00:00:00Z").toEpochMilli();

        assertThat(HttpDate.parse("Friday, 20-Nov-" + digits + " 12:00:00 GMT", nowMillis))
                .isEqualTo(Instant.parse(year + "-11-20T12:00:00Z"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "soon",
                "Sun, 06 Nov 1994",
                "Sun, 06 Nov 1994 24:61:61 GMT",
                "Sun, 06 Nov 1994 08:49:37 PST",
                "Sun, 06 Nov 1994 08:49:37 +0100",
                "1994-11-06T08:49:37Z",
                "Sun, 06 Nov 1994 08:49:37 GMT                                            "
            })
    void rejectsAnythingButDateInGmt(String text) {
        assertThat(HttpDate.parse(text, NOW.toEpochMilli())).isNull();
    }
}
