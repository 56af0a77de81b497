package io.penstock.benchmarks.quota;

import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** The load: each calls again as soon as it is answered, so that there is always more demand than quota. */
final class Callers {

    /** After a call that has failed: otherwise one that is refused without a wait would keep a processor busy. */
    static final Duration AFTER_FAILURE = Duration.ofMillis(100);

    private Callers() {}

    /** They begin, and go on until disposed of; calls still under way are cancelled then, and counted nowhere. */
    static Disposable start(Contender client, int callers, Time time, Tally tally) {
        Disposable.Composite running = Disposables.composite();
        for (int i = 0; i < callers; i++) {
            int caller = i;
            Mono<Void> turn = Mono.defer(() -> {
                long begun = time.nanos().getAsLong();
                return client.call()
                        .doOnSuccess(
                                done -> tally.succeeded(caller, time.nanos().getAsLong() - begun))
                        .onErrorResume(error -> {
                            tally.failed(error);
                            return Mono.delay(AFTER_FAILURE, time.scheduler()).then();
                        });
            });
            running.add(turn.repeat().subscribe());
        }
        return running;
    }
}
