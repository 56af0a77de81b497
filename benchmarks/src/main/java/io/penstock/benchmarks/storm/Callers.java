package io.penstock.benchmarks.storm;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The load. Callers begin one after the other, spread over the time from one call of a caller's to its next. */
final class Callers {

    /** For one caller in an open loop; more than a minute's calls, so that none is left out. */
    private static final int MOST_AT_ONCE = 1024;

    private Callers() {}

    /** They begin, and go on until disposed of; calls still under way are cancelled then. */
    static Disposable start(Contender client, Scenario scenario, CallLog log) {
        Disposable.Composite running = Disposables.composite();
        Mono<Boolean> turn = Mono.defer(() -> {
            CallLog.Begun call = log.begin();
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

    /** Half to one and a half of the time, evenly: callers that a slow start has thrown together drift apart again. */
    private static Mono<Long> thinking(Duration mean) {
        return Mono.defer(() -> Mono.delay(Duration.ofNanos(
                (long) (mean.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1.5)))));
    }
}
