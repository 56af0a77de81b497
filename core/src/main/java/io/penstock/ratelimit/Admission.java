package io.penstock.ratelimit;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SubscribingExchange;
import io.penstock.pipeline.SubscribingOperator;
import io.penstock.request.Plan;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * The admission gate, which every physical send passes. It holds a call back while the server would refuse it, and
 * acquires quota and a place for it at the same moment.
 *
 * <pre>
 *  quota 2 per window          |--------- window ---------|--------- window
 *  calls        a  b  c  d
 *  sent         a  b           .                          c  d
 * </pre>
 *
 * Calls of one quota wait in one line, in order of arrival; {@code background()} requests wait behind the others. A
 * call whose wait would outlast its deadline fails at once with {@link ErrorKind#RATE_LIMITED}, {@code NOT_SENT} and
 * the time from which a retry makes sense. A cancelled call leaves the line at once and costs no quota. A call that
 * ends without having been sent returns its unit. After a wait, a call continues on the event loop that subscribed to
 * it, or on the client's scheduler if that thread was no event loop.
 *
 * @hidden
 */
@Internal
public final class Admission extends SubscribingOperator {

    /**
     * The bound on partitions that are named from outside: by keys of servers, origins and operations. The one that has
     * been idle for longest is dropped.
     */
    private static final int MOST_PARTITIONS = 1_000;

    private final DoubleSupplier dice;
    private final QuotaModel model;
    private final GatePolicy policy;
    private final Scheduler scheduler;
    private final URI origin;
    private final Concurrency concurrency;
    private final Partition usual;
    /** The partition of origins beyond those that have one of their own. */
    private final Partition farAway;

    private final Map<DeclaredLimit, DeclaredWindow> windows = new HashMap<>();
    private final LimitPaths paths;
    /** In the order of {@code paths}. */
    private final List<Partition> governed = new ArrayList<>();

    private final PartitionTable operations = new PartitionTable(MOST_PARTITIONS, gone -> {});
    private final PartitionTable elsewhere = new PartitionTable(MOST_PARTITIONS, gone -> {});
    /** Partitions by partition and key of the server. */
    private final PartitionTable keyed = new PartitionTable(MOST_PARTITIONS, this::forgetOperationsOf);
    /** Partitions by partition and the name that the request tells. */
    private final PartitionTable named = new PartitionTable(MOST_PARTITIONS, gone -> {});

    /** The last cost of operations that the server has told, if it is not 1. */
    private final ConcurrentMap<String, Integer> costs = new ConcurrentHashMap<>();

    /** The partition that last counted each operation. */
    private final ConcurrentMap<String, Partition> keyedOperations = new ConcurrentHashMap<>();

    private volatile boolean keysSeen;
    /** Null for a gate that is one of them. */
    private final @Nullable CredentialGates others;

    /**
     * Creates a gate.
     *
     * @param origin any URI of the origin whose quota the gate keeps; a call to another origin needs only a place
     */
    public Admission(QuotaModel model, GatePolicy policy, Scheduler scheduler, URI origin) {
        this(model, policy, scheduler, origin, null, Admission::random, null);
    }

    /** Creates a gate whose jitter comes from the given supplier of numbers from 0, inclusive, to 1, exclusive. */
    Admission(QuotaModel model, GatePolicy policy, Scheduler scheduler, URI origin, DoubleSupplier dice) {
        this(model, policy, scheduler, origin, null, dice, null);
    }

    /**
     * The gate of another client, to share published limits with.
     *
     * @param gate the other client's gate
     * @param sameCredential whether the other client has the same credential; otherwise only limits by address are
     *     shared
     * @hidden
     */
    @Internal
    public record Shared(Admission gate, boolean sameCredential) {

        /** Returns the window of a published limit that the clients share, or null if each client has its own. */
        private @Nullable DeclaredWindow windowOf(DeclaredLimit limit) {
            return sameCredential || limit.scope() == DeclaredLimit.Scope.ADDRESS ? gate.windows.get(limit) : null;
        }
    }

    /** Creates a gate that shares published limits with the gate of another client. */
    public Admission(QuotaModel model, GatePolicy policy, Scheduler scheduler, URI origin, Shared shared) {
        this(model, policy, scheduler, origin, shared, Admission::random, null);
    }

    private Admission(
            QuotaModel model,
            GatePolicy policy,
            Scheduler scheduler,
            URI origin,
            @Nullable Shared shared,
            DoubleSupplier dice,
            @Nullable Concurrency places) {
        this.dice = dice;
        this.model = model;
        this.policy = policy;
        this.scheduler = scheduler;
        this.origin = origin;
        this.concurrency = places == null ? new Concurrency(policy) : places;
        this.others = places == null ? new CredentialGates(this::ofAnotherCredential) : null;
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        for (DeclaredLimit limit :
                model.limits().stream().filter(DeclaredLimit::isSized).toList()) {
            DeclaredWindow theirs = shared == null ? null : shared.windowOf(limit);
            windows.put(limit, theirs == null ? new DeclaredWindow(limit, now) : theirs);
        }
        List<DeclaredLimit> open =
                model.limits().stream().filter(l -> l.paths().isEmpty()).toList();
        this.usual =
                partition(open.isEmpty() ? "default" : open.get(open.size() - 1).name(), windowsOf(open), true);
        this.farAway = partition("elsewhere", List.of(), Partition.Reports.NONE);
        this.paths = new LimitPaths(model.limits(), origin);
        for (int i = 0; i < paths.size(); i++) {
            DeclaredLimit limit = paths.limit(i);
            governed.add(partition(limit.name(), windowsOf(List.of(limit)), true));
        }
    }

    /** Returns a gate for a secret that requests bring: it shares the places, and the limits that are counted by address. */
    private Admission ofAnotherCredential() {
        return new Admission(model, policy, scheduler, origin, new Shared(this, false), dice, concurrency);
    }

    /** Returns the gate that keeps the quotas of a call's credential. */
    private Admission ofCredential(Plan plan) {
        Secret own = plan.anonymous() ? null : plan.settings().credential();
        return own == null || others == null ? this : others.of(own);
    }

    /** Returns whether no call waits here, or waits for an answer that reports a quota. */
    boolean isIdle() {
        return partitions().stream().allMatch(Partition::isIdle);
    }

    private List<DeclaredWindow> windowsOf(List<DeclaredLimit> limits) {
        return limits.stream().filter(DeclaredLimit::isSized).map(windows::get).toList();
    }

    private Partition partition(String name, List<DeclaredWindow> declared, boolean reports) {
        return partition(name, declared, reports(reports));
    }

    private Partition.Reports reports(boolean any) {
        return !any || model.headers() == null
                ? Partition.Reports.NONE
                : model.headers() instanceof HeaderFamily.AnyOf
                        ? Partition.Reports.UNKNOWN
                        : Partition.Reports.EXPECTED;
    }

    private Partition partition(String name, List<DeclaredWindow> declared, Partition.Reports reports) {
        Partition.Common common = new Partition.Common(this::of, concurrency, scheduler, policy, dice);
        return new Partition(name, reports, declared, common);
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** Returns the partition whose quota a call spends, as far as it is known now. */
    Partition of(Plan plan) {
        return ofCredential(plan).ofOwn(plan);
    }

    private Partition ofOwn(Plan plan) {
        if (isElsewhere(plan)) {
            return elsewhere.of(
                    Plan.origin(plan.uri()).toLowerCase(Locale.ROOT),
                    name -> partition(name, List.of(), Partition.Reports.NONE),
                    farAway);
        }
        String name = model.counting().quotaOf(plan);
        if (name != null) {
            Partition all = unkeyed(plan);
            return named.of(
                    all + "#" + name,
                    key -> partition(all + "#" + PartitionKey.hidden(name), all.declared(), reports(true)),
                    all);
        }
        if (keysSeen) {
            Partition ofKey = keyedOperations.get(plan.operation());
            return ofKey == null ? unlearned(plan) : ofKey;
        }
        return unkeyed(plan);
    }

    /** Returns how many units an attempt takes: those of the request, else the last cost of its operation, else one. */
    private int units(Plan plan) {
        if (plan.cost() >= 0) {
            return plan.cost();
        }
        return costs.isEmpty() ? 1 : costs.getOrDefault(plan.operation(), 1);
    }

    /** Records the cost that the head of a response reports. */
    void cost(Attempt attempt, int units) {
        AdmittedCall permit = permit(attempt);
        if (permit != null) {
            permit.costs(units);
        }
        String operation = attempt.plan().operation();
        Integer known = costs.get(operation);
        if (known == null ? units != 1 : known != units) {
            if (known == null && costs.size() >= MOST_PARTITIONS) {
                costs.remove(costs.keySet().iterator().next());
            }
            costs.put(operation, units);
        }
    }

    /** Returns whether a call goes to another origin, whose quota the gate does not know. */
    boolean isElsewhere(Plan plan) {
        return !Plan.sameOrigin(plan.uri(), origin);
    }

    /**
     * Returns the partition of an operation until it is known which key the server counts it by. One call goes ahead to
     * find out.
     */
    private Partition unlearned(Plan plan) {
        Partition all = unkeyed(plan);
        return model.perOperation()
                ? all
                : operations.of(
                        plan.operation(),
                        operation -> partition(all + " " + operation, all.declared(), Partition.Reports.EXPECTED),
                        all);
    }

    private Partition unkeyed(Plan plan) {
        if (model.perOperation()) {
            return ofOperation(plan.operation());
        }
        int index = governed.isEmpty() ? -1 : paths.indexOf(plan.method(), plan.target());
        return index < 0 ? usual : governed.get(index);
    }

    private Partition ofOperation(String operation) {
        return operations.of(operation, name -> partition(name, List.of(), true), usual);
    }

    @Override
    public Exchange around(Exchange next) {
        return new SubscribingExchange() {
            @Override
            public void subscribe(Call call, CoreSubscriber<? super Reply> actual) {
                Admission.this.subscribe(Attempt.of(call), next, actual);
            }
        };
    }

    private void subscribe(Attempt call, Exchange next, CoreSubscriber<? super Reply> actual) {
        Partition partition;
        try {
            partition = of(call.plan());
        } catch (RuntimeException e) { // a user's function
            Operators.error(actual, new ApiException(AdmittedCall.unnamed(e)));
            return;
        }
        int units = units(call.plan());
        long now = call.attemptStartedNanos(); // no time has passed since: a wait for a circuit starts the attempt anew
        if (call.isNested() || !partition.line().isOccupied()) {
            AdmittedCall asking = new AdmittedCall(actual, partition, units, call, next);
            if (partition.tryTake(asking, now, false) == Partition.Answer.TAKEN) {
                asking.goes();
                return;
            }
        }
        long left = call.lastTurnNanos(now) - now;
        int ahead = partition.ahead(partition.line().ahead(call), units);
        // A learned rate is an estimate that may grow, and refuses no call.
        long wait =
                Waiter.isPatient(call) ? partition.answeredWaitNanos(now, ahead) : partition.toldWaitNanos(now, ahead);
        if (left <= 0) {
            Operators.error(actual, new ApiException(AdmittedCall.outOfTime(partition, call)));
            return;
        }
        if (wait != Window.NEVER && wait >= left) {
            Operators.error(actual, new ApiException(AdmittedCall.tooLate(partition, call, wait)));
            return;
        }
        call.waitsFor(partition.waitNanos(now, ahead));
        Waiter waiter = new Waiter(actual, partition, units, call, next);
        if (partition.line().reserve(waiter)) {
            waiter.waits();
        } else {
            Operators.error(actual, new ApiException(full(partition)));
        }
    }

    /** Fails current and future waiters with {@link ErrorKind#CLIENT_CLOSED}. */
    public void close() {
        usual.line().close();
        farAway.line().close();
        governed.forEach(partition -> partition.line().close());
        elsewhere.close();
        operations.close();
        keyed.close();
        named.close();
        if (others != null) {
            others.close();
        }
    }

    private List<Partition> partitions() {
        List<Partition> all = new ArrayList<>(governed);
        all.add(usual);
        all.add(farAway);
        for (PartitionTable table : List.of(operations, elsewhere, keyed, named)) {
            all.addAll(table.all());
        }
        return all;
    }

    /** Returns the rates learned from refusals, in requests per second, by partition. Those of credentials that requests bring are not among them. */
    public Map<String, Double> learnedRates() {
        Map<String, Double> rates = new TreeMap<>();
        for (Partition partition : partitions()) {
            double rate = partition.learnedPerSecond();
            if (rate > 0) {
                rates.put(partition.toString(), rate);
            }
        }
        return rates;
    }

    /** Returns how many calls hold a place. */
    int underWay() {
        return concurrency.used();
    }

    /** Returns the forecast for calls like the given one. */
    public Forecast forecast(Plan plan, RateLimitTracking tracking) {
        return new Forecast(of(plan), units(plan), tracking, scheduler);
    }

    /** Returns the forecasts for all quotas that are known. */
    public List<Forecast> forecasts(RateLimitTracking tracking) {
        List<Partition> all = new ArrayList<>();
        all.add(usual);
        all.addAll(governed);
        all.addAll(operations.all());
        all.addAll(keyed.all());
        all.addAll(named.all());
        return all.stream()
                .map(partition -> new Forecast(partition, 1, tracking, scheduler))
                .toList();
    }

    /** Returns how many calls wait in all lines. */
    public int waiting() {
        int waiting = others == null ? 0 : others.waiting();
        for (Partition partition : partitions()) {
            waiting += partition.line().waiting();
        }
        return waiting;
    }

    /** Returns the forecast for calls that no other limit governs. */
    public Forecast forecast(RateLimitTracking tracking) {
        return new Forecast(usual, 1, tracking, scheduler);
    }

    /**
     * Handles the head of a response. Called by header tracking.
     *
     * @param report what the response reports about the quota, or null if it reports nothing
     * @param decided whether the status decides what the response means; otherwise {@link #notRefused} or
     *     {@link #refused} follows
     */
    void answered(Attempt attempt, @Nullable QuotaReport report, boolean decided) {
        AdmittedCall permit = permit(attempt);
        if (permit != null) {
            permit.answered(report, decided);
        }
        if (decided) {
            heard(attempt, report);
        }
    }

    /** Handles a response that has been read and is no refusal for lack of quota. */
    void notRefused(Attempt attempt) {
        AdmittedCall permit = permit(attempt);
        if (permit != null && permit.judge(false)) {
            heard(attempt, permit.report());
        }
    }

    private static Spent request(Attempt attempt) {
        AdmittedCall permit = permit(attempt);
        return permit == null ? new Spent.Plain(attempt.attemptStartedNanos(), 1) : permit;
    }

    private static @Nullable AdmittedCall permit(Attempt attempt) {
        return attempt.permit() instanceof AdmittedCall permit ? permit : null;
    }

    private void heard(Attempt attempt, @Nullable QuotaReport report) {
        Partition spent = spent(attempt);
        Admission own = ofCredential(attempt.plan());
        Partition counted = own.counting(attempt, spent, report);
        counted.heard(report, request(attempt));
        own.learn(attempt, spent, counted);
        if (report != null && report.isQuotaUsedUp()) {
            noteLongSilence(attempt, counted, report.freshInNanos());
        }
    }

    /**
     * Handles a refusal for lack of quota. Called by header tracking.
     *
     * @param asked whether the response states how long to wait
     */
    void refused(Attempt attempt, long waitNanos, boolean asked, @Nullable QuotaReport report) {
        AdmittedCall permit = permit(attempt);
        if (permit != null) {
            permit.judge(true);
        }
        Partition spent = spent(attempt);
        Admission own = ofCredential(attempt.plan());
        Partition counted = own.counting(attempt, spent, report);
        counted.refused(waitNanos, asked, report, request(attempt));
        own.learn(attempt, spent, counted);
        noteLongSilence(attempt, counted, waitNanos);
    }

    private static void noteLongSilence(Attempt attempt, Partition partition, long asked) {
        if (asked > partition.silenceNanos()) {
            attempt.note("quota " + partition + " is used up for " + TimeUnit.NANOSECONDS.toSeconds(asked)
                    + " s, the server says; asked again with one call after "
                    + TimeUnit.NANOSECONDS.toSeconds(partition.silenceNanos()) + " s");
        }
    }

    /** Returns the partition that admitted an attempt. */
    private Partition spent(Attempt attempt) {
        AdmittedCall permit = permit(attempt);
        return permit == null ? of(attempt.plan()) : permit.partition();
    }

    /** Returns the partition that counts an attempt: the one that admitted it, unless its response names another. */
    private Partition counting(Attempt attempt, Partition spent, @Nullable QuotaReport report) {
        Plan plan = attempt.plan();
        String key = report == null ? null : report.allKeys();
        if (key == null || isElsewhere(plan)) {
            return spent;
        }
        Partition counted = ofKey(unkeyed(plan), key);
        AdmittedCall permit = permit(attempt);
        if (counted != spent && permit != null) {
            permit.move(counted);
        }
        return counted;
    }

    /**
     * Moves the next calls of an operation, and those that wait, to the partition that counted the attempt. This
     * happens only after that partition has its first report: a call that came earlier would have to find the quota out
     * by itself.
     */
    private void learn(Attempt attempt, Partition spent, Partition counted) {
        if (counted == spent) {
            return;
        }
        String operation = attempt.plan().operation();
        if (keyedOperations.get(operation) != counted) {
            if (keyedOperations.size() >= MOST_PARTITIONS) {
                forgetOperationsOf(
                        Collections.min(keyedOperations.values(), Comparator.comparingLong(Partition::usedAt)));
            }
            keyedOperations.put(operation, counted);
            keysSeen = true;
        }
        spent.line().sort();
    }

    private void forgetOperationsOf(Partition partition) {
        keyedOperations.values().removeIf(counted -> counted == partition);
    }

    /**
     * Returns the partition of everything that the server counts by one key. It shares the published limits with the
     * other keys.
     */
    private Partition ofKey(Partition all, String key) {
        return keyed.of(all + "#" + key, name -> partition(name, all.declared(), Partition.Reports.EXPECTED), all);
    }

    private Failure full(Partition partition) {
        return AdmittedCall.refusal(
                ErrorKind.POOL_EXHAUSTED,
                Retryability.TRANSIENT,
                "quota " + partition + ": " + policy.maxWaiting()
                        + " calls wait already (expected: fewer calls at once, or a longer line)");
    }

    @Override
    public String describe() {
        return policy + "; " + (model.limits().isEmpty() ? "no declared limit" : model.limits())
                + (model.headers() == null ? "" : "; paced by what the server reports")
                + (model.perOperation() ? ", for each operation" : "");
    }
}
