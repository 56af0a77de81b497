package io.penstock.ratelimit;

import io.penstock.Headers;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.HeadListener;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.ResponseHead;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * Reads what the head of every response says about the quota, and remembers it by partition. It holds nothing back: the
 * {@link Admission} gate does, at its own stage, with what it is told from here.
 *
 * <p>Of several policies the gate keeps all, and every one has a row of its own. A value
 * that makes no sense is ignored and noted in the journey.
 */
public final class RateLimitTracking implements Operator, HeadListener {

    private static final String DEFAULT_PARTITION = "default";
    /** For a refusal that says nothing of when. */
    private static final long USUAL_BLOCK_NANOS = 1_000_000_000L;

    /** So many words may wait for a listener that is still busy with one; more are left out. */
    private static final int MOST_UNTOLD = 1_000;

    /** Servers name policies; should one invent a new name with each answer, the rest is not remembered. */
    private static final int MOST_ROWS = 1_000;

    private final @Nullable HeaderFamily family;
    private final List<DeclaredLimit> limits;
    private final boolean perOperation;
    private final @Nullable Admission gate;
    private final RetryAfter waits;
    private final long usualBlockNanos;
    private final Sinks.Many<Quota> changes = Sinks.many().multicast().directBestEffort();
    private final Queue<Quota> untold = new ConcurrentLinkedQueue<>();
    private final AtomicInteger telling = new AtomicInteger();
    private final ConcurrentMap<String, Quota> quotas = new ConcurrentHashMap<>();
    /** The row that binds, of partitions with named policies. */
    private final ConcurrentMap<String, String> binding = new ConcurrentHashMap<>();

    /**
     * A tracker.
     *
     * @param family the headers in which the server reports its quota, or null if it reports none
     * @param limits the published limits, which name the partitions
     */
    public RateLimitTracking(@Nullable HeaderFamily family, List<DeclaredLimit> limits) {
        this(family, limits, false);
    }

    /**
     * A tracker.
     *
     * @param perOperation whether each operation (method and path template) has a quota of its own
     */
    public RateLimitTracking(@Nullable HeaderFamily family, List<DeclaredLimit> limits, boolean perOperation) {
        this(new QuotaModel(family, limits, perOperation, null), null, RetryAfter.usual());
    }

    /** A tracker that tells a gate what it hears, of a server that asks to wait in the usual headers. */
    public RateLimitTracking(QuotaModel model, @Nullable Admission gate) {
        this(model, gate, RetryAfter.usual());
    }

