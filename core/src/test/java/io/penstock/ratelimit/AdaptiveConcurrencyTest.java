package io.penstock.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.Figures;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Plans;
import io.penstock.pipeline.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The adaptive limit against a server with a fixed number of workers and a queue, in virtual time. */
class AdaptiveConcurrencyTest {

    private static final URI ORIGIN = URI.create("https://api.example.com/v1/");
    private static final Figures FIGURES = new Figures("adaptive concurrency");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Admission gate = new Admission(
            QuotaModel.unknown(), GatePolicy.standard().withMaxConcurrent(200).adapting(), time, ORIGIN);

    @AfterAll
    static void printFigures() {
        FIGURES.print();
    }

    /** A server with a number of workers; requests that arrive while all are busy wait in its queue. */
    private final class Workers implements Exchange {
        private final SplittableRandom random = new SplittableRandom(11);
        private final Queue<MonoSink<Reply>> queue = new ArrayDeque<>();
        private final int workers;
        private double millis;
        private int busy;
        private int done;

        Workers(int workers, double millis) {
            this.workers = workers;
            this.millis = millis;
        }

        @Override
        public Mono<Reply> exchange(Call sent) {
            Attempt call = Attempt.of(sent);
            return Mono.<Reply>create(sink -> {
                        call.dispatched(true);
                        if (busy < workers) {
                            work(sink);
                        } else {
                            queue.add(sink);
                        }
                    })
                    .doOnNext(reply -> call.answered(200));
        }

        private void work(MonoSink<Reply> sink) {
            busy++;
            long nanos = (long) (millis * 1e6 * (0.8 + 0.4 * random.nextDouble()));
            time.schedule(() -> end(sink), nanos, TimeUnit.NANOSECONDS);
        }

        private void end(MonoSink<Reply> sink) {
            busy--;
            done++;
            MonoSink<Reply> next = queue.poll();
            if (next != null) {
                work(next);
            }
            sink.success(Plans.reply(200, "ok"));
        }

        int waiting() {
            return queue.size();
        }
    }

    private void callers(int count, Workers server) {
        for (int i = 0; i < count; i++) {
            Mono.defer(() -> gate.apply(
                            Call.start(Plans.within(Duration.ofHours(9)), time).attempt(1), server))
                    .repeat()
                    .subscribe();
        }
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds * 10; i++) {
            time.advanceTimeBy(Duration.ofMillis(100));
        }
    }

    @Test
    void admitsAllThatServerTakesWithoutQueue() {
        Workers server = new Workers(100, 50);

        callers(80, server);
        pass(60);

        assertThat(gate.underWay()).as("no call waits at the gate").isEqualTo(80);
        assertThat(server.waiting()).isZero();
    }

    @Test
    void lowersLimitWhileServerIsSlowAndRestoresIt() {
        Workers server = new Workers(1_000, 50);
        callers(150, server);
        pass(120);
        int before = gate.underWay();

        server.millis = 250;
        pass(20);
        int slow = gate.underWay();
        server.millis = 50;
        pass(120);
        int after = gate.underWay();

        FIGURES.add("%d at once, five times slower %d, well again %d".formatted(before, slow, after));
        assertThat(before).isEqualTo(150);
        assertThat(slow).isLessThan(60);
        assertThat(after).isEqualTo(150);
    }

    @Test
    void keepsQueueShortAndServerBusy() {
        Workers server = new Workers(10, 50);
        callers(1, server);
        pass(20);
        callers(199, server);
        pass(30);
        int doneBefore = server.done;
        pass(30);

        double used = (server.done - doneBefore) / (30 * 10 / 0.05);
        FIGURES.add(String.format(Locale.ROOT, "10 workers %d at once, %.1f %% busy", gate.underWay(), 100 * used));
        assertThat(used).isGreaterThan(0.95);
        assertThat(gate.underWay()).isLessThan(40);
    }

    @Test
    void countsUnansweredCallsByDuration() {
        Gradient gradient = new Gradient(100);
        long now = 0;
        for (int i = 0; i < 400; i++) {
            now += 50_000_000L;
            gradient.observed(50_000_000L, true, gradient.limit(), now);
        }
        int before = gradient.limit();
        for (int i = 0; i < 100; i++) {
            now += 50_000_000L;
            gradient.observed(1_000_000L, false, gradient.limit(), now);
        }
        assertThat(gradient.limit())
                .as("a connection refused at once says nothing")
                .isEqualTo(before);
        for (int i = 0; i < 200; i++) {
            now += 50_000_000L;
            gradient.observed(5_000_000_000L, false, gradient.limit(), now);
        }

        assertThat(gradient.limit()).isLessThan(before / 2);
    }

    @Test
    void ignoresQuickRefusalsInLatency() {
        Concurrency places = new Concurrency(GatePolicy.standard().adapting());
        long now = 0;
        for (int i = 0; i < 400; i++) {
            now += 50_000_000L;
            places.observed(200_000_000L, 200, now);
        }
        int before = places.most();
        for (int i = 0; i < 400; i++) {
            now += 50_000_000L;
            places.observed(2_000_000L, i % 2 == 0 ? 503 : 429, now);
        }
        for (int i = 0; i < 100; i++) {
            now += 50_000_000L;
            places.observed(200_000_000L, 200, now);
        }

        assertThat(places.most()).isGreaterThanOrEqualTo(before);
    }

    @Test
    void keepsLimitWhileLittleIsUsed() {
        Gradient gradient = new Gradient(100);
        for (int i = 0; i < 1_000; i++) {
            gradient.observed(50_000_000L, true, 3, i * 100_000_000L);
        }

        assertThat(gradient.limit()).isEqualTo(20);
    }
}
