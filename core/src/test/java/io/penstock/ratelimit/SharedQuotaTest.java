package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.Figures;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import io.penstock.request.Plan;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Several independent clients of one key: the share of the quota that each gets, and the refusals. */
class SharedQuotaTest {

    private static final URI ORIGIN = URI.create("https://api.example.com/v1/");
    private static final Plan PLAN = Plans.within(Duration.ofDays(1));
    private static final int LIMIT = 1_000;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int WINDOWS = 20;
    private static final int CALLERS = 16;
    private static final Figures FIGURES = new Figures("clients of one key, used / refused / Jain's index");
    private static final QuotaModel REPORTED = QuotaModel.reported(HeaderFamily.xRateLimit());

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<PacedServer> seenByInstances = new ArrayList<>();

    @AfterAll
    static void printFigures() {
        FIGURES.print();
    }

    private void instance(PacedServer.Rule rule, QuotaModel model) {
        SplittableRandom dice = new SplittableRandom(seenByInstances.size());
        Admission gate = new Admission(model, GatePolicy.standard(), time, ORIGIN, dice::nextDouble);
        RateLimitTracking tracking = new RateLimitTracking(model, gate);
        PacedServer server = new PacedServer(rule, time, tracking, seenByInstances.size(), 1, 50);
        server.reports = model.headers() != null;
        seenByInstances.add(server);
        for (int i = 0; i < CALLERS; i++) {
            Mono.defer(() -> gate.apply(Call.start(PLAN, time).attempt(1), server))
                    .onErrorComplete()
                    .repeat()
                    .subscribe();
        }
    }

    private void pass(int windows) {
        for (long second = 0; second < WINDOW.toSeconds() * windows; second++) {
            time.advanceTimeBy(Duration.ofSeconds(1));
        }
    }

    private int allowed() {
        return seenByInstances.stream().mapToInt(server -> server.allowed).sum();
    }

    private int refused() {
        return seenByInstances.stream().mapToInt(server -> server.refused).sum();
    }

    /** 1 if all have as much, 1/n if one has everything. */
    private static double jain(int[] each) {
        double sum = IntStream.of(each).sum();
        double squares = IntStream.of(each).mapToDouble(x -> (double) x * x).sum();
        return squares == 0 ? 0 : sum * sum / (each.length * squares);
    }

    private int[] each() {
        return seenByInstances.stream().mapToInt(server -> server.allowed).toArray();
    }

    private static int[] since(int[] before, int[] now) {
        int[] gained = now.clone();
        for (int i = 0; i < before.length; i++) {
            gained[i] -= before[i];
        }
        return gained;
    }

    private void measured(String what, double fairness) {
        int windows = (int) (time.now(TimeUnit.SECONDS) / WINDOW.toSeconds());
        FIGURES.add(String.format(
                Locale.ROOT,
                "%s %.2f %% / %.3f %% / %.3f",
                what,
                100.0 * allowed() / LIMIT / windows,
                100.0 * refused() / (allowed() + refused()),
                fairness));
    }

    /** Lets a number of windows pass and returns Jain's index of them. */
    private double fairnessOf(int windows) {
        int[] before = each();
        pass(windows);
        return jain(since(before, each()));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 0.95", "10, 0.98", "50, 0.95"})
    void sharesFixedWindowFairlyAmongInstances(int instances, double fair) {
        PacedServer.Rule rule = PacedServer.fixed(LIMIT, WINDOW);
        for (int i = 0; i < instances; i++) {
            instance(rule, REPORTED);
        }
        pass(WINDOWS / 2);
        double fairness = fairnessOf(WINDOWS / 2);

        measured("fixed " + instances, fairness);
        assertThat(allowed()).isGreaterThanOrEqualTo((int) (0.99 * LIMIT * WINDOWS));
        assertThat(refused()).isLessThanOrEqualTo((int) (0.01 * LIMIT * WINDOWS));
        assertThat(fairness).isGreaterThanOrEqualTo(fair);
    }

    @Test
    void grantsNewcomerItsShare() {
        PacedServer.Rule rule = PacedServer.fixed(LIMIT, WINDOW);
        instance(rule, REPORTED);
        pass(5);
        instance(rule, REPORTED);
        pass(5);

        double fairness = fairnessOf(10);

        measured("fixed, one comes later", fairness);
        assertThat(fairness).isGreaterThan(0.95);
        assertThat(refused()).isLessThanOrEqualTo((int) (0.01 * LIMIT * WINDOWS));
    }

    /** The numbers of such a server do not show who spent what: all of it is used, but shares need not be equal. */
    @ParameterizedTest
    @CsvSource({"sliding, 2", "sliding, 10", "sliding, 50", "bucket, 2", "bucket, 10", "bucket, 50"})
    void usesRefillingQuotaWithoutStarvingInstances(String kind, int instances) {
        PacedServer.Rule rule =
                kind.equals("sliding") ? PacedServer.sliding(LIMIT, WINDOW) : PacedServer.bucket(LIMIT, WINDOW);
        for (int i = 0; i < instances; i++) {
            instance(rule, REPORTED);
        }
        pass(WINDOWS / 2);
        double fairness = fairnessOf(WINDOWS / 2);

        measured(kind + " " + instances, fairness);
        assertThat(allowed()).isGreaterThanOrEqualTo((int) (0.95 * LIMIT * WINDOWS));
        assertThat(each()).as("nobody starves").doesNotContain(0);
    }
}
