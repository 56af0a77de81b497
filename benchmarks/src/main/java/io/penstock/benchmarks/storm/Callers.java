package io.penstock.benchmarks.storm;

import io.penstock.benchmarks.Client;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The load. Callers start one after the other, spread over the time between two calls of one caller. */
final class Callers {

    /**
     * The concurrency limit for one caller in an open loop. It exceeds the calls of a minute, so that none is dropped.
     */
    private static final int MOST_AT_ONCE = 1024;

    private Callers() {}

    /** Starts the callers, which continue until the handle is disposed. Calls under way are then cancelled. */
    static Disposable start(Client client, Scenario scenario, Queue<Call> log) {
        Disposable.Composite running = Disposables.composite();
        Mono<Boolean> turn = Mono.defer(() -> {
            Call call = new Call();
            log.add(call);
            return client.call().thenReturn(true).onErrorReturn(false).doOnNext(call::end);
        });
        for (int i = 0; i < scenario.callers(); i++) {
            Duration after = scenario.period().multipliedBy(i).dividedBy(scenario.callers());
            Flux<?> turns = switch (scenario.pace()) {
                case CLOSED ->
                    Mono.delay(after)
                            .thenMany(turn.then(thinking(scenario.think())).repeat());
                case OPEN ->
                    Flux.interval(after, scenario.period()).onBackpressureDrop().flatMap(tick -> turn, MOST_AT_ONCE);
            };
            running.add(turns.subscribe());
        }
        return running;
    }

    /**
     * Returns a think time between half and one and a half of the mean, evenly distributed, so that callers that a slow
     * start has synchronised drift apart again.
     */
    private static Mono<Long> thinking(Duration mean) {
        return Mono.defer(() -> Mono.delay(Duration.ofNanos(
                (long) (mean.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1.5)))));
    }
}
