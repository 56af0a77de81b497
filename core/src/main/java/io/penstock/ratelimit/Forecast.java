package io.penstock.ratelimit;

import io.penstock.error.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What a client knows of a quota, and when there will be more of it. A forecast holds nothing back for anybody: whoever
 * calls first is served first.
 *
 * <pre>{@code
 * Instant end = client.quota().eta(12_000);               // 12 000 calls end at 14:32
 * client.quota().whenAvailable(100).then(nightlyImport)   // not before 100 can go at once
 * }</pre>
 */
public final class Forecast {

    /** So often it is looked again where nobody can tell how long it takes, and at least so often otherwise. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Partition partition;
    private final RateLimitTracking tracking;
    private final Scheduler scheduler;

    Forecast(Partition partition, RateLimitTracking tracking, Scheduler scheduler) {
        this.partition = partition;
        this.tracking = tracking;
        this.scheduler = scheduler;
    }

    /** The server's last word on every quota that it has spoken of. */
    public List<Quota> snapshot() {
        return tracking.quotas();
    }

    /**
     * Every word of the server on its quotas, from subscribing on: on the event loop on which it arrives. Whoever is too slow
     * misses some; it never ends by itself.
     */
    public Flux<Quota> changes() {
        return tracking.changes();
    }

    /** How many calls wait for this quota now. */
    public int waiting() {
        return partition.line().waiting();
    }

    /**
     * When the last of so many further calls could be sent, behind those that wait already, as far as is known now; null
     * where nobody can tell.
     */
    public @Nullable Instant eta(int calls) {
        check(calls);
        long wait = partition.waitNanos(now(), ahead(calls));
        return wait == Window.NEVER
                ? null
                : Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS)).plusNanos(wait);
    }

    /** Completes once so many calls could be sent at once, on the client's scheduler. Cancelling it stops looking. */
    public Mono<Void> whenAvailable(int calls) {
        check(calls);
        int most = partition.mostAtOnce();
        if (calls > most) {
            throw ApiException.invalidRequest("whenAvailable: " + calls + " (expected: at most " + most
                    + ", which is all of quota " + partition + ")");
        }
        return Flux.interval(Duration.ZERO, LOOK, scheduler)
                .onBackpressureDrop()
                .filter(look -> partition.waitNanos(now(), ahead(calls)) == 0)
                .next()
                .then();
    }

    private int ahead(int calls) {
        return (int) Math.min(Integer.MAX_VALUE, (long) waiting() + calls - 1);
    }

    private static void check(int calls) {
        if (calls < 1) {
            throw ApiException.invalidRequest("calls: " + calls + " (expected: >= 1)");
        }
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** The quota, how many wait, and until when. */
    @Override
    public String toString() {
        return "Forecast[" + partition.describe() + ", " + waiting() + " waiting]";
    }
}
