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
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Servers that report and publish nothing and refuse what is too much, in virtual time. */
class LearnedRateTest {

    private static final URI ORIGIN = URI.create("https://api.example.com/v1/");
    private static final Plan PLAN = Plans.within(Duration.ofDays(1));
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Figures FIGURES = new Figures("learned rates, used / refused");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<PacedServer> links = new ArrayList<>();
    private final List<Admission> gates = new ArrayList<>();
    private GatePolicy policy = new GatePolicy(512, 100_000, false);

    @AfterAll
    static void printFigures() {
        FIGURES.print();
    }

    private static PacedServer.Rule rule(String kind, int limit, Duration window) {
        return switch (kind) {
            case "fixed" -> PacedServer.fixed(limit, window);
            case "sliding" -> PacedServer.sliding(limit, window);
            default -> PacedServer.bucket(limit, window);
        };
    }

    private static PacedServer.Rule allowing(BooleanSupplier decision) {
        return new PacedServer.Rule() {
            @Override
            public boolean allow(long nowNanos) {
                return decision.getAsBoolean();
            }

            @Override
            public long remaining(long nowNanos) {
                return 0;
            }

            @Override
            public long resetIn(long nowNanos) {
                return 0;
            }

            @Override
            public int limit() {
                return 0;
            }
        };
    }

    /** A rule that is replaced by another one after a while. */
    private static PacedServer.Rule changing(PacedServer.Rule first, PacedServer.Rule second, Duration after) {
        return new PacedServer.Rule() {
            private PacedServer.Rule at(long nowNanos) {
                return nowNanos < after.toNanos() ? first : second;
            }

            @Override
            public boolean allow(long nowNanos) {
                return at(nowNanos).allow(nowNanos);
            }

            @Override
            public long remaining(long nowNanos) {
                return at(nowNanos).remaining(nowNanos);
            }

            @Override
            public long resetIn(long nowNanos) {
                return at(nowNanos).resetIn(nowNanos);
            }

            @Override
            public int limit() {
                return first.limit();
            }
        };
    }

    /** Adds a client of a server, with a number of callers that each ask again as soon as they have been answered. */
    private PacedServer client(PacedServer.Rule rule, int callers, double maxMillis) {
        SplittableRandom dice = new SplittableRandom(7 + gates.size());
        Admission gate = new Admission(QuotaModel.unknown(), policy, time, ORIGIN, dice::nextDouble);
        RateLimitTracking tracking = new RateLimitTracking(QuotaModel.unknown(), gate);
        PacedServer server = new PacedServer(rule, time, tracking, 42 + gates.size(), 1, maxMillis);
        server.reports = false;
        gates.add(gate);
        links.add(server);
        for (int i = 0; i < callers; i++) {
            call(gate, server).repeat().subscribe();
        }
        return server;
    }

    private Mono<?> call(Admission gate, PacedServer server) {
        return Mono.defer(() -> gate.apply(Call.start(PLAN, time).attempt(1), server))
                .onErrorComplete();
    }

    private void pass(Duration length) {
        long end = time.now(TimeUnit.NANOSECONDS) + length.toNanos();
        while (time.now(TimeUnit.NANOSECONDS) < end) {
            time.advanceTimeBy(Duration.ofMillis(100));
        }
    }

    /** Counts from now on. */
    private void count() {
        links.forEach(link -> {
            link.allowed = 0;
            link.refused = 0;
        });
    }

    private int allowed() {
        return links.stream().mapToInt(link -> link.allowed).sum();
    }

    private int refused() {
        return links.stream().mapToInt(link -> link.refused).sum();
    }

    private double refusedShare() {
        return (double) refused() / Math.max(1, allowed() + refused());
    }

    private double used(double perSecond, Duration length) {
        return allowed() / (perSecond * length.toSeconds());
    }

    private void figure(String name, double used) {
        FIGURES.add(String.format(Locale.ROOT, "%s %.1f %% / %.1f %%", name, 100 * used, 100 * refusedShare()));
    }

