package io.penstock.breaker;

import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.AttemptOperator;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Plan;
import io.penstock.pipeline.Reply;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * The circuits of a client, and the two operators that keep them: {@link #peek()} refuses early, before a call queues for
 * anything, and {@link #permit()} decides late, when nothing is left to wait for. A call that goes elsewhere, such as
 * after a redirect, uses the circuit of where it goes.
 *
 * <p>At most {@value #MOST} circuits are kept; calls to an origin or operation beyond these are not watched.
 */
public final class Circuits {

    static final int MOST = 1_000;

    private final CircuitPolicy policy;
    private final Scheduler scheduler;
    private final DoubleSupplier random;
    private final ConcurrentMap<String, Origin> origins = new ConcurrentHashMap<>();
    private final AtomicInteger kept = new AtomicInteger();
    /** Most clients talk to one origin only: a comparison is cheaper than a key to look it up by. */
    private volatile @Nullable Origin lastUsed;

    private record Origin(URI uri, @Nullable Circuit circuit, ConcurrentMap<String, Circuit> operations) {}

    /** No circuit yet; the scheduler is their clock. */
    public Circuits(CircuitPolicy policy, Scheduler scheduler) {
        this(policy, scheduler, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** With dice of the caller's: evenly between 0 and 1. */
    Circuits(CircuitPolicy policy, Scheduler scheduler, DoubleSupplier random) {
        this.policy = policy;
        this.scheduler = scheduler;
        this.random = random;
    }

    /** Refuses a call while its circuit is open and the next trial is not due; takes no permit and no memory. */
    public Operator peek() {
        return new Peek();
    }

    /** Takes a permit when the attempt is subscribed to, or refuses; sends it back exactly once, with what was learned. */
    public Operator permit() {
        return new Permit();
    }

    /** How the circuits stand, by name. */
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

    @Nullable
    Circuit of(Plan plan) {
        Origin origin = lastUsed;
        if (origin == null || !Plan.sameOrigin(origin.uri(), plan.uri())) {
            origin = origin(plan.uri());
            if (origin == null) {
                return null;
            }
            lastUsed = origin;
        }
        return policy.scope() == CircuitPolicy.Scope.ORIGIN ? origin.circuit() : operation(origin, plan.operation());
    }

    private @Nullable Origin origin(URI uri) {
        String name = Plan.origin(uri).toLowerCase(Locale.ROOT);
        Origin known = origins.get(name);
        if (known != null || !room()) {
            return known;
        }
        Circuit circuit = policy.scope() == CircuitPolicy.Scope.ORIGIN ? newCircuit(name) : null;
        Origin created = new Origin(uri, circuit, new ConcurrentHashMap<>());
        Origin first = origins.putIfAbsent(name, created);
        return first == null ? created : giveBack(first);
    }

    private @Nullable Circuit operation(Origin origin, String operation) {
        Circuit known = origin.operations().get(operation);
        if (known != null || !room()) {
            return known;
        }
        Circuit created = newCircuit(Plan.origin(origin.uri()).toLowerCase(Locale.ROOT) + " " + operation);
        Circuit first = origin.operations().putIfAbsent(operation, created);
        return first == null ? created : giveBack(first);
    }

    private Circuit newCircuit(String name) {
        return new Circuit(name, policy, scheduler, random);
    }

    private boolean room() {
        if (kept.incrementAndGet() <= MOST) {
            return true;
        }
        kept.decrementAndGet();
        return false;
    }

    private <T> T giveBack(T first) {
        kept.decrementAndGet();
        return first;
    }

    private final class Peek extends AttemptOperator {
        @Override
        public void subscribe(Attempt call, Exchange next, CoreSubscriber<? super Reply> actual) {
            Circuit circuit = of(call.plan());
            if (circuit != null && circuit.refuses()) {
                Operators.error(actual, circuit.refusal());
            } else {
                next.subscribe(call, actual);
            }
        }

        @Override
        public String describe() {
            return policy.toString();
        }
    }

    private final class Permit extends AttemptOperator {
        @Override
        public void subscribe(Attempt call, Exchange next, CoreSubscriber<? super Reply> actual) {
            Circuit circuit = of(call.plan());
            if (circuit == null) {
                next.subscribe(call, actual);
            } else {
                PermitHolder.subscribe(circuit, call, next, actual);
            }
        }

        @Override
        public String describe() {
            return "taken after all waits, sent back when the attempt ends";
        }
    }
}
