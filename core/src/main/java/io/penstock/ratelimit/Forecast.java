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
 * A forecast of a quota: what the client knows of it, and when there will be more. A forecast reserves nothing; calls
 * are served in order of arrival. In the forecast for a request, each call costs what that request does.
 *
 * <pre>{@code
 * Instant end = client.quota().eta(12_000);               // 12 000 calls end at 14:32
 * client.quota().whenAvailable(100).then(nightlyImport)   // not before 100 can go at once
 * }</pre>
 */
public final class Forecast {

    /** The interval at which the quota is checked. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Partition partition;
    /** What each of the calls costs. */
    private final int units;

    private final RateLimitTracking tracking;
    private final Scheduler scheduler;

    Forecast(Partition partition, int units, RateLimitTracking tracking, Scheduler scheduler) {
        this.partition = partition;
        this.units = units;
        this.tracking = tracking;
        this.scheduler = scheduler;
    }

    /** Returns the server's last report on every quota that it has reported. */
    public List<Quota> snapshot() {
        return tracking.quotas();
    }

    /**
     * Returns the reports of the server on its quotas, from the subscription on. They are emitted on the event loop on
     * which they arrive. A subscriber that is too slow misses some. The sequence does not end by itself.
     */
    public Flux<Quota> changes() {
        return tracking.changes();
    }

    /** Returns how many calls wait for this quota now. */
    public int waiting() {
        return partition.line().waiting();
    }

    /**
     * Returns when the last of the given number of further calls could be sent, behind those that wait already, as far
     * as is known now; null if it cannot be told.
     */
    public @Nullable Instant eta(int calls) {
        check(calls);
        long wait = partition.waitNanos(now(), ahead(calls));
        return wait == Window.NEVER
                ? null
                : Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS)).plusNanos(wait);
    }

    /**
     * Completes on the client's scheduler once the given number of calls could be sent at once. Cancelling stops the
     * checks. A rate learned from refusals spreads calls and never lets several go at once: then it completes once the
     * next call could be sent.
     */
    public Mono<Void> whenAvailable(int calls) {
        check(calls);
        int most = partition.mostAtOnce();
        if ((long) calls * units > most) {
            throw ApiException.invalidRequest("whenAvailable: " + calls + (units == 1 ? "" : " of " + units + " units")
                    + " (expected: at most " + most + ", which is all of quota " + partition + ")");
        }
        return Flux.interval(Duration.ZERO, LOOK, scheduler)
                .onBackpressureDrop()
                .filter(look -> isAvailable(now(), calls))
                .next()
                .then();
    }

    private boolean isAvailable(long now, int calls) {
        return partition.toldWaitNanos(now, ahead(calls)) == 0
                && partition.waitNanos(now, partition.line().waitingUnits()) == 0;
    }

    private int ahead(int calls) {
        return (int)
                Math.max(0, Math.min(Integer.MAX_VALUE, partition.line().waitingUnits() + (long) calls * units - 1));
    }

    private static void check(int calls) {
        if (calls < 1) {
            throw ApiException.invalidRequest("calls: " + calls + " (expected: >= 1)");
        }
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** Returns the quota, how many calls wait, and until when. */
    @Override
    public String toString() {
        return "Forecast[" + partition.describe() + ", " + waiting() + " waiting]";
    }
}