    @ParameterizedTest
    @CsvSource({
        "fixed, 2, 1, 0.9",
        "fixed, 20, 1, 0.95",
        "fixed, 200, 1, 0.95",
        "sliding, 2, 1, 0.9",
        "sliding, 20, 1, 0.95",
        "sliding, 200, 1, 0.95",
        "bucket, 2, 1, 0.95",
        "bucket, 20, 1, 0.95",
        "bucket, 200, 1, 0.95",
        "fixed, 200, 10, 0.9",
        "sliding, 200, 10, 0.95",
        "bucket, 200, 10, 0.95",
    })
    void learnsRate(String kind, int limit, int seconds, double least) {
        Duration length = Duration.ofMinutes(3);
        client(rule(kind, limit, Duration.ofSeconds(seconds)), 64, 50);
        pass(Duration.ofSeconds(30));

        count();
        pass(length);

        double used = used((double) limit / seconds, length);
        figure(kind + " " + limit + "/" + seconds + " s", used);
        assertThat(used).isGreaterThanOrEqualTo(least);
        assertThat(refusedShare()).isLessThanOrEqualTo(0.02);
        assertThat(gates.get(0).learnedRates().get("default")).isBetween(0.8 * limit / seconds, 1.5 * limit / seconds);
    }

    /** A window of a minute is over four times before the rate is known. */
    @ParameterizedTest
    @CsvSource({"fixed", "sliding", "bucket"})
    void learnsRateOfLongWindow(String kind) {
        Duration length = Duration.ofMinutes(10);
        client(rule(kind, 1_000, Duration.ofMinutes(1)), 64, 50);
        pass(Duration.ofMinutes(4));

        count();
        pass(length);

        double used = used(1_000 / 60.0, length);
        figure(kind + " 1000/60 s", used);
        assertThat(used).isGreaterThanOrEqualTo(0.9);
        assertThat(refusedShare()).isLessThanOrEqualTo(0.03);
    }

    @ParameterizedTest
    @CsvSource({
        "fixed, 20, 10",
        "fixed, 20, 40",
        "sliding, 20, 10",
        "sliding, 20, 40",
        "bucket, 20, 10",
        "bucket, 20, 40"
    })
    void followsLimitThatChanges(String kind, int first, int second) {
        Duration length = Duration.ofMinutes(2);
        client(changing(rule(kind, first, SECOND), rule(kind, second, SECOND), Duration.ofSeconds(60)), 64, 50);
        pass(Duration.ofSeconds(60));

        count();
        pass(Duration.ofSeconds(30));
        figure(kind + " " + first + " to " + second + ", 30 s", used(second, Duration.ofSeconds(30)));
        assertThat(used(second, Duration.ofSeconds(30))).isGreaterThan(0.6);
        assertThat(refusedShare()).isLessThanOrEqualTo(0.1);
        count();
        pass(length);

        double used = used(second, length);
        figure(kind + " " + first + " to " + second + " later", used);
        assertThat(used).isGreaterThan(0.9);
        assertThat(refusedShare()).isLessThanOrEqualTo(0.025);
    }

    /** The wait is kept, and costs what the server could have served meanwhile. */
    @ParameterizedTest
    @CsvSource({"fixed", "sliding", "bucket"})
    void learnsRateOfServerThatAsksToWait(String kind) {
        Duration length = Duration.ofMinutes(3);
        client(rule(kind, 20, SECOND), 64, 50).asks = SECOND;
        pass(Duration.ofSeconds(30));

        count();
        pass(length);

        figure("Retry-After: 1, " + kind, used(20, length));
        assertThat(used(20, length)).isGreaterThan(0.7);
        assertThat(refusedShare()).isLessThanOrEqualTo(0.03);
    }

    @ParameterizedTest
    @CsvSource({"fixed, 4", "sliding, 4", "bucket, 4", "bucket, 16"})
    void sharesLimitWithOtherClients(String kind, int clients) {
        Duration length = Duration.ofMinutes(3);
        PacedServer.Rule rule = rule(kind, 20, SECOND);
        for (int i = 0; i < clients; i++) {
            client(rule, 16, 50);
        }
        pass(Duration.ofSeconds(30));

        count();
        pass(length);

        figure(clients + " clients, " + kind, used(20, length));
        assertThat(used(20, length)).isGreaterThan(0.9);
        assertThat(refusedShare()).isLessThanOrEqualTo(0.03);
        assertThat(links).allSatisfy(link -> assertThat(link.allowed).isGreaterThan(allowed() / clients / 10));
    }

    @ParameterizedTest
    @CsvSource({"fixed, 1500", "bucket, 1500", "sliding, 1500"})
    void learnsRateOfSlowServer(String kind, int maxMillis) {
        Duration length = Duration.ofMinutes(3);
        client(rule(kind, 20, SECOND), 64, maxMillis);
        pass(Duration.ofSeconds(30));

        count();
        pass(length);

        figure("answers within 1.5 s, " + kind, used(20, length));
        assertThat(used(20, length)).isGreaterThan(0.65);
        assertThat(refusedShare()).isLessThanOrEqualTo(0.06);
    }

