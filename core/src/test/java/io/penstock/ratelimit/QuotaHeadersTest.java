package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

class QuotaHeadersTest {

    private static final long NOW = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
    private static final long SECOND = 1_000_000_000L;

    private Call call = Call.start(Plans.get(), Schedulers.immediate());

    private @Nullable QuotaReport read(HeaderFamily family, String... headers) {
        return QuotaHeaders.read(family, Headers.of(headers), NOW, call);
    }

    private static QuotaReport plain(long limit, long remaining, long resetSeconds) {
        return QuotaReport.unnamed(limit, remaining, resetSeconds < 0 ? -1 : resetSeconds * SECOND, -1);
    }

    private static QuotaReport policy(String name, long limit, long remaining, long reset, long window) {
        return new QuotaReport(
                name,
                limit,
                remaining,
                reset < 0 ? -1 : reset * SECOND,
                window < 0 ? -1 : window * SECOND,
                null,
                List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset",
        "X-Ratelimit-Limit, x-ratelimit-remaining, X-RATELIMIT-RESET",
        "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset",
        "X-Rate-Limit-Limit, X-Rate-Limit-Remaining, X-Rate-Limit-Reset",
        "x-ratelimit-limit-requests, x-ratelimit-remaining-requests, x-ratelimit-reset-requests"
    })
    void readsEveryKnownFamilyOfUnknownServer(String limit, String remaining, String reset) {
        assertThat(read(HeaderFamily.auto(), limit, "100", remaining, "7", reset, "30"))
                .isEqualTo(plain(100, 7, 30));
        assertThat(call.notes()).isEmpty();
    }

    @Test
    void readsStructuredFieldsOfUnknownServer() {
        assertThat(read(HeaderFamily.auto(), "RateLimit", "\"a\";r=7;t=30")).isEqualTo(policy("a", -1, 7, 30, -1));
    }

    @Test
    void fallsBackToNextFamilyAfterGarbage() {
        assertThat(read(HeaderFamily.auto(), "x-ratelimit-remaining", "some", "ratelimit-remaining", "7"))
                .isEqualTo(plain(-1, 7, -1));
        assertThat(call.notes()).containsExactly("header x-ratelimit-remaining ignored: not an amount");
    }

    @Test
    void returnsNoReportAndNotesNothingWithoutHeaders() {
        for (HeaderFamily family : List.of(HeaderFamily.auto(), HeaderFamily.xRateLimit(), HeaderFamily.structured())) {
            assertThat(read(family, "content-type", "application/json", "ratelimit-policy", "\"a\";q=5"))
                    .as(family.toString())
                    .isNull();
        }
        assertThat(call.notes()).isEmpty();
    }

