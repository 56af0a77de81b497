package io.penstock.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.Metrics;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.penstock.ApiException;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Retryability;
import io.penstock.pipeline.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * One circuit: Resilience4j's state machine and window, and around it what keeps it from blocking, from taking a late
 * answer for a fresh one, and from waiting for trials that hang.
 *
 * <p>A permit is the {@link Metrics} object of the state it was taken in. It says which state that was: closed and the
 * open state after it share one, a half-open state and the state it opens again to share another. A result whose permit
 * is not of the current state is dropped: what was sent before an outage and times out after it says nothing about the
 * server now, and must not give a permit to trials it was none of.
 */
final class Circuit {

    private static final AtomicIntegerFieldUpdater<Circuit> SUCCESSES =
            AtomicIntegerFieldUpdater.newUpdater(Circuit.class, "successes");
    private static final AtomicLongFieldUpdater<Circuit> NEXT_TRIAL =
            AtomicLongFieldUpdater.newUpdater(Circuit.class, "nextTrialNanos");
    private static final AtomicReferenceFieldUpdater<Circuit, State> KNOWN =
            AtomicReferenceFieldUpdater.newUpdater(Circuit.class, State.class, "known");

    private static final double MIDDLE = 0.5;

    /** The state machine wants an exception and does nothing with it but ask whether it counts; all that come here do. */
    private final ApiException counted = new ApiException(Failure.of(
            ErrorKind.SERVER_ERROR, Certainty.MAYBE_PROCESSED, Retryability.TRANSIENT, "counted as a failure"));

    private final String name;
    private final CircuitPolicy policy;
    private final Scheduler scheduler;
    private final DoubleSupplier random;
    private final CircuitBreaker breaker;
    private final int cleanWindow;
    private volatile long nextTrialNanos;
    private final AtomicBoolean admitting = new AtomicBoolean();
    private volatile int successes;
    private volatile State known = State.CLOSED;
    private volatile String lastOutcome = "";

    Circuit(String name, CircuitPolicy policy, Scheduler scheduler, DoubleSupplier random) {
        this.name = name;
        this.policy = policy;
        this.scheduler = scheduler;
        this.random = random;
        // Twice the window, because counting a success and adding it to the window are two steps.
        this.cleanWindow = 2 * policy.window();
        this.breaker = CircuitBreaker.of(name, config());
    }

    /** Lock-free by calls: the lock-free window by seconds reads the system's clock, whatever clock it is given. */
    private CircuitBreakerConfig config() {
        return CircuitBreakerConfig.custom()
                .failureRateThreshold((float) (100 * policy.failureRate()))
                .slidingWindow(
                        policy.window(),
                        policy.minimumCalls(),
                        SlidingWindowType.COUNT_BASED,
                        SlidingWindowSynchronizationStrategy.LOCK_FREE)
                .permittedNumberOfCallsInHalfOpenState(policy.trials())
                .waitIntervalFunctionInOpenState(this::openFor)
                .clock(new MonotonicClock(scheduler))
                .build();
    }

