package io.penstock.ratelimit;

import io.penstock.annotation.Internal;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Receiver;
import io.penstock.request.ApiRequest;
import io.penstock.request.Plan;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * A tracker that reads the quota from the head of every response and records it by partition. It holds nothing back;
 * the {@link Admission} gate does that at its own stage, with the reports from here.
 *
 * <p>The gate keeps all policies of a response, and each has a row of its own. A value that makes no sense is ignored
 * and noted in the journey.
 *
 * @hidden
 */
@Internal
public final class RateLimitTracking {

    private static final String DEFAULT_PARTITION = "default";
    /** The maximum number of changes that wait for a busy listener. Further ones are dropped. */
    private static final int MOST_UNTOLD = 1_000;

    /**
     * The maximum number of rows. Servers name policies and keys; if one invents a new name with each response, the
     * oldest rows are dropped.
     */
    private static final int MOST_ROWS = 1_000;

    private final @Nullable HeaderFamily family;
    private final List<DeclaredLimit> limits;
    private final LimitPaths paths;
    /** The partition of the paths that no limit names. */
    private final String open;

    private final boolean perOperation;
    private final @Nullable Admission gate;
    private final RetryAfter waits;
    private final List<String> partitionHeaders;
    private final QuotaModel.Counting counting;
    private final @Nullable String costHeader;
    private final @Nullable URI origin;
    private final long usualBlockNanos;
    private final Sinks.Many<Quota> changes = Sinks.many().multicast().directBestEffort();
    private final Queue<Quota> untold = new ConcurrentLinkedQueue<>();
    private final AtomicInteger telling = new AtomicInteger();
    private final ConcurrentMap<String, QuotaRow> quotas = new ConcurrentHashMap<>();

    /** The row that binds, by partition with named policies or by operation. */
    private final ConcurrentMap<String, String> binding = new ConcurrentHashMap<>();

    /**
     * Creates a tracker without an admission gate.
     *
     * @param family the headers in which the server reports its quota, or null if it reports none
     * @param limits the published limits, which name the partitions
     */
    public RateLimitTracking(@Nullable HeaderFamily family, List<DeclaredLimit> limits) {
        this(family, limits, false);
    }

    /**
     * Creates a tracker without an admission gate.
     *
     * @param perOperation whether each operation (method and path template) has a quota of its own
     */
    public RateLimitTracking(@Nullable HeaderFamily family, List<DeclaredLimit> limits, boolean perOperation) {
        this(new QuotaModel(family, limits, perOperation, null), null, RetryAfter.usual());
    }

    /** Creates a tracker that reports to an admission gate, for a server that asks to wait in the usual headers. */
    public RateLimitTracking(QuotaModel model, @Nullable Admission gate) {
        this(model, gate, RetryAfter.usual());
    }

    /**
     * Creates a tracker that reports to an admission gate.
     *
     * @param waits the headers in which a refusal states how long to wait
     */
    public RateLimitTracking(QuotaModel model, @Nullable Admission gate, RetryAfter waits) {
        this(model, gate, waits, null);
    }

    /**
     * Creates a tracker that reports to an admission gate.
     *
     * @param waits the headers in which a refusal states how long to wait
     * @param origin any URI of the origin that the model describes; reports of other origins have rows of their own.
     *     Null if all responses come from one origin
     */
    public RateLimitTracking(QuotaModel model, @Nullable Admission gate, RetryAfter waits, @Nullable URI origin) {
        this.waits = waits;
        this.origin = origin;
        this.partitionHeaders = model.partitionHeaders();
        this.counting = model.counting();
        this.costHeader = model.counting().costHeader();
        this.perOperation = model.perOperation();
        this.family = model.headers();
        this.limits = model.limits();
        this.paths = new LimitPaths(limits, origin);
        this.open = limits.stream()
                .filter(limit -> limit.paths().isEmpty())
                .reduce((first, last) -> last)
                .map(DeclaredLimit::name)
                .orElse(DEFAULT_PARTITION);
        this.gate = gate;
        Duration block = model.block();
        this.usualBlockNanos = block == null ? Partition.USUAL_BLOCK_NANOS : block.toNanos();
    }

    /** Returns a receiver that reads the quota of every response before the given one decodes it. */
    public Receiver around(Receiver decoding) {
        return new TrackedReceiver(this, decoding);
    }

    /** Reads the quota from the head of a response, whatever its status. */
    void onHead(Attempt attempt, ResponseHead head) {
        int status = head.status();
        boolean decided = status < 400;
        if (family == null && costHeader == null && decided) {
            return;
        }
        Headers headers = head.headers();
        if (costHeader != null) {
            readCost(attempt, headers, costHeader);
        }
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

    /** Reads what the request has cost. A part of a unit counts as a whole one. */
    private void readCost(Attempt attempt, Headers headers, String name) {
        Admission told = gate;
        String text = headers.first(name);
        if (told == null || text == null) {
            return;
        }
        long units = AmountNotation.roundedUp(text);
        if (units < 0) {
            QuotaHeaders.ignored(attempt, name, "not an amount");
        } else {
            told.cost(attempt, (int) Math.min(ApiRequest.MOST_UNITS, units));
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

    /**
     * Records what an error means for the quota. That is known only when the response has been read: any status may be
     * a refusal, and 429 need not be one.
     */
    void onFailure(Attempt attempt, ResponseHead head, Failure failure) {
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
            // A wait of 0 counts: the server has stated that it need not be longer.
            Duration asked = wait == null || isOnlyReset(wait, report, head, attempt) ? null : wait;
            long unasked = Math.max(report == null ? 0 : report.emptyForNanos(), usualBlockNanos);
            told.refused(attempt, asked == null ? unasked : asked.toNanos(), asked != null, report);
        }
    }

    /**
     * Returns whether a wait is merely the reset of a quota that is not used up. Then it concerns the refused call and
     * no others.
     */
    private boolean isOnlyReset(Duration wait, @Nullable QuotaReport report, ResponseHead head, Attempt attempt) {
        return report != null
                && report.remaining() > 0
                && wait.equals(report.quotaResetsIn())
                && waits.of(head.headers(), attempt.scheduler().now(TimeUnit.MILLISECONDS)) == null;
    }

    /** Bounds a hint, which may come from a user's decoder and have any length. */
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
            remember(partition, new HeardQuota(null, blockedUntil, nowMillis));
            return;
        }
        String row = rememberPolicy(partition, report, blockedUntil, nowMillis);
        if (report.allKeys() != null) {
            bind(boundAs(attempt.plan()), row);
        } else if (report.policy() != null) {
            bind(partition, row);
        }
        for (int i = 0; i < report.others().size(); i++) {
            rememberPolicy(partition, report.others().get(i), blockedUntil, nowMillis);
        }
    }

