package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowCountTest {

    private final WindowCount first = WindowCount.untold(0, 0).withLimit(10).heard(7, 10, 20, 1);

    @Test
    void countsRequestsAsServerReports() {
        assertThat(first.isTold()).isTrue();
        assertThat(first.left()).isEqualTo(7);
        assertThat(first.own()).isEqualTo(1);
        assertThat(first.spent()).isEqualTo(3);
    }

    /** Answers may arrive in any order. */
    @ParameterizedTest
    @CsvSource({
        "8, 15, 7", // sent before the newest word was heard, and leaves more: it was taken before
        "6, 15, 6", // leaves less: it was taken later
        "8, 25, 8", // sent after: certainty
    })
    void takesNewestReport(long remaining, long startedNanos, long left) {
        assertThat(first.heard(remaining, startedNanos, 30, 1).least()).isEqualTo(left);
    }

    @Test
    void countsUnansweredRequestsUntilLaterReport() {
        WindowCount unsure = first.unanswered(30, 1).unanswered(31, 1);

        assertThat(unsure.left()).isEqualTo(5);
        assertThat(unsure.heard(6, 25, 40, 1).left())
                .as("sent before they ended")
                .isEqualTo(4);
        assertThat(unsure.heard(6, 35, 40, 1).left()).as("sent after").isEqualTo(6);
    }

    @Test
    void keepsOnlyLimitInNewWindow() {
        WindowCount next = first.unanswered(30, 1).begun();

        assertThat(next.isTold()).isFalse();
        assertThat(next.own()).isZero();
        assertThat(next.limit()).isEqualTo(10);
    }
}
