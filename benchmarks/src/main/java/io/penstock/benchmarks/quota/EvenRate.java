package io.penstock.benchmarks.quota;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/** A limiter that knows a rate and nothing else: turns have equal distances, and unused turns are not saved up. */
final class EvenRate {

    private final long distance;
    private final Time time;
    private final AtomicLong next;

    EvenRate(Duration distance, Time time) {
        this.distance = distance.toNanos();
        this.time = time;
        this.next = new AtomicLong(time.nanos().getAsLong());
    }

    /**
     * Returns a {@code Mono} that completes when it is the subscriber's turn. Turns follow the order of subscription.
     */
    Mono<Void> turn() {
        return Mono.defer(() -> {
            long now = time.nanos().getAsLong();
            long mine = next.getAndUpdate(at -> Math.max(at, now) + distance);
            return mine <= now
                    ? Mono.empty()
                    : Mono.delay(Duration.ofNanos(mine - now), time.scheduler()).then();
        });
    }
}
