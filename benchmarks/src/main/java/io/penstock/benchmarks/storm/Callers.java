package io.penstock.benchmarks.storm;

import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** The load: each caller makes a call, thinks, makes the next. They begin spread over the first time of thinking. */
final class Callers {

    private Callers() {}

    /** They begin, and go on until disposed of; calls still under way are cancelled then. */
    static Disposable start(Contender client, Scenario scenario, CallLog log) {
        Disposable.Composite running = Disposables.composite();
        Duration think = scenario.think();
        Mono<Long> turn = Mono.defer(() -> {
            CallLog.Begun call = log.begin();
            return client.call()
                    .thenReturn(true)
                    .onErrorReturn(false)
                    .doOnNext(call::end)
                    .then(Mono.delay(think));
        });
        for (int i = 0; i < scenario.callers(); i++) {
            Duration after = think.multipliedBy(i).dividedBy(scenario.callers());
            running.add(Mono.delay(after).thenMany(turn.repeat()).subscribe());
        }
        return running;
    }
}
