package io.penstock.benchmarks.quota;

import io.penstock.benchmarks.Client;
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
    static Disposable start(Client client, Site site, Tally tally) {
        Disposable.Composite running = Disposables.composite();
        for (int i = 0; i < site.scenario().callers(); i++) {
            int caller = i;
            Mono<Void> turn = Mono.defer(() -> {
                long begun = site.nanos().getAsLong();
                return client.call()
                        .doOnSuccess(
                                done -> tally.succeeded(caller, site.nanos().getAsLong() - begun))
                        .onErrorResume(error -> {
                            tally.failed(error);
                            return Mono.delay(AFTER_FAILURE, site.scheduler()).then();
                        });
            });
            running.add(turn.repeat().subscribe());
        }
        return running;
    }
}