    /**
     * A tracker that tells a gate what it hears.
     *
     * @param waits the headers in which a refusal tells how long to wait
     */
    public RateLimitTracking(QuotaModel model, @Nullable Admission gate, RetryAfter waits) {
        this.waits = waits;
        this.perOperation = model.perOperation();
        this.family = model.headers();
        this.limits = model.limits();
        this.gate = gate;
        Duration block = model.block();
        this.usualBlockNanos = block == null ? USUAL_BLOCK_NANOS : block.toNanos();
    }

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        return next.exchange(call);
    }

    @Override
    public void subscribe(Call call, Exchange next, CoreSubscriber<? super Reply> actual) {
        next.subscribe(call, actual);
    }

    @Override
    public void onHead(Attempt call, ResponseHead head) {
        boolean refused = head.status() == 429 || head.status() == 503;
        if (family == null && !refused) {
            return;
        }
        Headers headers = head.headers();
        long nowMillis = call.scheduler().now(TimeUnit.MILLISECONDS);
        RetryAfter.Hint hint = refused ? waits.of(headers, nowMillis) : null;
        Duration wait = hint == null ? null : hint.delay();
        Instant blockedUntil =
                wait == null ? null : Instant.ofEpochMilli(nowMillis).plus(wait);
        QuotaReport report = family == null ? null : QuotaHeaders.read(family, headers, nowMillis, call);
        if (head.status() == 429 && report != null && report.freshInNanos() > 0) {
            call.quotaResetsIn(Duration.ofNanos(report.freshInNanos()));
        }
        Admission told = gate;
        if (told != null) {
            tell(told, call, head.status(), report, wait);
        }
        if (report != null || blockedUntil != null) {
            remember(partition(call), report, blockedUntil, nowMillis);
        }
    }

    private void tell(Admission told, Attempt call, int status, @Nullable QuotaReport report, @Nullable Duration wait) {
        long resetNanos = report == null ? 0 : report.freshInNanos();
        if (status == 429) {
            // A wait of 0 is one: the server has said that it need not be longer.
            long blockNanos = wait == null ? Math.max(resetNanos, usualBlockNanos) : wait.toNanos();
            told.refused(call, blockNanos, wait != null, report);
        } else {
            told.heard(call, report);
        }
    }

    private void remember(
            String partition, @Nullable QuotaReport report, @Nullable Instant blockedUntil, long nowMillis) {
        if (report == null) {
            remember(new Quota(partition, -1, -1, null, blockedUntil), nowMillis);
            return;
        }
        String row = rememberPolicy(partition, report, blockedUntil, nowMillis);
        if (report.policy() != null && quotas.containsKey(row)) {
            binding.put(partition, row);
        }
        for (QuotaReport other : report.others()) {
            rememberPolicy(partition, other, blockedUntil, nowMillis);
        }
    }

    /** Returns the row that it is in. */
    private String rememberPolicy(String partition, QuotaReport of, @Nullable Instant blockedUntil, long nowMillis) {
        String row = of.policy() == null
                ? partition
                : partition + "/" + of.policy() + (of.partitionKey() == null ? "" : "#" + of.partitionKey());
        remember(new Quota(row, of.limit(), of.remaining(), of.resetsAt(nowMillis), blockedUntil), nowMillis);
        return row;
    }

    private void remember(Quota quota, long nowMillis) {
        if (quotas.size() >= MOST_ROWS && !quotas.containsKey(quota.partition())) {
            return;
        }
        Quota now = quotas.merge(quota.partition(), quota, (known, heard) -> heard(known, heard, nowMillis));
        if (changes.currentSubscriberCount() > 0) {
            tell(now);
        }
    }

    /** Answers that come at once are told one after the other, by whoever is telling already: nobody waits for a listener. */
    private void tell(Quota quota) {
        if (telling.get() > MOST_UNTOLD) {
            return;
        }
        untold.add(quota);
        if (telling.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            for (Quota next = untold.poll(); next != null; next = untold.poll()) {
                tellNow(next);
            }
            missed = telling.addAndGet(-missed);
        } while (missed != 0);
    }

    /** What a listener throws is no failure of the call whose answer it hears of. */
    private void tellNow(Quota quota) {
        try {
            changes.tryEmitNext(quota);
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            Operators.onErrorDropped(e, Context.empty());
        }
    }

    /** Answers arrive out of order: one that says nothing of a block does not end it. */
    private static Quota heard(Quota known, Quota heard, long nowMillis) {
        Instant block = known.blockedUntil();
        boolean lasting = heard.blockedUntil() == null && block != null && block.toEpochMilli() > nowMillis;
        return lasting
                ? new Quota(heard.partition(), heard.limit(), heard.remaining(), heard.resetsAt(), block)
                : heard;
    }

    /** Whether less than that share of the quota that a call would spend is left, as far as the server has told. */
    public boolean isScarce(Call call, double share) {
        String partition = partition(call);
        String row = binding.get(partition);
        long nowMillis = call.scheduler().now(TimeUnit.MILLISECONDS);
        return isScarce(quotas.get(partition), share, nowMillis)
                || (row != null && isScarce(quotas.get(row), share, nowMillis));
    }

    private static boolean isScarce(@Nullable Quota quota, double share, long nowMillis) {
        if (quota == null) {
            return false;
        }
        Instant block = quota.blockedUntil();
        if (block != null && block.toEpochMilli() > nowMillis) {
            return true;
        }
        Instant reset = quota.resetsAt();
        boolean over = reset != null && reset.toEpochMilli() <= nowMillis;
        return !over && quota.remaining() >= 0 && quota.remaining() < quota.limit() * share;
    }

    private String partition(Call call) {
        return perOperation ? call.plan().operation() : partition(call.plan().target());
    }

    /** The partition that governs a path from the root of the origin. */
    String partition(String path) {
        String open = DEFAULT_PARTITION;
        for (DeclaredLimit limit : limits) {
            if (limit.paths().contains(path)) {
                return limit.name();
            }
            if (limit.paths().isEmpty()) {
                open = limit.name();
            }
        }
        return open;
    }

    /** Every word of the server, from now on. */
    Flux<Quota> changes() {
        return changes.asFlux();
    }

    /** What is known, a row for each partition and named policy that the server has spoken of. */
    public List<Quota> quotas() {
        return List.copyOf(quotas.values());
    }

    @Override
    public String describe() {
        return (family == null ? "no quota headers" : family) + "; Retry-After; declared: "
                + (limits.isEmpty() ? "nothing" : limits);
    }
}
