package io.penstock.benchmarks.quota;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.benchmarks.WithoutConnections;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The same server in virtual time, without sockets. Not thread-safe. */
final class VirtualServer extends WithoutConnections {

    private final Scheduler scheduler;
    private final Account account;
    private final long began;
    private final SplittableRandom random = new SplittableRandom(7);
    private final ByteBuf body = Unpooled.wrappedBuffer("{\"done\":true}".getBytes(StandardCharsets.UTF_8));

    /** Creates a server whose count begins at the scheduler's current time. */
    VirtualServer(Scenario scenario, Scheduler scheduler) {
        this.scheduler = scheduler;
        this.began = scheduler.now(TimeUnit.NANOSECONDS);
        this.account = new Account(scenario, Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS)));
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS) - began;
    }

    Counts counts() {
        return account.counts(now());
    }

    private Mono<Long> way() {
        double millis = random.nextDouble(Scenario.LEAST_LATENCY_MILLIS / 2, Scenario.MOST_LATENCY_MILLIS / 2);
        return Mono.delay(Duration.ofNanos((long) (millis * 1e6)), scheduler);
    }

    Mono<Answer> send() {
        return way().map(arrived -> account.decide(now())).delayUntil(decided -> way());
    }

    @Override
    public Mono<Reply> exchange(Attempt call, Receiver receiver) {
        return Mono.defer(() -> {
            call.dispatched(true);
            return send().map(answer -> {
                ResponseHead head = new ResponseHead(
                        answer.status(), Headers.of(answer.headers().toArray(new String[0])));
                call.answered(head.status());
                receiver.onHead(call, head);
                return receiver.onBody(call, head, body.duplicate(), true);
            });
        });
    }
}
