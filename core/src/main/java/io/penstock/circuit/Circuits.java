package io.penstock.circuit;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SendCheck;
import io.penstock.pipeline.SubscribingExchange;
import io.penstock.pipeline.SubscribingOperator;
import io.penstock.pipeline.Turns;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.Plan;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
 * The circuits of a client, and the two operators that apply them. {@link #peek()} comes before anything that a call
 * may queue for: there a call waits for its turn, or is refused. {@link #permit()} decides late, when nothing is left
 * to wait for. A call to another target, such as after a redirect, uses the circuit of that target.
 *
 * <p>At most {@value #MOST} circuits are kept. Beyond that, those that have been idle for longest are dropped. If none
 * is idle, the call has no circuit.
 *
 * @hidden
 */
@Internal
public final class Circuits {

    static final int MOST = 1_000;
    /**
     * One part in this many of the circuits is dropped at a time, so that not every new one has to search for an idle
     * one.
     */
    private static final int FORGOTTEN_PART = 16;

    private final CircuitPolicy policy;
    private final Scheduler scheduler;
    private final DoubleSupplier random;
    private final int maxWaiting;
    private final ConcurrentMap<String, Origin> origins = new ConcurrentHashMap<>();
    private int kept;
    private boolean closed;
    /** The last origin. Most clients talk to a single one, and a comparison is cheaper than a key for the map. */
    private volatile @Nullable Origin lastUsed;

    private record Origin(URI uri, @Nullable Circuit circuit, ConcurrentMap<String, Circuit> operations) {}

    /**
     * Creates an empty set of circuits with the standard number of waiting calls, see {@link GatePolicy#standard()}.
     *
     * @param scheduler the clock of the circuits
     */
    public Circuits(CircuitPolicy policy, Scheduler scheduler) {
        this(policy, scheduler, GatePolicy.standard().maxWaiting());
    }

    /**
     * Creates an empty set of circuits.
     *
     * @param scheduler the clock of the circuits
     * @param maxWaiting how many calls may wait in the line of each circuit
     */
    public Circuits(CircuitPolicy policy, Scheduler scheduler, int maxWaiting) {
        this(policy, scheduler, () -> ThreadLocalRandom.current().nextDouble(), maxWaiting);
    }

    /**
     * Creates an empty set of circuits whose jitter comes from the given supplier of numbers from 0 to 1, evenly
     * distributed.
     */
    Circuits(CircuitPolicy policy, Scheduler scheduler, DoubleSupplier random) {
        this(policy, scheduler, random, GatePolicy.standard().maxWaiting());
    }

    private Circuits(CircuitPolicy policy, Scheduler scheduler, DoubleSupplier random, int maxWaiting) {
        this.policy = policy;
        this.scheduler = scheduler;
        this.random = random;
        this.maxWaiting = maxWaiting;
    }

    /** Returns the operator that lets a call through, makes it wait for its turn, or refuses it. It takes no permit. */
    public Operator peek() {
        return new Peek();
    }

    /**
     * Returns the operator that takes a permit when the attempt is subscribed to, or refuses it. It returns the permit
     * exactly once, with the verdict on the attempt.
     */
    public Operator permit() {
        return new Permit();
    }

    /** Fails current and future waiters with {@link io.penstock.error.ErrorKind#CLIENT_CLOSED}. */
    public void close() {
        List<Circuit> open = new ArrayList<>();
        synchronized (this) {
            closed = true;
            for (Origin origin : origins.values()) {
                if (origin.circuit() != null) {
                    open.add(origin.circuit());
                }
                open.addAll(origin.operations().values());
            }
        }
        open.forEach(Circuits::close); // outside the lock, because this signals the waiting calls
    }

    private static void close(Circuit circuit) {
        Patience patience = circuit.patience();
        if (patience != null) {
            patience.line().close(Turns.closed());
        }
    }

    /** Returns how many calls wait in the lines of all circuits. */
    public int waiting() {
        int waiting = 0;
        for (Origin origin : origins.values()) {
            waiting += origin.circuit() == null ? 0 : waiting(origin.circuit());
            for (Circuit circuit : origin.operations().values()) {
                waiting += waiting(circuit);
            }
        }
        return waiting;
    }

    private static int waiting(Circuit circuit) {
        Patience patience = circuit.patience();
        return patience == null ? 0 : patience.line().waiting();
    }

    /** Returns the states of the circuits, sorted by name. */
    public List<CircuitState> states() {
        List<CircuitState> states = new ArrayList<>();
        for (Origin origin : origins.values()) {
            if (origin.circuit() != null) {
                states.add(origin.circuit().state());
            }
            origin.operations().values().forEach(c -> states.add(c.state()));
        }
        states.sort(Comparator.comparing(CircuitState::name));
        return states;
    }

    /** Returns the refusal of a call that would now have to wait for the next trial of its circuit, or null. */
    public @Nullable ApiException refusal(Plan plan) {
        Circuit circuit = policy.scope() == CircuitPolicy.Scope.NONE ? null : of(plan);
        Patience patience = circuit == null ? null : circuit.patience();
        return circuit != null && patience != null && patience.forecast(scheduler.now(TimeUnit.NANOSECONDS)) > 0
                ? circuit.refusal()
                : null;
    }

    @Nullable
    Circuit of(Plan plan) {
        Origin origin = lastUsed;
        if (origin == null || !Plan.sameOrigin(origin.uri(), plan.uri())) {
            origin = used(plan.uri());
        }
        if (origin == null) {
            return null;
        }
        return policy.scope() == CircuitPolicy.Scope.ORIGIN ? origin.circuit() : operation(origin, plan.operation());
    }

    @SuppressWarnings("ReferenceEquality") // the same object, not one with the same circuits
    private @Nullable Origin used(URI uri) {
        Origin origin = origin(uri);
        if (origin != null) {
            lastUsed = origin;
            if (origins.get(name(uri)) != origin) {
                lastUsed = null; // dropped meanwhile, perhaps before it was stored here
            }
        }
        return origin;
    }

    private @Nullable Origin origin(URI uri) {
        String name = name(uri);
        Origin known = origins.get(name);
        return known == null ? newOrigin(name, uri) : known;
    }

    private static String name(URI uri) {
        return Plan.origin(uri).toLowerCase(Locale.ROOT);
    }

    private synchronized @Nullable Origin newOrigin(String name, URI uri) {
        Origin known = origins.get(name);
        if (known != null || !room()) {
            return known;
        }
        Circuit circuit = policy.scope() == CircuitPolicy.Scope.ORIGIN ? newCircuit(name) : null;
        Origin created = new Origin(uri, circuit, new ConcurrentHashMap<>());
        origins.put(name, created);
        return created;
    }

    private @Nullable Circuit operation(Origin origin, String operation) {
        Circuit known = origin.operations().get(operation);
        return known == null ? newOperation(origin, operation) : known;
    }

    private synchronized @Nullable Circuit newOperation(Origin origin, String operation) {
        String name = name(origin.uri());
        Origin current = origins.getOrDefault(name, origin); // it may have been dropped and created again meanwhile
        Circuit known = current.operations().get(operation);
        if (known != null || !room()) {
            return known;
        }
        Circuit created = newCircuit(name + " " + operation);
        current.operations().put(operation, created);
        origins.putIfAbsent(name, current); // it may have been dropped, even just now to make room
        return created;
    }

    private Circuit newCircuit(String name) {
        Circuit created = new Circuit(name, policy, scheduler, random, maxWaiting);
        kept++;
        if (closed) {
            close(created);
        }
        return created;
    }

    /**
     * Returns whether there is room for one more circuit. If there is none, drops those that have been idle for
     * longest.
     */
    private boolean room() {
        if (kept < MOST) {
            return true;
        }
        List<Circuit> idle = new ArrayList<>();
        for (Origin origin : origins.values()) {
            if (origin.circuit() != null && origin.circuit().isForgettable()) {
                idle.add(origin.circuit());
            }
            origin.operations().values().stream().filter(Circuit::isForgettable).forEach(idle::add);
        }
        idle.sort(Comparator.comparingLong(Circuit::usedAt));
        Set<Circuit> gone = new HashSet<>(idle.subList(0, Math.min(idle.size(), MOST / FORGOTTEN_PART)));
        for (Origin origin : origins.values()) {
            origin.operations().values().removeAll(gone);
        }
        origins.values()
                .removeIf(origin ->
                        origin.circuit() == null ? origin.operations().isEmpty() : gone.contains(origin.circuit()));
        kept -= gone.size();
        lastUsed = null;
        return !gone.isEmpty();
    }

    /** Returns whether a call may wait in a line. A parallel send may not. */
    static boolean mayWait(Attempt call) {
        return call.mayWaitForTurn() && !call.isParallel();
    }

    private final class Peek extends SubscribingOperator {
        @Override
        public Exchange around(Exchange next) {
            return new SubscribingExchange() {
                @Override
                public void subscribe(Call call, CoreSubscriber<? super Reply> actual) {
                    Circuit circuit = of(call.plan());
                    Patience patience = circuit == null ? null : circuit.patience();
                    if (circuit == null) {
                        next.subscribe(call, actual);
                    } else if (patience != null && !patience.isFree()) {
                        queue(circuit, patience, Attempt.of(call), next, actual);
                    } else if (patience == null && circuit.refuses()) {
                        Operators.error(actual, circuit.refusal());
                    } else {
                        next.subscribe(call, actual);
                    }
                }
            };
        }

        private void queue(
                Circuit circuit, Patience patience, Attempt call, Exchange next, CoreSubscriber<? super Reply> actual) {
            long now = call.nowNanos();
            boolean first = call.isNested() || !patience.line().isOccupied();
            boolean waits = mayWait(call);
            if (!waits && patience.overdraw(call, now)) {
                next.subscribe(call, actual);
                return;
            }
            boolean tries = !circuit.isClosed();
            long wait = first && !(tries && call.isParallel()) ? patience.take(call, now) : patience.forecast(now);
            if (first && wait == 0 && call.pass() != Attempt.NO_PASS) {
                new CircuitTurn(circuit, patience, call, next, actual).tries(call);
            } else if (!waits || (wait >= call.lastTurnNanos(now) - now && !patience.isProving())) {
                Operators.error(actual, circuit.refusal());
            } else {
                call.waitsFor(wait);
                new CircuitTurn(circuit, patience, call, next, actual).waits(call);
            }
        }

        @Override
        public String describe() {
            return policy.toString();
        }
    }

    private final class Permit extends SubscribingOperator implements SendCheck {

        /** Turns back a call that was let through under other rules and has waited for a connection since. */
        @Override
        public @Nullable ApiException refusal(Attempt call) {
            Circuit circuit = of(call.plan());
            Patience patience = circuit == null ? null : circuit.patience();
            if (circuit == null || patience == null || patience.holds(call) || !mayWait(call)) {
                return null;
            }
            call.turnBack();
            return circuit.refusal();
        }

        @Override
        public Exchange around(Exchange next) {
            return new SubscribingExchange() {
                @Override
                public void subscribe(Call call, CoreSubscriber<? super Reply> actual) {
                    Circuit circuit = of(call.plan());
                    if (circuit == null) {
                        next.subscribe(call, actual);
                    } else {
                        PermitHolder.subscribe(circuit, Attempt.of(call), next, actual);
                    }
                }
            };
        }

        @Override
        public String describe() {
            return "taken after all waits, sent back when the attempt ends";
        }
    }
}
