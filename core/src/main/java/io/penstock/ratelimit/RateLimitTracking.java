package io.penstock.ratelimit;

import io.penstock.annotation.Internal;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.HeadListener;
import io.penstock.request.Plan;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
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
@Internal
public final class RateLimitTracking implements HeadListener {

    private static final String DEFAULT_PARTITION = "default";
    /** So many words may wait for a listener that is still busy with one; more are left out. */
    private static final int MOST_UNTOLD = 1_000;

    /** Servers name policies and keys; should one invent a new name with each answer, the oldest are forgotten. */
    private static final int MOST_ROWS = 1_000;

    private static final Comparator<Quota> OLDEST_FIRST =
            Comparator.comparing(Quota::resetsAt, Comparator.nullsFirst(Comparator.naturalOrder()));

    private final @Nullable HeaderFamily family;
    private final List<DeclaredLimit> limits;
    private final boolean perOperation;
    private final @Nullable Admission gate;
    private final RetryAfter waits;
    private final List<String> partitionHeaders;
    private final @Nullable URI origin;
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
        this(model, gate, waits, null);
    }

    /**
     * A tracker that tells a gate what it hears.
     *
     * @param waits the headers in which a refusal tells how long to wait
     * @param origin any URI of the origin whose quota is the model's; what others say has rows of their own. Null where all
     *     that is heard is of one origin
     */
    public RateLimitTracking(QuotaModel model, @Nullable Admission gate, RetryAfter waits, @Nullable URI origin) {
        this.waits = waits;
        this.origin = origin;
        this.partitionHeaders = model.partitionHeaders();
        this.perOperation = model.perOperation();
        this.family = model.headers();
        this.limits = model.limits();
        this.gate = gate;
        Duration block = model.block();
        this.usualBlockNanos = block == null ? Partition.USUAL_BLOCK_NANOS : block.toNanos();
    }

    @Override
    public void onHead(Attempt attempt, ResponseHead head) {
        int status = head.status();
        boolean decided = status < 400;
        if (family == null && decided) {
            return;
        }
        Headers headers = head.headers();
        long nowMillis = attempt.scheduler().now(TimeUnit.MILLISECONDS);
        QuotaReport report = family == null ? null : report(family, headers, nowMillis, attempt);
        Admission told = gate;
        if (told != null) {
            told.answered(attempt, report, decided);
        } else if (report != null && (!decided || report.isQuotaUsedUp())) {
            attempt.permit(report);
        }
        RetryAfter.Hint hint = status == 429 || status == 503 ? waits.of(headers, nowMillis) : null;
        Duration wait = hint == null ? null : hint.delay();
        if (report != null || wait != null) {
            remember(attempt, report, wait, nowMillis);
        }
    }

    private @Nullable QuotaReport report(HeaderFamily headerFamily, Headers headers, long nowMillis, Attempt attempt) {
        QuotaReport report = QuotaHeaders.read(headerFamily, headers, nowMillis, attempt);
        if (report == null) {
            return null;
        }
        for (int i = 0; i < partitionHeaders.size(); i++) {
            String key = PartitionKey.of(headers.first(partitionHeaders.get(i)));
            if (key != null) {
                return report.countedBy(key);
            }
        }
        return report;
    }

    /** What an error means for the quota is known when it has been read: any status may be a refusal, and 429 need not be. */
    @Override
    public void onFailure(Attempt attempt, ResponseHead head, Failure failure) {
        Admission told = gate;
        Attempt.Permit permit = attempt.permit();
        if (failure.kind() != ErrorKind.RATE_LIMITED) {
            if (told != null) {
                told.notRefused(attempt);
            }
            return;
        }
        QuotaReport report = permit instanceof AdmittedCall admitted
                ? admitted.report()
                : permit instanceof QuotaReport its ? its : null;
        Duration hint = failure.retryAfter();
        Duration wait = hint == null ? null : clamped(hint);
        if (wait != null) {
            remember(attempt, report, wait, attempt.scheduler().now(TimeUnit.MILLISECONDS));
        }
        if (told != null) {
            // A wait of 0 is one: the server has said that it need not be longer.
            Duration asked = wait == null || isOnlyReset(wait, report, head, attempt) ? null : wait;
            long unasked = Math.max(report == null ? 0 : report.emptyForNanos(), usualBlockNanos);
            told.refused(attempt, asked == null ? unasked : asked.toNanos(), asked != null, report);
        }
    }

    /** Whether a wait is but the reset of a quota of which something is left: the refused call has to do with it, not the others. */
    private boolean isOnlyReset(Duration wait, @Nullable QuotaReport report, ResponseHead head, Attempt attempt) {
        return report != null
                && report.remaining() > 0
                && wait.equals(report.quotaResetsIn())
                && waits.of(head.headers(), attempt.scheduler().now(TimeUnit.MILLISECONDS)) == null;
    }

    /** A hint may come from a decoder of the user's, which may make any duration of it. */
    private static Duration clamped(Duration hint) {
        if (hint.isNegative()) {
            return Duration.ZERO;
        }
        return hint.compareTo(TimeNotation.LONGEST) > 0 ? TimeNotation.LONGEST : hint;
    }

    private void remember(Attempt attempt, @Nullable QuotaReport report, @Nullable Duration wait, long nowMillis) {
        String partition = partition(attempt);
        Instant blockedUntil =
                wait == null ? null : Instant.ofEpochMilli(nowMillis).plus(wait);
        if (report == null) {
            remember(new Quota(partition, -1, -1, null, blockedUntil), nowMillis);
            return;
        }
        String row = rememberPolicy(partition, report, blockedUntil, nowMillis);
        if (report.allKeys() != null) {
            bind(attempt.plan().operation(), row);
        } else if (report.policy() != null) {
            bind(partition, row);
        }
        for (QuotaReport other : report.others()) {
            rememberPolicy(partition, other, blockedUntil, nowMillis);
        }
    }

    private void bind(String what, String row) {
        if (quotas.containsKey(row) && !row.equals(binding.get(what))) {
            if (binding.size() >= MOST_ROWS) {
                binding.remove(binding.keySet().iterator().next());
            }
            binding.put(what, row);
        }
    }

    /** Returns the row that it is in. */
    private String rememberPolicy(String partition, QuotaReport of, @Nullable Instant blockedUntil, long nowMillis) {
        String ofPolicy = of.policy() == null ? partition : partition + "/" + of.policy();
        String row = of.partitionKey() == null ? ofPolicy : ofPolicy + "#" + of.partitionKey();
        remember(new Quota(row, of.limit(), of.remaining(), of.resetsAt(nowMillis), blockedUntil), nowMillis);
        return row;
    }

    private void remember(Quota quota, long nowMillis) {
        if (quotas.size() >= MOST_ROWS && !quotas.containsKey(quota.partition())) {
            quotas.remove(Collections.min(quotas.values(), OLDEST_FIRST).partition());
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
        String ofOperation = binding.get(call.plan().operation());
        String row = ofOperation == null ? binding.get(partition) : ofOperation;
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
        URI own = origin;
        if (own != null && !Plan.sameOrigin(call.plan().uri(), own)) {
            return Plan.origin(call.plan().uri()).toLowerCase(Locale.ROOT);
        }
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
