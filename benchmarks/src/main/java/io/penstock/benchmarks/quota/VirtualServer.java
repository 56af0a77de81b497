package io.penstock.benchmarks.quota;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Transport;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The same server in virtual time, without sockets: a transport for Penstock, a wire for the others. Not thread-safe.
 */
final class VirtualServer implements Site, Wire, Transport {

    private final Scenario scenario;
    private final Scheduler scheduler;
    private final Account account;
    private final long began;
    private final SplittableRandom random = new SplittableRandom(7);
    private final ByteBuf body = Unpooled.wrappedBuffer("{\"done\":true}".getBytes(StandardCharsets.UTF_8));

    /** Creates a server whose count begins at the scheduler's current time. */
    VirtualServer(Scenario scenario, Scheduler scheduler) {
        this.scenario = scenario;
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

    @Override
    public Scenario scenario() {
        return scenario;
    }

    @Override
    public Time time() {
        return Time.of(scheduler);
    }

    @Override
    public ApiClientBuilder penstock() {
        return ApiClient.builder(VendorSpec.generic("quota", URI.create("http://api.example.com/")))
                .transport(this)
                .scheduler(scheduler);
    }

    @Override
    public Wire wire() {
        return this;
    }

    private Mono<Long> way() {
        double millis = random.nextDouble(Scenario.LEAST_LATENCY_MILLIS / 2, Scenario.MOST_LATENCY_MILLIS / 2);
        return Mono.delay(Duration.ofNanos((long) (millis * 1e6)), scheduler);
    }

    @Override
    public Mono<Answer> send() {
        return way().map(arrived -> account.decide(now())).delayUntil(decided -> way());
    }

    @Override
    public Mono<Reply> exchange(Attempt call, Receiver receiver) {
        return Mono.defer(() -> {
            call.dispatched(true);
            return send().map(answer -> {
                ResponseHead head = new ResponseHead(answer.status(), headers(answer));
                call.answered(head.status());
                receiver.onHead(call, head);
                return receiver.onBody(call, head, body.duplicate(), true);
            });
        });
    }

    private static Headers headers(Answer answer) {
        return Headers.of(answer.headers().toArray(new String[0]));
    }

    @Override
    public void close() {}

    @Override
    public Mono<Void> closeLater() {
        return Mono.empty();
    }

    @Override
    public List<ConnectionStats> connections() {
        return List.of();
    }

    @Override
    public String describe() {
        return "virtual time";
    }
}
