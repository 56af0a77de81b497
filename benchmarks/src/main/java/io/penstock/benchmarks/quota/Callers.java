package io.penstock.benchmarks.quota;

import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * The load. Each caller makes its next call as soon as the last one ends, so that the demand always exceeds the quota.
 */
final class Callers {

    /** The wait after a failed call: without it, a call that is refused without a wait would keep a processor busy. */
    static final Duration AFTER_FAILURE = Duration.ofMillis(100);

    private Callers() {}

    /**
     * Starts the callers, which continue until the handle is disposed. Calls under way are then cancelled and not
     * counted.
     */
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
