package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ratelimit.QuotaState.Phase;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Knowledge of a quota as transitions of a value, without threads, clock or server. */
class QuotaStateTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * SECOND;

    private static QuotaReport report(long limit, long remaining, long resetSeconds) {
        return QuotaReport.unnamed(limit, remaining, resetSeconds < 0 ? -1 : resetSeconds * SECOND, -1);
    }

    private static Spent sent(long atNanos) {
        return new Spent.Plain(atNanos, 1);
    }

    private static QuotaState untold() {
        return QuotaState.untold(true, 0, 0, 0);
    }

    /** Returns the state after the first answer, at second 1, to a request of second 0. */
    private static QuotaState told(long limit, long remaining, long resetSeconds) {
        return untold().turned(0, 0, HOUR).heard(report(limit, remaining, resetSeconds), SECOND, sent(0), 1, HOUR);
    }

    @Test
    void sendsOneProbeWhenQuotaIsExpected() {
        QuotaState state = untold();

        assertThat(state.grant().allowance()).isZero();
        assertThat(state.isTurn(0, 0)).isTrue();
        QuotaState turned = state.turned(0, 0, HOUR);
        assertThat(turned.phase()).isEqualTo(Phase.PROBING);
        assertThat(turned.grant().allowance()).isEqualTo(1);
        assertThat(turned.isTurn(QuotaState.PROBE_PATIENCE_NANOS - 1, 1)).isFalse();
        assertThat(turned.isTurn(QuotaState.PROBE_PATIENCE_NANOS, 1))
                .as("its answer may have been lost")
                .isTrue();
    }

    @Test
    void letsAllPassWhenNoQuotaIsExpected() {
        QuotaState state = QuotaState.untold(false, 0, 0, 0);

        assertThat(state.grant().allowance()).isEqualTo(Integer.MAX_VALUE);
        assertThat(state.ended(SECOND, 1, 1, 5, HOUR)).isSameAs(state);
    }

    /** Twenty were sent at once, and the first report counts fifteen of them: there are no other clients. */
    @Test
    void distinguishesOwnCallsFromThoseOfOthers() {
        QuotaState silent = QuotaState.untold(false, 0, 0, 0);

        QuotaState told = silent.heard(report(1_000, 985, 60), SECOND, sent(0), 20, HOUR);

        assertThat(told.share().contested()).isFalse();
        assertThat(told.grant().allowance()).isEqualTo(985);
        assertThat(silent.heard(report(1_000, 900, 60), SECOND, sent(0), 20, HOUR)
                        .share()
                        .contested())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10, 9, 30, 9", // all that the answer leaves
        "10, 0, 30, 0",
        "-1, 5, 30, 5", // without a limit
        "10, 9, -1, 9", // without a reset
    })
    void allowsWhatAnswerLeaves(long limit, long remaining, long reset, int allowance) {
        QuotaState state = told(limit, remaining, reset);

        assertThat(state.phase()).isEqualTo(Phase.TOLD);
        assertThat(state.grant().allowance()).isEqualTo(allowance);
    }

    @Test
    void turnsSilentAfterAnswerWithoutQuota() {
        QuotaState state = untold().turned(0, 0, HOUR).heard(null, SECOND, sent(0), 1, HOUR);

        assertThat(state.phase()).isEqualTo(Phase.SILENT);
        assertThat(state.grant().allowance()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void subtractsUnansweredCalls() {
        QuotaState state = told(10, 5, 30).ended(2 * SECOND, 1, 1, 1, HOUR);

        assertThat(state.grant().allowance()).isEqualTo(4);
        assertThat(state.ended(3 * SECOND, 0, 1, 1, HOUR)).isSameAs(state);
    }

    @Test
    void probesAgainWhenUnansweredCallsMayHaveTakenAll() {
        QuotaState state = told(10, 1, 30).ended(2 * SECOND, 1, 1, 1, HOUR);

        assertThat(state.grant().allowance()).isZero();
        assertThat(state.isTurn(2 * SECOND, 0)).isFalse();
        assertThat(state.isTurn(3 * SECOND, 1)).isFalse();
        assertThat(state.isTurn(3 * SECOND, 0)).isTrue();
    }

    @Test
    void ignoresLateReportOfPreviousWindow() {
        QuotaState next = told(10, 0, 30).turned(31 * SECOND, 0, HOUR);

        QuotaState late = next.heard(report(10, 3, 1), 32 * SECOND, sent(20 * SECOND), 1, HOUR);

        assertThat(late).isEqualTo(next);
    }

    @Test
    void grantsNothingUntilRefusalEnds() {
        QuotaState state = told(10, 5, 30).refused(9 * SECOND);

        assertThat(state.grant().allowance()).isZero();
        assertThat(state.isTurn(9 * SECOND - 1, 0)).isFalse();
        assertThat(state.isTurn(9 * SECOND, 0)).isTrue();
    }

    /** An answer silences a client for at most the bound, and each further one for as long again. */
    @ParameterizedTest
    @ValueSource(longs = {3_600_000, 31_000_000})
    void probesAgainAfterLongestSilence(long resetSeconds) {
        QuotaState state = told(10, 0, resetSeconds);

        assertThat(state.isTurn(SECOND + HOUR - 1, 0)).isFalse();
        assertThat(state.isTurn(SECOND + HOUR, 0)).isTrue();
        assertThat(state.waitNanos(SECOND, 0, 0)).isEqualTo(HOUR);
        QuotaState again = state.turned(SECOND + HOUR, 0, HOUR)
                .heard(report(10, 0, resetSeconds), 2 * SECOND + HOUR, sent(SECOND + HOUR), 1, HOUR);
        assertThat(again.isTurn(SECOND + 2 * HOUR, 0)).isFalse();
        assertThat(again.isTurn(2 * SECOND + 2 * HOUR, 0)).isTrue();
    }

    @Test
    void forgetsAbsurdWindowWithNextReport() {
        QuotaState absurd = told(10, 0, 3_600_000);
        QuotaState normal = absurd.turned(SECOND + HOUR, 0, HOUR)
                .heard(report(10, 0, 60), 2 * SECOND + HOUR, sent(SECOND + HOUR), 1, HOUR);

        assertThat(normal.waitNanos(2 * SECOND + HOUR, 10, 10)).isEqualTo(120 * SECOND);
    }

    /**
     * In any order of events, no more may be sent than the newest report leaves, more is allowed in bounded time, and
     * times stay bounded.
     */
    @Test
    void grantsNoMoreThanIsLeftInAnyOrder() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            QuotaState state = QuotaState.untold(random.nextBoolean(), 0, 0, 0);
            long now = 0;
            int underWay = 0;
            for (int step = 0; step < 60; step++) {
                now += random.nextLong(3 * SECOND);
                state = step(state, random, now, underWay);
                underWay = random.nextInt(8);
                long bound = now + HOUR + QuotaState.PROBE_PATIENCE_NANOS;
                assertThat(state.times().moreAt()).as("seed %d", seed).isLessThanOrEqualTo(bound);
                if (state.phase() == Phase.TOLD) {
                    assertThat((long) state.grant().allowance())
                            .as("seed %d", seed)
                            .isLessThanOrEqualTo(Math.max(0, state.count().left()));
                }
            }
        }
    }

    private static QuotaState step(QuotaState state, SplittableRandom random, long now, int underWay) {
        return switch (random.nextInt(5)) {
            case 0 -> state.isTurn(now, underWay) ? state.turned(now, underWay, HOUR) : state;
            case 1 -> state.ended(now, random.nextInt(2), 1, underWay, HOUR);
            case 2 -> state.refused(now + random.nextLong(HOUR));
            default ->
                state.heard(
                        random.nextInt(6) == 0
                                ? null
                                : report(
                                        random.nextInt(50) - 1,
                                        random.nextInt(50) - 1,
                                        random.nextInt(4) == 0 ? random.nextLong(31_000_000) : random.nextInt(90) - 1),
                        now,
                        sent(now - random.nextLong(2 * SECOND)),
                        underWay,
                        HOUR);
        };
    }
}
