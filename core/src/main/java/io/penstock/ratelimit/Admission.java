package io.penstock.ratelimit;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.pipeline.Attempt;
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
 * The gate that every physical send passes: it holds a call back while sending it would be refused, and lets it through
 * once there is quota and a place for it, both at the same moment.
 *
 * <pre>
 *  quota 2 per window          |--------- window ---------|--------- window
 *  calls        a  b  c  d
 *  sent         a  b           .                          c  d
 * </pre>
 *
 * Calls of one quota wait in one line, in the order in which they came; {@code background()} requests behind the others.
 * A wait that would outlast the deadline is not begun: the call fails with {@link ErrorKind#RATE_LIMITED},
 * {@code NOT_SENT}, and the time at which trying again makes sense. A call that is cancelled leaves the line at once and
 * costs no quota; one that ends without having been sent gives its unit back. After a wait a call goes on with the event
 * loop that subscribed to it, or on the client's scheduler where that was no event loop.
 */
@Internal
public final class Admission extends SubscribingOperator {

    /** Of what comes from outside: keys of servers, origins, operations. Who is idle for longest is forgotten. */
    private static final int MOST_PARTITIONS = 1_000;

    private final DoubleSupplier dice;
    private final QuotaModel model;
    private final GatePolicy policy;
    private final Scheduler scheduler;
    private final URI origin;
    private final Concurrency concurrency;
    private final Partition usual;
    /** For what goes to more origins than are kept apart. */
    private final Partition farAway;

    private final Map<DeclaredLimit, DeclaredWindow> windows = new HashMap<>();
    private final List<Governed> governed = new ArrayList<>();
    private final PartitionTable operations = new PartitionTable(MOST_PARTITIONS, gone -> {});
    private final PartitionTable elsewhere = new PartitionTable(MOST_PARTITIONS, gone -> {});
    /** By partition and key of the server's. */
    private final PartitionTable keyed = new PartitionTable(MOST_PARTITIONS, this::forgetOperationsOf);
    /** What operations have last been counted by. */
    private final ConcurrentMap<String, Partition> keyedOperations = new ConcurrentHashMap<>();

    private volatile boolean keysSeen;

    private record Governed(DeclaredLimit limit, Partition partition) {}

    /**
     * A gate.
     *
     * @param origin any URI of the origin whose quota it keeps; what goes elsewhere needs a place only
     */
    public Admission(QuotaModel model, GatePolicy policy, Scheduler scheduler, URI origin) {
        this(model, policy, scheduler, origin, null, false, Admission::random);
    }

    /** A gate whose jitter comes from the given dice, each at least 0 and less than 1. */
    Admission(QuotaModel model, GatePolicy policy, Scheduler scheduler, URI origin, DoubleSupplier dice) {
        this(model, policy, scheduler, origin, null, false, dice);
    }

    /**
     * A gate that keeps published limits together with another one's client.
     *
     * @param other the gate to share published limits with, or null
     * @param sameCredential whether it is of a client with the same credential; otherwise only limits by address are shared
     */
    public Admission(
            QuotaModel model,
            GatePolicy policy,
            Scheduler scheduler,
            URI origin,
            @Nullable Admission other,
            boolean sameCredential) {
        this(model, policy, scheduler, origin, other, sameCredential, Admission::random);
    }

    private Admission(
            QuotaModel model,
            GatePolicy policy,
            Scheduler scheduler,
            URI origin,
            @Nullable Admission other,
            boolean sameCredential,
            DoubleSupplier dice) {
        this.dice = dice;
        this.model = model;
        this.policy = policy;
        this.scheduler = scheduler;
        this.origin = origin;
        this.concurrency = new Concurrency(policy);
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        for (DeclaredLimit limit : model.limits()) {
            DeclaredWindow theirs = other == null ? null : other.sharedWindow(limit, sameCredential);
            windows.put(limit, theirs == null ? new DeclaredWindow(limit, now) : theirs);
        }
        List<DeclaredLimit> open =
                model.limits().stream().filter(l -> l.paths().isEmpty()).toList();
        this.usual =
                partition(open.isEmpty() ? "default" : open.get(open.size() - 1).name(), windowsOf(open), true);
        this.farAway = partition("elsewhere", List.of(), Partition.Reports.NONE);
        for (DeclaredLimit limit : model.limits()) {
            if (!limit.paths().isEmpty()) {
                governed.add(new Governed(limit, partition(limit.name(), windowsOf(List.of(limit)), true)));
            }
        }
    }

    private List<DeclaredWindow> windowsOf(List<DeclaredLimit> limits) {
        return limits.stream().map(windows::get).toList();
    }

    private Partition partition(String name, List<DeclaredWindow> declared, boolean reports) {
        Partition.Reports told = !reports || model.headers() == null
                ? Partition.Reports.NONE
                : model.headers() instanceof HeaderFamily.AnyOf
                        ? Partition.Reports.UNKNOWN
                        : Partition.Reports.EXPECTED;
        return partition(name, declared, told);
    }

    private Partition partition(String name, List<DeclaredWindow> declared, Partition.Reports reports) {
        return new Partition(name, this::of, reports, declared, concurrency, scheduler, policy, dice);
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** The window of a published limit that this client and others keep together; null where it is each one's own. */
    private @Nullable DeclaredWindow sharedWindow(DeclaredLimit limit, boolean sameCredential) {
        return sameCredential || limit.scope() == DeclaredLimit.Scope.ADDRESS ? windows.get(limit) : null;
    }

    /** The partition whose quota a call spends, as far as is known now. */
    Partition of(Plan plan) {
        if (isElsewhere(plan)) {
            return elsewhere.of(
                    Plan.origin(plan.uri()).toLowerCase(Locale.ROOT),
                    name -> partition(name, List.of(), Partition.Reports.NONE),
                    farAway);
        }
        if (keysSeen) {
            Partition ofKey = keyedOperations.get(plan.operation());
            return ofKey == null ? unlearned(plan) : ofKey;
        }
        return unkeyed(plan);
    }

    /** Whether a call goes to another origin than this client's, which knows nothing of its quota. */
    boolean isElsewhere(Plan plan) {
        return !Plan.sameOrigin(plan.uri(), origin);
    }

    /** The partition of an operation of which it is not known yet what the server counts it by: one goes ahead. */
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
        for (int i = 0; i < governed.size(); i++) {
            if (governed.get(i).limit().paths().contains(plan.target())) {
                return governed.get(i).partition();
            }
        }
        return usual;
    }

    private Partition ofOperation(String operation) {
        return operations.of(operation, name -> partition(name, List.of(), true), usual);
    }

    @Override
    public Exchange around(Exchange next) {
        return (SubscribingExchange) (call, actual) -> subscribe(Attempt.of(call), next, actual);
    }

    private void subscribe(Attempt call, Exchange next, CoreSubscriber<? super Reply> actual) {
        Partition partition = of(call.plan());
        long now = call.nowNanos();
        if (call.isNested() || !partition.line().isOccupied()) {
            AdmittedCall asking = new AdmittedCall(actual, partition, call, next);
            if (partition.tryTake(asking, now, false) == Partition.Answer.TAKEN) {
                call.admitted(now);
                asking.goes();
                return;
            }
        }
        long left = call.deadlineNanos() - now;
        int ahead = partition.line().ahead(call);
        long wait = Waiter.isPatient(call) ? partition.answeredWaitNanos(now, ahead) : partition.waitNanos(now, ahead);
        if (left <= 0) {
            Operators.error(actual, new ApiException(AdmittedCall.deadline(partition, call)));
            return;
        }
        if (wait != Window.NEVER && wait >= left) {
            Operators.error(actual, new ApiException(AdmittedCall.tooLate(partition, wait)));
            return;
        }
        Waiter waiter = new Waiter(actual, partition, call, next);
        if (partition.line().reserve(waiter)) {
            waiter.waits();
        } else {
            Operators.error(actual, new ApiException(full(partition)));
        }
    }

    /** Turns away all who wait, with {@link ErrorKind#CLIENT_CLOSED}, and whoever would have to wait later. */
    public void close() {
        usual.line().close();
        farAway.line().close();
        governed.forEach(g -> g.partition().line().close());
        elsewhere.close();
        operations.close();
        keyed.close();
    }

    /** How many calls hold a place now. */
    int underWay() {
        return concurrency.used();
    }

    /** The forecast for calls like this one. */
    public Forecast forecast(Plan plan, RateLimitTracking tracking) {
        return new Forecast(of(plan), tracking, scheduler);
    }

    /** The forecast for calls that no other limit governs. */
    public Forecast forecast(RateLimitTracking tracking) {
        return new Forecast(usual, tracking, scheduler);
    }

    /**
     * The head of an answer has come, told by header tracking.
     *
     * @param report what it says about the quota, or null if it says nothing
     * @param decided whether the status decides what it means; otherwise {@link #heard} or {@link #refused} follows
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

    /** An answer has been read, and is no refusal for want of quota. */
    void notRefused(Attempt attempt) {
        AdmittedCall permit = permit(attempt);
        if (permit != null && permit.judge(false)) {
            heard(attempt, permit.report());
        }
    }

    private static @Nullable AdmittedCall permit(Attempt attempt) {
        return attempt.permit() instanceof AdmittedCall permit ? permit : null;
    }

    private void heard(Attempt attempt, @Nullable QuotaReport report) {
        Partition spent = spent(attempt);
        Partition counted = counting(attempt, spent, report);
        counted.heard(report, attempt.attemptStartedNanos());
        learn(attempt, spent, counted);
        if (report != null && report.isQuotaUsedUp()) {
            noteLongSilence(attempt, counted, report.freshInNanos());
        }
    }

    /**
     * The server has refused a call for want of quota, told by header tracking.
     *
     * @param asked whether it says how long to wait
     */
    void refused(Attempt attempt, long waitNanos, boolean asked, @Nullable QuotaReport report) {
        AdmittedCall permit = permit(attempt);
        if (permit != null) {
            permit.judge(true);
        }
        Partition spent = spent(attempt);
        Partition counted = counting(attempt, spent, report);
        counted.refused(waitNanos, asked, report, attempt.attemptStartedNanos());
        learn(attempt, spent, counted);
        noteLongSilence(attempt, counted, waitNanos);
    }

    private static void noteLongSilence(Attempt attempt, Partition partition, long asked) {
        if (asked > partition.silenceNanos()) {
            attempt.note("quota " + partition + " is used up for " + TimeUnit.NANOSECONDS.toSeconds(asked)
                    + " s, the server says; asked again with one call after "
                    + TimeUnit.NANOSECONDS.toSeconds(partition.silenceNanos()) + " s");
        }
    }

    /** The partition that admitted an attempt. */
    private Partition spent(Attempt attempt) {
        AdmittedCall permit = permit(attempt);
        return permit == null ? of(attempt.plan()) : permit.partition();
    }

    /** The partition that counts an attempt: the one that admitted it, unless its answer names another. */
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
     * What an operation was counted by holds for its next calls, and for those that wait. Only now, when that partition has
     * heard of its quota: whoever came before that would be the one to find out.
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

    /** All that the server counts by one key. The published limits hold for it and for its neighbours together. */
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