    @ParameterizedTest
    @CsvSource({"fixed", "sliding", "bucket"})
    void learnsNothingIfSwitchedOff(String kind) {
        policy = policy.withoutLearning();
        client(rule(kind, 20, SECOND), 64, 50);
        pass(Duration.ofSeconds(30));
        count();
        pass(Duration.ofMinutes(1));

        figure("switched off, " + kind, used(20, Duration.ofMinutes(1)));
        assertThat(gates.get(0).learnedRates()).isEmpty();
        assertThat(refusedShare()).isGreaterThan(0.1);
    }

    @Test
    void pausesForSecondAfterFirstRefusal() {
        client(rule("bucket", 20, SECOND), 64, 50);
        pass(Duration.ofMillis(100));
        int sent = allowed() + refused();

        pass(Duration.ofMillis(900));

        assertThat(refused()).isPositive();
        assertThat(allowed() + refused()).as("nothing goes").isEqualTo(sent);
        pass(Duration.ofMillis(200));
        assertThat(allowed() + refused()).isGreaterThan(sent);
    }

    @Test
    void doesNotBurstAfterIdleTime() {
        boolean[] busy = {true};
        PacedServer server = client(rule("fixed", 20, SECOND), 0, 2);
        for (int i = 0; i < 64; i++) {
            call(gates.get(0), server).repeat(() -> busy[0]).subscribe();
        }
        pass(Duration.ofSeconds(30));
        busy[0] = false;
        pass(Duration.ofMinutes(10));

        count();
        for (int i = 0; i < 64; i++) {
            call(gates.get(0), server).subscribe();
        }
        pass(Duration.ofMillis(500));

        assertThat(allowed()).as("half a second at 20 per second").isBetween(8, 12);
        assertThat(refused()).isZero();
    }

    /** One refusal now and then is no limit. */
    @Test
    void learnsNoRateFromRareRefusals() {
        int[] asked = new int[1];
        client(allowing(() -> asked[0]++ % 20_000 != 0), 4, 50);

        pass(Duration.ofMinutes(10));

        assertThat(refused()).isGreaterThan(1);
        assertThat(gates.get(0).learnedRates()).isEmpty();
    }

    @Test
    void forgetsLearnedRateWhenServerReportsItsQuota() {
        QuotaModel model = QuotaModel.reported(HeaderFamily.auto());
        Admission gate = new Admission(model, policy, time, ORIGIN, () -> 0.5);
        PacedServer server =
                new PacedServer(rule("fixed", 20, SECOND), time, new RateLimitTracking(model, gate), 42, 1, 50);
        server.reports = false;
        for (int i = 0; i < 64; i++) {
            call(gate, server).repeat().subscribe();
        }
        pass(Duration.ofSeconds(30));
        assertThat(gate.learnedRates().get("default")).isBetween(16.0, 24.0);
        assertThat(gate.of(PLAN).describe()).startsWith("default, learned rate ");

        server.reports = true;
        pass(Duration.ofSeconds(5));

        assertThat(gate.learnedRates()).isEmpty();
    }

    /** The one that asks may need a nested call, which therefore does not wait for it. */
    @Test
    void letsOneRequestAskWhileEverythingIsRefused() {
        LearnedRate rate = new LearnedRate(0);
        long patience = QuotaState.PROBE_PATIENCE_NANOS;

        assertThat(rate.tryTake(1, 1)).isTrue();
        assertThat(rate.tryTake(2, 1)).isFalse();
        assertThat(rate.refillsByItself(2)).isFalse();
        assertThat(rate.tryTake(1 + patience, 1)).as("no answer has come").isTrue();
        rate.served(new Spent.Plain(-5, 1), 2 + patience);
        assertThat(rate.tryTake(2 + patience, 1))
                .as("that one went before the refusal")
                .isFalse();
        rate.served(new Spent.Plain(1 + patience, 1), 3 + patience);

        assertThat(rate.refillsByItself(3 + patience)).isTrue();
        assertThat(rate.tryTake(3 + patience, 1)).isTrue();
        assertThat(rate.tryTake(3 + patience, 1)).isTrue();
        assertThat(rate.perSecond()).as("one refusal tells no rate").isZero();
    }
}