    @Test
    void readsConfiguredNamesWithDurations() {
        HeaderFamily family = HeaderFamily.named("x-quota", "x-quota-left", "x-quota-again");

        assertThat(read(family, "X-Quota", "100", "X-Quota-Left", "7", "X-Quota-Again", "6m0s"))
                .isEqualTo(plain(100, 7, 360));
        assertThat(read(family, "X-RateLimit-Remaining", "7")).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            100                              | 100 | -1
            '100, 100;w=60'                  | 100 | 60
            '10, 50;w=3600, 10;w=1'          | 10  | 1
            100;w=60                         | 100 | 60
            '100, 100;window=60'             | 100 | -1
            '100, 100;w=99999999999'         | 100 | -1
            '100, 100;w'                     | 100 | -1
            '100, 100;w=60;comment="a, b'    | 100 | -1
            'many, 100'                      | 100 | -1
            100.0                            | 100 | -1
            '100.0, 100.0;w=60'              | 100 | 60
            '"100"'                          | 100 | -1
            '200, 100'                       | 100 | -1
            18446744073709551615             | 999999999999999999 | -1
            """)
    void readsLimitAndItsWindow(String text, long limit, long window) {
        assertThat(read(HeaderFamily.rateLimit(), "ratelimit-limit", text))
                .isEqualTo(QuotaReport.unnamed(limit, -1, -1, window < 0 ? -1 : window * SECOND));
    }

    @Test
    void takesMostCautiousOfSeveralValues() {
        assertThat(read(
                        HeaderFamily.xRateLimit(),
                        "x-ratelimit-remaining",
                        "none",
                        "x-ratelimit-remaining",
                        "8, 9",
                        "x-ratelimit-remaining",
                        "7",
                        "x-ratelimit-reset",
                        "-5",
                        "x-ratelimit-reset",
                        "30",
                        "x-ratelimit-reset",
                        "1m30s, 60"))
                .isEqualTo(plain(-1, 7, 90));
        assertThat(call.notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.0                  | 0
            99.5                 | 99
            0.9999999999         | 0
            1e3                  | 1000
            1e+06                | 1000000
            +7                   | 7
            -0                   | 0
            '"7"'                | 7
            0000000000000000000000007 | 7
            7;w=60               | 7
            1234567890123456789  | 999999999999999999
            '9, 7.5, many'       | 7
            """)
    void readsEveryNotationOfAmount(String text, long remaining) {
        assertThat(read(HeaderFamily.xRateLimit(), "x-ratelimit-limit", "100", "x-ratelimit-remaining", text))
                .isEqualTo(plain(100, remaining, -1));
        assertThat(call.notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "many", "-1", "-0.5", "1e", ".", "0x10", "٣", ",", ";w=60", "50%"})
    void notesUnreadableAmountAndReadsRest(String garbage) {
        assertThat(read(HeaderFamily.xRateLimit(), "x-ratelimit-limit", "100", "x-ratelimit-remaining", garbage))
                .isEqualTo(plain(100, -1, -1));
        assertThat(call.notes()).containsExactly("header x-ratelimit-remaining ignored: not an amount");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            soon                 | neither a number, nor a duration, nor an instant, nor a date
            2020-01-01T00:00:00Z | in the past
            """)
    void notesReasonForIgnoredReset(String reset, String why) {
        assertThat(read(HeaderFamily.xRateLimit(), "x-ratelimit-remaining", "7", "x-ratelimit-reset", reset))
                .isEqualTo(plain(-1, 7, -1));
        assertThat(call.notes()).containsExactly("header x-ratelimit-reset ignored: " + why);
    }

    @Test
    void capsResetAtLimit() {
        assertThat(read(HeaderFamily.xRateLimit(), "x-ratelimit-remaining", "0", "x-ratelimit-reset", "999999999"))
                .isEqualTo(plain(-1, 0, TimeNotation.LONGEST.toSeconds()));
        assertThat(call.notes()).containsExactly("header x-ratelimit-reset: more than a year away, taken for 366 days");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "default";r=50;t=30                      | "default";q=100;w=60;qu="requests";pk=:cHNzdA==: | default | 100 | 50 | 30 | 60
            "default";r=50;t=1.5                     | "default";q=100;w=60                             | default | 100 | 50 | 1  | 60
            default;r=50;t=30                        | default;q=100;w=60                               | default | 100 | 50 | 30 | 60
            "default";r=50                           | "default";q=100;w=60                             | default | 100 | 50 | -1 | 60
            "default";r=50;t=30                      | "other";q=100;w=60                               | default | -1  | 50 | 30 | -1
            "default";r=50;t=30                      | 100;w=60                                         | default | -1  | 50 | 30 | -1
            "default";r=50;t=99999999999             | "default";q=100                                  | default | 100 | 50 | 31622400 | -1
            "default";r=50;t=30                      | "default";q=100;w=99999999999                    | default | 100 | 50 | 30 | -1
            "default";r=0.0;t=30                     | "default";q=100.0;w=60.0                         | default | 100 | 0  | 30 | 60
            "default";r=99.5;t=1795176060            | "default";q="100"                                | default | 100 | 99 | 60 | -1
            "default";r=50;t="1m30s"                 | "default";q=100;w="1m"                           | default | 100 | 50 | 90 | 60
            "default";r=50;t=-1                      | "default";q=-5                                   | default | -1  | 50 | -1 | -1
            "default";r=0;t=0                        | "default";q=0                                    | default | 0   | 0  | 0  | -1
            """)
    void readsFieldsOfDraft(
            String report, String policy, String name, long limit, long remaining, long reset, long window) {
        QuotaReport read = read(HeaderFamily.structured(), "ratelimit", report, "ratelimit-policy", policy);

        assertThat(read).isNotNull();
        assertThat(read.resetNanos() < 0 ? -1 : read.resetNanos() / SECOND).isEqualTo(reset);
        assertThat(read.windowNanos() < 0 ? -1 : read.windowNanos() / SECOND).isEqualTo(window);
        assertThat(List.of(read.policy(), read.limit(), read.remaining())).isEqualTo(List.of(name, limit, remaining));
    }

