package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.Figures;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import io.penstock.request.Plan;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Use and refusals of a quota, against servers that count in different ways, in virtual time. */
class PacingTest {

    private static final URI ORIGIN = URI.create("https://api.example.com/v1/");
    private static final Plan PLAN = Plans.within(Duration.ofDays(1));
    private static final int LIMIT = 1_000;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int WINDOWS = 20;
    private static final Figures FIGURES = new Figures("pacing, used / refused");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private Admission gate = gate(QuotaModel.reported(HeaderFamily.xRateLimit()));
    private RateLimitTracking tracking = new RateLimitTracking(QuotaModel.reported(HeaderFamily.xRateLimit()), gate);

    @AfterAll
    static void printFigures() {
        FIGURES.print();
    }

    private Admission gate(QuotaModel model) {
        SplittableRandom dice = new SplittableRandom(7);
        return new Admission(model, new GatePolicy(512, 10_000, false), time, ORIGIN, dice::nextDouble);
    }

    private static PacedServer.Rule rule(String kind) {
        return switch (kind) {
            case "fixed" -> PacedServer.fixed(LIMIT, WINDOW);
            case "sliding" -> PacedServer.sliding(LIMIT, WINDOW);
            default -> PacedServer.bucket(LIMIT, WINDOW);
        };
    }

    private PacedServer server(String kind) {
        return new PacedServer(rule(kind), time, tracking, 42, 1, 50);
    }

    /** A caller that asks again as soon as it has been answered. */
    private void caller(PacedServer server) {
        Mono.defer(() -> gate.apply(Call.start(PLAN, time).attempt(1), server))
                .onErrorComplete()
                .repeat()
                .subscribe();
    }

    private void run(PacedServer server, int callers, Duration length) {
        for (int i = 0; i < callers; i++) {
            caller(server);
        }
        for (long second = 0; second < length.toSeconds(); second++) {
            time.advanceTimeBy(Duration.ofSeconds(1));
        }
    }

    private static void measured(String name, PacedServer server, double share) {
        FIGURES.add(String.format(
                Locale.ROOT,
                "%s %.2f %% / %.3f %%",
                name,
                100 * share,
                100.0 * server.refused / (server.allowed + server.refused)));
    }

    @ParameterizedTest
    @CsvSource({
        "fixed, 32",
        "fixed, 512",
        "sliding, 32",
        "sliding, 512",
        "bucket, 32",
        "bucket, 512",
    })
    void usesQuotaWithHardlyAnyRefusal(String kind, int callers) {
        PacedServer server = server(kind);

        run(server, callers, WINDOW.multipliedBy(WINDOWS));

        double most = kind.equals("bucket") ? LIMIT * (WINDOWS + 1.0) : (double) LIMIT * WINDOWS;
        measured(kind + " " + callers, server, server.allowed / most);
        assertThat(server.allowed).isGreaterThanOrEqualTo((int) (0.99 * most));
        assertThat(server.refused).isLessThanOrEqualTo((int) (0.001 * most));
    }

    @ParameterizedTest
    @CsvSource({"fixed", "sliding", "bucket"})
    void keepsDeclaredLimitWithoutReports(String kind) {
        QuotaModel declared = QuotaModel.declared(DeclaredLimit.perCredential("key", LIMIT, WINDOW));
        gate = gate(declared);
        tracking = new RateLimitTracking(declared, gate);
        PacedServer server = server(kind);
        server.reports = false;

        run(server, 64, WINDOW.multipliedBy(WINDOWS));

        measured("declared, " + kind, server, (double) server.allowed / (LIMIT * WINDOWS));
        assertThat(server.allowed).isGreaterThanOrEqualTo((int) (0.99 * LIMIT * WINDOWS));
        assertThat(server.refused).isZero();
    }

    @ParameterizedTest
    @CsvSource({"fixed", "sliding", "bucket"})
    void usesQuotaDespiteLostHeaders(String kind) {
        PacedServer server = server(kind);
        server.lostHeaders = 0.05;

        run(server, 32, WINDOW.multipliedBy(WINDOWS));

        measured(kind + ", 5 % of headers lost", server, (double) server.allowed / (LIMIT * WINDOWS));
        assertThat(server.allowed).isGreaterThan((int) (0.95 * LIMIT * WINDOWS));
        assertThat(server.refused).isLessThanOrEqualTo((int) (0.01 * LIMIT * WINDOWS));
    }

