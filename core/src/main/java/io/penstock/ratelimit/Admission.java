package io.penstock.ratelimit;

import io.penstock.ApiException;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Retryability;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.AttemptOperator;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Plan;
import io.penstock.pipeline.Reply;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
public final class Admission extends AttemptOperator {

    /** Operations are few; should somebody put ids into templates, the rest shares one partition. */
    private static final int MOST_PARTITIONS = 1_000;

    private final DoubleSupplier dice;
    private final QuotaModel model;
    private final GatePolicy policy;
    private final Scheduler scheduler;
    private final URI origin;
    private final Concurrency concurrency;
    private final Partition usual;
    private final Partition elsewhere;
    private final Map<DeclaredLimit, DeclaredWindow> windows = new HashMap<>();
    private final List<Governed> governed = new ArrayList<>();
    private final ConcurrentMap<String, Partition> operations = new ConcurrentHashMap<>();
    /** By partition and key of the server's. */
    private final ConcurrentMap<String, Partition> keyed = new ConcurrentHashMap<>();
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
        this.elsewhere = partition("elsewhere", List.of(), false);
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
        return new Partition(name, told, declared, concurrency, scheduler, policy, dice);
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** The window of a published limit that this client and others keep together; null where it is each one's own. */
    private @Nullable DeclaredWindow sharedWindow(DeclaredLimit limit, boolean sameCredential) {
        return sameCredential || limit.scope() == DeclaredLimit.Scope.ADDRESS ? windows.get(limit) : null;
    }

    /** The partition whose quota a call spends. */
    Partition of(Plan plan) {
        if (!Plan.sameOrigin(plan.uri(), origin)) {
            return elsewhere;
        }
        if (keysSeen) {
            Partition ofKey = keyedOperations.get(plan.operation());
            if (ofKey != null) {
                return ofKey;
            }
        }
        return unkeyed(plan);
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
        Partition known = operations.get(operation);
        if (known != null) {
            return known;
        }
        return operations.size() >= MOST_PARTITIONS
                ? usual
                : operations.computeIfAbsent(operation, name -> partition(name, List.of(), true));
    }

    @Override
    public void subscribe(Attempt call, Exchange next, CoreSubscriber<? super Reply> actual) {
        Partition partition = of(call.plan());
        AdmittedCall asking = new AdmittedCall(actual, partition, call, next);
        long now = call.nowNanos();
        if (partition.tryAcquire(asking, now)) {
            call.admitted(now);
            asking.goes();
            return;
        }
        long left = call.deadlineNanos() - now;
        long wait = partition.waitNanos(now, partition.line().ahead(asking));
        if (left <= 0) {
            Operators.error(actual, new ApiException(AdmittedCall.deadline(partition, call)));
        } else if (wait != Window.NEVER && wait >= left) {
            Operators.error(actual, new ApiException(AdmittedCall.tooLate(partition, wait)));
        } else if (!partition.line().reserve(asking)) {
            Operators.error(actual, new ApiException(full(partition)));
        } else {
            asking.waits();
        }
    }

    /** Turns away all who wait, with {@link ErrorKind#CLIENT_CLOSED}, and whoever would have to wait later. */
    public void close() {
        usual.line().close();
        elsewhere.line().close();
        governed.forEach(g -> g.partition().line().close());
        operations.values().forEach(partition -> partition.line().close());
        keyed.values().forEach(partition -> partition.line().close());
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

    /** What an answer says about the quota, or null if it says nothing; told by header tracking. */
    void heard(Attempt call, @Nullable QuotaReport report) {
        Plan plan = call.plan();
        Partition spent = of(plan);
        spent.heard(report, call.attemptStartedNanos());
        String key = report == null ? null : report.allKeys();
        if (key != null && spent != elsewhere) {
            Partition counted = ofKey(unkeyed(plan), key);
            if (counted != spent) {
                counted.heard(report, call.attemptStartedNanos());
                if (keyedOperations.size() < MOST_PARTITIONS || keyedOperations.containsKey(plan.operation())) {
                    keyedOperations.put(plan.operation(), counted);
                    keysSeen = true;
                }
            }
        }
    }

    /** All that the server counts by one key. The published limits hold for it and for its neighbours together. */
    private Partition ofKey(Partition all, String key) {
        String name = all + "#" + key;
        Partition known = keyed.get(name);
        if (known != null) {
            return known;
        }
        return keyed.size() >= MOST_PARTITIONS
                ? all
                : keyed.computeIfAbsent(name, made -> partition(made, all.declared(), true));
    }

    /**
     * The server has refused a call for want of quota, told by header tracking.
     *
     * @param asked whether its headers say how long to wait
     */
    void refused(Attempt call, long waitNanos, boolean asked, @Nullable QuotaReport report) {
        of(call.plan()).refused(waitNanos, asked, report);
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