    private static String boundAs(Plan plan) {
        return labelled(plan.operation(), plan);
    }

    /** Returns a name under which the quotas of the request's own secret are kept apart. */
    private static String labelled(String name, Plan plan) {
        String label = plan.settings().credentialLabel();
        return label.isEmpty() ? name : name + label;
    }

    private void bind(String what, String row) {
        if (quotas.containsKey(row) && !row.equals(binding.get(what))) {
            if (binding.size() >= MOST_ROWS) {
                binding.remove(binding.keySet().iterator().next());
            }
            binding.put(what, row);
        }
    }

    /** Records the report on one policy and returns the name of its row. */
    private String rememberPolicy(String partition, QuotaReport of, @Nullable Instant blockedUntil, long nowMillis) {
        String ofPolicy = of.policy() == null ? partition : partition + "/" + of.policy();
        String row = of.partitionKey() == null ? ofPolicy : ofPolicy + "#" + of.partitionKey();
        remember(row, new HeardQuota(of, blockedUntil, nowMillis));
        return row;
    }

    private void remember(String row, HeardQuota heard) {
        HeardQuota now = placed(row, heard);
        if (changes.currentSubscriberCount() > 0) {
            tell(now.named(row));
        }
    }

    private HeardQuota placed(String row, HeardQuota heard) {
        QuotaRow known = quotas.get(row);
        if (known == null) {
            if (quotas.size() >= MOST_ROWS) {
                dropOldest();
            }
            known = quotas.putIfAbsent(row, new QuotaRow(heard));
        }
        return known == null ? heard : known.hear(heard);
    }

    private void dropOldest() {
        String oldest = null;
        long ends = 0;
        for (Map.Entry<String, QuotaRow> row : quotas.entrySet()) {
            long other = row.getValue().last().resetsAtMillis();
            if (oldest == null || other < ends) {
                oldest = row.getKey();
                ends = other;
            }
        }
        if (oldest != null) {
            quotas.remove(oldest);
        }
    }

    /**
     * Emits a change. Concurrent changes are emitted one after the other, by the thread that is already emitting, so
     * that no thread waits for a listener.
     */
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

    /** Emits a change. An exception of a listener does not fail the call whose response is reported. */
    private void tellNow(Quota quota) {
        try {
            changes.tryEmitNext(quota);
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            Operators.onErrorDropped(e, Context.empty());
        }
    }

    /**
     * Returns whether less than the given share of the quota that a call would spend is left, according to the last
     * report.
     */
    public boolean isScarce(Call call, double share) {
        String partition = partition(call);
        String ofOperation = binding.get(boundAs(call.plan()));
        String row = ofOperation == null ? binding.get(partition) : ofOperation;
        long nowMillis = call.scheduler().now(TimeUnit.MILLISECONDS);
        return isScarce(partition, share, nowMillis) || (row != null && isScarce(row, share, nowMillis));
    }

    private boolean isScarce(String row, double share, long nowMillis) {
        QuotaRow heard = quotas.get(row);
        return heard != null && heard.last().isScarce(share, nowMillis);
    }

    private String partition(Call call) {
        URI own = origin;
        if (own != null && !Plan.sameOrigin(call.plan().uri(), own)) {
            return Plan.origin(call.plan().uri()).toLowerCase(Locale.ROOT);
        }
        Plan plan = call.plan();
        String partition = perOperation ? plan.operation() : partition(plan.method(), plan.target());
        String name = counting.quotaOf(plan);
        return labelled(name == null ? partition : partition + "#" + PartitionKey.hidden(name), plan);
    }

    /** Returns the partition that governs a path from the root of the origin. */
    String partition(Method method, String path) {
        int index = paths.indexOf(method, path);
        return index < 0 ? open : paths.limit(index).name();
    }

    /** Returns the reports of the server, from the subscription on. */
    Flux<Quota> changes() {
        return changes.asFlux();
    }

    /** Returns the known quotas, one row for each partition and named policy that the server has reported. */
    public List<Quota> quotas() {
        return quotas.entrySet().stream()
                .map(row -> row.getValue().last().named(row.getKey()))
                .toList();
    }

    /** Returns a line for {@code client.inspect().explain(request)}. */
    public String describe() {
        return (family == null ? "no quota headers" : family) + "; Retry-After; declared: "
                + (limits.isEmpty() ? "nothing" : limits);
    }
}
