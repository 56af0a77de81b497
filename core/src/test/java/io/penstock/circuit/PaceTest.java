package io.penstock.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pace as a function of outcomes and time, run against simulated servers. */
class PaceTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int CONCURRENT = 100;

    private final Pace pace = new Pace(0.5, 20, 50, 0);

    /** Returns the duration of a request, negative for a failure. */
    private interface Server {
        long answer(long now);
    }

    private record Ending(long at, long started, boolean success) {}

    /** Many callers that send as fast as the pace allows and resend failed calls. */
    private final class Run {
        final PriorityQueue<Ending> underWay = new PriorityQueue<>(Comparator.comparingLong(Ending::at));
        final List<Long> successes = new ArrayList<>();
        long now;
        int sent;
        int failed;
        boolean down;

        Run(Server server, long calls, long nanos) {
            while (successes.size() < calls && now < nanos && !down) {
                while (sent < calls + failed && underWay.size() < CONCURRENT && pace.take(now) == 0) {
                    sent++;
                    long takes = server.answer(now);
                    underWay.add(new Ending(now + Math.abs(takes), now, takes > 0));
                }
                now += MILLI / 4;
                while (!underWay.isEmpty() && underWay.peek().at() <= now) {
                    end(underWay.remove());
                }
            }
        }

        private void end(Ending ending) {
            if (ending.success()) {
                successes.add(ending.at());
                pace.succeeded(ending.started(), ending.at());
            } else {
                failed++;
                down |= pace.failed(ending.started(), ending.at(), (double) successesSince(ending.at() - SECOND));
            }
        }

        long successesSince(long time) {
            return successes.stream().filter(at -> at > time).count();
        }
    }

    /** A leaky bucket, as {@code limit_req} of nginx. */
    private static Server limited(int perSecond, int burst) {
        return new Server() {
            private double excess;
            private long at;

            @Override
            public long answer(long now) {
                double level = Math.max(0, excess - perSecond * (now - at) / 1e9) + 1;
                if (level > burst + 1) {
                    return -MILLI;
                }
                excess = level;
                at = now;
                return MILLI;
            }
        };
    }

    /** Workers, a queue of as many again, and a refusal at once beyond that. */
    private static Server workers(int workers, long service) {
        return new Server() {
            private final PriorityQueue<Long> ends = new PriorityQueue<>();

            @Override
            public long answer(long now) {
                while (!ends.isEmpty() && ends.peek() <= now) {
                    ends.remove();
                }
                if (ends.size() >= 2 * workers) {
                    return -MILLI;
                }
                long begins = ends.size() < workers
                        ? now
                        : ends.stream()
                                .sorted()
                                .skip(ends.size() - workers)
                                .findFirst()
                                .orElse(now);
                ends.add(begins + service);
                return begins + service - now;
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "10, 5", "10, 20", "10, 50", "20, 5", "30, 20", "30, 50", "50, 5", "50, 50", "70, 20", "100, 5", "100, 20",
        "100, 50"
    })
    void servesBurstThroughRateLimitWithFewRefusals(int perSecond, int burst) {
        Run run = new Run(limited(perSecond, burst), 200, 30 * SECOND);

        assertThat(run.successes).hasSize(200);
        assertThat(run.sent).isLessThanOrEqualTo(260);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 13})
    void keepsOverloadedServerBusyWithFewRefusals(int workers) {
        int perSecond = workers * 50;
        Run run = new Run(workers(workers, 20 * MILLI), Long.MAX_VALUE / 2, 20 * SECOND);

        assertThat(run.successes.size()).isGreaterThan((int) (0.95 * 20 * perSecond));
        assertThat(run.failed).isLessThan((int) (0.15 * run.sent));
        assertThat(pace.mode()).isEqualTo(Pace.Mode.PACED);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsSendingWhenFailuresDoNotDependOnPace(long seed) {
        Random random = new Random(seed);
        Run run = new Run(now -> random.nextDouble() < 0.8 ? -2 * MILLI : 2 * MILLI, 150, 20 * SECOND);

        assertThat(run.down)
                .as(
                        "sent %d, ok %d, now %d ms, in a row %d",
                        run.sent, run.successes.size(), run.now / MILLI, pace.failuresInARow())
                .isFalse();
        assertThat(run.sent).as("sends within 20 s").isGreaterThan(500);
    }

    @Test
    void reportsDownWhenAllCallsFailFromStart() {
        Run run = new Run(now -> -5 * MILLI, 400, SECOND);

        assertThat(run.down).isTrue();
        assertThat(run.sent).isEqualTo(Pace.FIRST_BURST);
    }

    @Test
    void reportsDownSoonAfterServerStartsFailing() {
        Run run = new Run(now -> now < SECOND ? 10 * MILLI : -10 * MILLI, Long.MAX_VALUE / 2, 10 * SECOND);

        assertThat(run.down).isTrue();
        assertThat(run.now).isLessThan(SECOND + SECOND / 2);
        assertThat(run.failed).isLessThan(5 * CONCURRENT);
    }

    @Test
    void admitsMoreAsTimePassesWithSlowServer() {
        int sent = 0;
        for (long now = 0; now < SECOND; now += MILLI) {
            sent += pace.take(now) == 0 ? 1 : 0;
        }

        assertThat(sent).isBetween(CONCURRENT, CONCURRENT + Pace.FIRST_BURST);
    }

    @Test
    void liftsPaceAfterEnoughSuccesses() {
        for (int i = 0; i < Pace.PROOF; i++) {
            pace.succeeded(i * MILLI, (i + 1) * MILLI);
        }

        assertThat(pace.mode()).isEqualTo(Pace.Mode.FREE);
        for (int i = 0; i < 10_000; i++) {
            assertThat(pace.take(SECOND)).isZero();
        }
    }

    @Test
    void admitsFewCallsAfterTrialAndTwoPerSuccess() {
        pace.back(3, SECOND);
        int sent = 0;
        while (pace.take(SECOND) == 0) {
            sent++;
        }
        assertThat(sent).isEqualTo(3);

        pace.succeeded(SECOND, SECOND);
        assertThat(pace.take(SECOND)).isZero();
        assertThat(pace.take(SECOND)).isZero();
        assertThat(pace.take(SECOND)).isPositive();
    }

    @Test
    void liftsPaceWhenItLimitsNoCall() {
        new Run(limited(30, 20), 200, 30 * SECOND);
        long now = 60 * SECOND;
        for (int i = 0; i < 200 && pace.mode() != Pace.Mode.FREE; i++) {
            now += SECOND;
            assertThat(pace.take(now)).isZero();
            pace.succeeded(now, now + MILLI);
        }

        assertThat(pace.mode()).isEqualTo(Pace.Mode.FREE);
    }

    @Test
    void limitsDebtOfCallsThatDoNotWait() {
        for (int i = 0; i < 1_000; i++) {
            pace.overdraw(0);
        }

        assertThat(pace.take(0)).isLessThan(SECOND);
    }
}