    @Test
    void readsDictionaryOfEarlierDraft() {
        assertThat(read(HeaderFamily.structured(), "ratelimit", "limit=100, remaining=50, reset=30"))
                .isEqualTo(plain(100, 50, 30));
        assertThat(call.notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "a";r=9;t=10, "b";r=3;t=5, "c";r=7;t=99  | b
            "a";r=3;t=10, "b";r=3;t=50, "c";r=3;t=20 | b
            "a";r=3, "b";r=3;t=5                     | b
            "b";r=0, "a";r=3;t=5                     | b
            """)
    void bindsToPolicyWithLeastLeftThenLatestReset(String report, String binding) {
        QuotaReport read = read(HeaderFamily.structured(), "ratelimit", report);

        assertThat(read).isNotNull();
        assertThat(read.policy()).isEqualTo(binding);
        assertThat(read.others())
                .extracting(QuotaReport::policy)
                .doesNotContain(binding)
                .isNotEmpty();
    }

    @Test
    void joinsPoliciesOnSeveralLines() {
        QuotaReport read = read(HeaderFamily.structured(), "ratelimit", "\"a\";r=9", "ratelimit", "\"b\";r=3");

        assertThat(read).isNotNull();
        assertThat(read.others()).containsExactly(policy("a", -1, 9, -1, -1));
    }

    @Test
    void ignoresPolicyThatDoesNotCountRequests() {
        QuotaReport read = read(
                HeaderFamily.structured(),
                "ratelimit",
                "\"bytes\";r=0;t=60, \"calls\";r=5;t=60",
                "ratelimit-policy",
                "\"bytes\";q=9999;qu=\"content-bytes\", \"calls\";q=10;qu=\"requests\"");

        assertThat(read).isEqualTo(policy("calls", 10, 5, 60, -1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"a",
                "\"a\";r",
                "\"a\";r=-1",
                "r=5",
                "42;r=5",
                "(\"a\");r=5",
                "\"a\";r=5,",
                "limit=100",
                "limit=100, remaining=-1",
                "@1;r=5",
                "\"a\";r=9999999999999999"
            })
    void ignoresMalformedReport(String garbage) {
        assertThat(read(HeaderFamily.structured(), "ratelimit", garbage)).isNull();
        assertThat(call.notes()).hasSize(garbage.isEmpty() ? 0 : 1);
    }

    @Test
    void limitsNumberOfPoliciesAndLengthOfNames() {
        StringBuilder report = new StringBuilder("\"" + "n".repeat(100) + "\";r=0");
        for (int i = 0; i < 40; i++) {
            report.append(", \"p").append(i).append("\";r=5");
        }
        QuotaReport read = read(HeaderFamily.structured(), "ratelimit", report.toString());

        assertThat(read).isNotNull();
        assertThat(read.policy()).hasSize(64);
        assertThat(read.others()).hasSize(15);
    }

    @Test
    void usesWindowInPlaceOfMissingReset() {
        QuotaReport read =
                read(HeaderFamily.structured(), "ratelimit", "\"a\";r=0", "ratelimit-policy", "\"a\";q=5;w=60");

        assertThat(read).isNotNull();
        assertThat(read.resets()).isTrue();
        assertThat(read.resetsAt(NOW)).isEqualTo(Instant.ofEpochMilli(NOW).plusSeconds(60));
        assertThat(plain(5, 0, -1).resetsAt(NOW)).isNull();
    }

    @Test
    void readsAnyInputWithoutFailureOrNegativeNumber() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> pieces = List.of(
                "\"a\"",
                ";r=",
                ";t=",
                ";q=",
                ";w=",
                ",",
                " ",
                "5",
                "-",
                "1.5",
                "(",
                ")",
                ":",
                "?1",
                "limit=",
                "99999999999999999",
                "a",
                "*",
                "\\",
                "remaining=",
                "\u00e9");
        for (int i = 0; i < 50_000; i++) {
            String[] headers = new String[10];
            for (int h = 0; h < 5; h++) {
                StringBuilder text = new StringBuilder("x");
                text.setLength(0);
                for (int length = random.nextInt(8); length > 0; length--) {
                    text.append(pieces.get(random.nextInt(pieces.size())));
                }
                headers[2 * h] = List.of(
                                "ratelimit",
                                "ratelimit-policy",
                                "x-ratelimit-limit",
                                "x-ratelimit-remaining",
                                "x-ratelimit-reset")
                        .get(h);
                headers[2 * h + 1] = text.toString().strip();
            }
            for (HeaderFamily family : List.of(HeaderFamily.auto(), HeaderFamily.structured())) {
                QuotaReport report = read(family, headers);
                if (report != null) {
                    assertThat(Math.min(Math.min(report.limit(), report.remaining()), report.resetNanos()))
                            .as("seed %d: %s", seed, List.of(headers))
                            .isGreaterThanOrEqualTo(-1);
                    assertThat(report.freshInNanos()).isBetween(0L, TimeNotation.LONGEST.toNanos());
                }
            }
            call = Call.start(Plans.get(), Schedulers.immediate());
        }
    }

    @Test
    void readsSampleOfEveryFamily() {
        for (HeaderFamily family : List.of(HeaderFamily.auto(), HeaderFamily.rateLimit(), HeaderFamily.structured())) {
            List<String> headers = new ArrayList<>();
            family.sample(100, 7, 30).forEach((name, value) -> headers.addAll(List.of(name, value)));

            QuotaReport read = read(family, headers.toArray(String[]::new));

            assertThat(read).isNotNull();
            assertThat(List.of(read.limit(), read.remaining(), read.resetNanos()))
                    .as(family.toString())
                    .isEqualTo(List.of(100L, 7L, 30 * SECOND));
        }
    }

    @Test
    void validatesHeaderFamily() {
        assertThatThrownBy(() -> new HeaderFamily.AnyOf(List.of()))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("expected: at least one");
        assertThatThrownBy(() -> new HeaderFamily.Band(5, 4))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("expected: 0 <= the first <= the second");
        assertThat(HeaderFamily.xRateLimit()
                        .withBand(HeaderFamily.Band.seconds())
                        .band())
                .isEqualTo(HeaderFamily.Band.seconds());
    }
}