    /** Asked by the state machine, in milliseconds, before it shows its open state. */
    private long openFor(int times) {
        long nanos = policy.openWait().nanosAfter(times, random.getAsDouble());
        nextTrialNanos = now() + nanos;
        // A little less than the truth: the clock is read once more over there, and our reading is to decide.
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) - 1);
    }

    /** For tests: runs something after the failure that opens the circuit, before its state shows. */
    void onThresholdExceeded(Runnable action) {
        breaker.getEventPublisher().onFailureRateExceeded(event -> action.run());
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** Whether a call would be refused for certain: while open, before the next trial. Takes nothing. */
    boolean refuses() {
        return breaker.getState() == State.OPEN && nextTrialNanos - now() > 0;
    }

    /** A permit, to be sent back by {@link #sendBack} exactly once, or null. */
    @Nullable
    Metrics acquire(Attempt call) {
        State state = breaker.getState();
        if (state == State.CLOSED) {
            Metrics permit = breaker.getMetrics();
            return breaker.tryAcquirePermission() ? permit : null;
        }
        return state == State.OPEN ? firstTrial(call) : trial();
    }

    /** One thread only, because the state machine takes a lock to go half-open; the others are refused a moment longer. */
    private @Nullable Metrics firstTrial(Attempt call) {
        if (nextTrialNanos - now() > 0 || !admitting.compareAndSet(false, true)) {
            return null;
        }
        try {
            if (breaker.getState() == State.OPEN) {
                nextTrialNanos = now() + patience();
            }
            Metrics permit = breaker.tryAcquirePermission() ? breaker.getMetrics() : null;
            changed(call);
            return permit;
        } finally {
            admitting.set(false);
        }
    }

    /**
     * While half-open. Trials may hang for as long as an attempt may take; so that they do not keep the circuit from
     * noticing a server that is back, one more is let through each time the longest wait has gone by without a verdict.
     */
    private @Nullable Metrics trial() {
        Metrics permit = breaker.getMetrics();
        if (breaker.tryAcquirePermission()) {
            return permit;
        }
        long due = nextTrialNanos;
        if (due - now() > 0
                || !NEXT_TRIAL.compareAndSet(this, due, now() + patience())
                || breaker.getState() != State.HALF_OPEN) {
            return null;
        }
        breaker.releasePermission();
        return breaker.tryAcquirePermission() ? permit : null;
    }

    private long patience() {
        return policy.openWait().nanosAfter(Integer.MAX_VALUE, random.getAsDouble());
    }

    /** Sends a permit back with what was learned. */
    void sendBack(Metrics permit, Verdict verdict, Attempt call) {
        if (breaker.getMetrics() != permit) {
            return;
        }
        switch (verdict) {
            case SUCCESS -> succeeded(call);
            case FAILURE -> failed(call);
            case ANSWERED -> {
                if (breaker.getState() == State.HALF_OPEN) {
                    succeeded(call);
                }
            }
            case NEUTRAL -> breaker.releasePermission();
        }
    }

    /** A success more does not change a window that is full of them, and counting it copies the counters. */
    private void succeeded(Attempt call) {
        boolean closed = breaker.getState() == State.CLOSED;
        if (closed && successes >= cleanWindow) {
            return;
        }
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        if (closed) {
            SUCCESSES.incrementAndGet(this);
        } else {
            changed(call);
        }
    }

    private void failed(Attempt call) {
        successes = 0;
        breaker.onError(0, TimeUnit.NANOSECONDS, counted);
        changed(call);
    }

    /** Leaves a remark in the journey of the call that changed the state; of several that saw it change, in one. */
    private void changed(Attempt call) {
        State before = known;
        State after = breaker.getState();
        if (before == after || !KNOWN.compareAndSet(this, before, after)) {
            return;
        }
        if (after == State.OPEN) {
            Metrics metrics = breaker.getMetrics();
            lastOutcome = metrics.getNumberOfFailedCalls() + " of " + metrics.getNumberOfBufferedCalls()
                    + (before == State.HALF_OPEN ? " trials failed" : " calls failed");
            call.note("circuit " + name + " opened: " + lastOutcome + "; next trial in " + waitMillis() + " ms");
        } else {
            call.note("circuit " + name + (after == State.CLOSED ? " closed" : " half-open: this is a trial"));
        }
    }

    private long waitMillis() {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nextTrialNanos - now()));
    }

    /**
     * The state machine refuses a moment before it shows that it is open and tells when the next trial is; and while a trial
     * is let through, the time of the one behind it is not known yet.
     */
    private long waitMillisOfRefused() {
        return nextTrialNanos - now() > 0
                ? waitMillis()
                : Math.max(1, TimeUnit.NANOSECONDS.toMillis(policy.openWait().nanosAfter(1, MIDDLE)));
    }

    /** The refusal of a call, with the time of the next trial. */
    ApiException refusal() {
        long wait = waitMillisOfRefused();
        String state = breaker.getState() == State.HALF_OPEN ? " is on trial" : " is open";
        return new ApiException(Failure.of(
                        ErrorKind.CIRCUIT_OPEN,
                        Certainty.NOT_SENT,
                        Retryability.TRANSIENT,
                        "circuit " + name + state + (lastOutcome.isEmpty() ? "" : ": " + lastOutcome)
                                + "; next trial in " + wait + " ms")
                .withRetryAfter(Duration.ofMillis(wait)));
    }

    CircuitState state() {
        State state = breaker.getState();
        Metrics metrics = breaker.getMetrics();
        Instant next = state == State.CLOSED
                ? null
                : Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS)).plusMillis(waitMillis());
        return new CircuitState(
                name,
                CircuitState.Phase.valueOf(state.name()),
                metrics.getNumberOfBufferedCalls(),
                metrics.getNumberOfFailedCalls(),
                next);
    }
}
