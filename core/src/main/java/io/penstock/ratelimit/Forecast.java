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

    /** Returns the name of the quota. */
    public String quota() {
        return partition.toString();
    }

    /**
     * Returns how many calls the quota allows in its window, published limits included; -1 if that is unknown. If there
     * are several windows, it is the one with the fewest units left.
     */
    public long limit() {
        return stock().limit;
    }

    /**
     * Returns how many calls of the window are left: of a published limit, without those under way; of a quota that the
     * server reports, as it last said; -1 if that is unknown.
     */
    public long remaining() {
        return stock().left;
    }

    /** The units of one window, and those that are left; -1 if unknown. */
    private record Stock(long limit, long left) {
        private Stock orLess(long otherLimit, long otherLeft) {
            return left >= 0 && left <= otherLeft ? this : new Stock(otherLimit, otherLeft);
        }
    }

    private Stock stock() {
        long now = now();
        Stock least = new Stock(-1, -1);
        for (DeclaredWindow window : partition.declared()) {
            least = least.orLess(window.limit().permits(), window.available(now));
        }
        long nowMillis = scheduler.now(TimeUnit.MILLISECONDS);
        for (Quota reported : reported()) {
            Instant resetsAt = reported.resetsAt();
            boolean over = resetsAt != null && resetsAt.toEpochMilli() <= nowMillis;
            long left = over ? reported.limit() : reported.remaining();
            if (left >= 0) {
                least = least.orLess(reported.limit(), left);
            }
        }
        return least;
    }

    /** Returns the time until the whole quota is available again, as far as is known now; null if it is unknown. */
    public @Nullable Duration resetsIn() {
        long wait = partition.declaredFullInNanos(now());
        boolean known = !partition.declared().isEmpty();
        long nowMillis = scheduler.now(TimeUnit.MILLISECONDS);
        for (Quota reported : reported()) {
            Instant resetsAt = reported.resetsAt();
            if (resetsAt != null) {
                known = true;
                wait = Math.max(wait, TimeUnit.MILLISECONDS.toNanos(resetsAt.toEpochMilli() - nowMillis));
            }
        }
        return known ? Duration.ofNanos(wait) : null;
    }

    /** Returns the server's reports on this quota. */
    private List<Quota> reported() {
        return tracking.quotas().stream().filter(row -> isOf(row.partition())).toList();
    }

    private boolean isOf(String row) {
        return row.equals(quota()) || row.startsWith(quota() + "/");
    }

    /** Returns how long one more call would wait, behind those that wait already; null if it cannot be told. */
    public @Nullable Duration nextIn() {
        long wait = partition.waitNanos(now(), ahead(1));
        return wait == Window.NEVER ? null : Duration.ofNanos(wait);
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
