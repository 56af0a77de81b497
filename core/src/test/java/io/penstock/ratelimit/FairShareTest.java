package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FairShareTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long LIMIT = 1_000;

    @Test
    void claimsAllWhenAlone() {
        FairShare share = FairShare.alone().firstHeard(0).windowOver(100, 100, 60 * SECOND);

        assertThat(share.contested()).isFalse();
        assertThat(share.claim(0, 0, 100, 0, 100)).isEqualTo(100);
    }

    @Test
    void staysNewUntilWindowIsOver() {
        FairShare share = FairShare.alone().firstHeard(40);

        assertThat(share.isNew()).isTrue();
        assertThat(share.windowOver(30, 100, 60 * SECOND).isNew()).isFalse();
    }

    @Test
    void ignoresSpendingBeforeItsArrival() {
        FairShare share = FairShare.alone().firstHeard(40).windowOver(60, 100, 60 * SECOND);

        assertThat(share.part()).as("nobody else sent anything since").isEqualTo(0.75);
        assertThat(share.windowOver(100, 100, 60 * SECOND).part()).isGreaterThan(0.75);
    }

    /** Two clients that claim their parts converge to equal parts, wherever they begin. */
    @ParameterizedTest
    @CsvSource({"1, 999", "100, 900", "500, 500"})
    void convergesToEqualParts(long own, long others) {
        FairShare one = FairShare.alone().windowOver(own, LIMIT, SECOND);
        FairShare other = FairShare.alone().windowOver(others, LIMIT, SECOND);
        assertThat(one.part()).isEqualTo((double) own / LIMIT);

        for (int window = 0; window < 24; window++) {
            double claim = one.claim(0, 0, LIMIT, LIMIT, LIMIT);
            double otherClaim = other.claim(0, 0, LIMIT, LIMIT, LIMIT);
            long sent = Math.round(LIMIT * claim / (claim + otherClaim));
            one = one.windowOver(sent, LIMIT, SECOND);
            other = other.windowOver(LIMIT - sent, LIMIT, SECOND);
        }

        assertThat(one.part()).isCloseTo(0.5, within(0.02));
        assertThat(other.part()).isCloseTo(0.5, within(0.02));
        FairShare half = FairShare.alone().firstHeard(1).windowOver(500, 1_000, SECOND);
        assertThat(half.claim(500, 1_000, 100, 1_000, 1_000))
                .as("its part, to the power of two thirds")
                .isCloseTo(100 * Math.pow(0.5, 2.0 / 3), within(2.0));
    }

    @Test
    void predictsWhenQuotaIsGone() {
        long window = 60 * SECOND;
        FairShare share = FairShare.alone().watched(700, 3 * SECOND, 0, 1_000, window);

        assertThat(share.goneAt(700, 3 * SECOND, window)).as("100 a second").isEqualTo(10 * SECOND);
        assertThat(share.watched(690, 3 * SECOND + 1, 0, 1_000, window))
                .as("too early for another look")
                .isSameAs(share);
    }

    @Test
    void expectsOthersToSpendAsBefore() {
        FairShare share = FairShare.alone().windowOver(40, 100, 60 * SECOND);

        assertThat(share.ratePerNano(0, 0, 0, 60 * SECOND) * SECOND).isCloseTo(1, within(0.001));
    }
}