    @ParameterizedTest
    @CsvSource({"fixed", "sliding", "bucket"})
    void usesRestOfQuotaSharedWithOthers(String kind) {
        PacedServer server = server(kind);
        int[] foreign = new int[1];
        time.schedulePeriodically(
                () -> foreign[0] += server.foreignUse() ? 1 : 0, 100, 200, java.util.concurrent.TimeUnit.MILLISECONDS);

        run(server, 32, WINDOW.multipliedBy(WINDOWS));

        measured(kind + ", 30 % spent elsewhere", server, (double) (server.allowed + foreign[0]) / (LIMIT * WINDOWS));
        assertThat(server.allowed + foreign[0]).isGreaterThan((int) (0.95 * LIMIT * WINDOWS));
        assertThat(server.refused).isLessThanOrEqualTo((int) (0.01 * LIMIT * WINDOWS));
    }

    /** A probe that is not answered in time is repeated, and its late answer still counts. */
    @Test
    void distinguishesSlowServerFromSilentOne() {
        PacedServer slow = new PacedServer(rule("fixed"), time, tracking, 42, 1_400, 1_600);

        run(slow, 64, WINDOW.multipliedBy(WINDOWS));

        measured("fixed, answers take 1.5 s", slow, (double) slow.allowed / (LIMIT * WINDOWS));
        assertThat(slow.allowed).isGreaterThan((int) (0.95 * LIMIT * WINDOWS));
        assertThat(slow.refused).isLessThanOrEqualTo((int) (0.001 * LIMIT * WINDOWS));
    }

    @Test
    void holdsNothingBackWithoutQuota() {
        QuotaModel unknown = QuotaModel.unknown();
        gate = gate(unknown);
        tracking = new RateLimitTracking(unknown, gate);
        PacedServer server = server("fixed");
        server.reports = false;

        List.of(1, 2, 3).forEach(i -> caller(server));
        time.advanceTimeBy(Duration.ofMillis(100)); // longer than the way there, so that all three have arrived

        assertThat(server.allowed).isGreaterThanOrEqualTo(3);
    }

    /** Whatever the limit, window, latency and number of callers, the server's quota is never exceeded. */
    @Test
    void avoidsEveryRefusalByHonestServer() {
        long first = Long.getLong("penstock.pacing.seed", 20_261_125L);
        for (long seed = first; seed < first + 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            VirtualTimeScheduler clock = VirtualTimeScheduler.create();
            Duration window = Duration.ofSeconds(2 + random.nextInt(20));
            int limit = 1 + random.nextInt(40);
            Admission door = new Admission(
                    QuotaModel.reported(HeaderFamily.xRateLimit()),
                    new GatePolicy(1 + random.nextInt(64), 1_000, random.nextBoolean()),
                    clock,
                    ORIGIN,
                    random.split()::nextDouble);
            PacedServer server = new PacedServer(
                    PacedServer.fixed(limit, window),
                    clock,
                    new RateLimitTracking(QuotaModel.reported(HeaderFamily.xRateLimit()), door),
                    seed,
                    1,
                    1 + random.nextInt((int) window.toMillis() / 20));
            int callers = 1 + random.nextInt(50);
            for (int i = 0; i < callers; i++) {
                Mono.defer(() -> door.apply(Call.start(PLAN, clock).attempt(1), server))
                        .onErrorComplete()
                        .repeat()
                        .subscribe();
            }
            for (int step = 0; step < 5 * window.toSeconds() * 2; step++) {
                clock.advanceTimeBy(Duration.ofMillis(500));
            }

            assertThat(server.refused)
                    .as("refused, seed %d (again: -Dpenstock.pacing.seed=%d)", seed, seed)
                    .isZero();
            assertThat(server.allowed)
                    .as("allowed, seed %d (again: -Dpenstock.pacing.seed=%d)", seed, seed)
                    .isGreaterThanOrEqualTo(limit * 4);
        }
    }
}
