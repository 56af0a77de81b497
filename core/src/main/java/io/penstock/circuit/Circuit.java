package io.penstock.circuit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.Metrics;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
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
 * A circuit: Resilience4j's state machine and window, with additions that keep it from blocking, from counting a late
 * response as a current one, and from waiting for trials that hang.
 *
 * <p>A permit is the {@link Metrics} object of the state in which it was taken, and so identifies that state. The
 * closed state and the open state after it share one; a half-open state and the open state after it share another. A
 * result whose permit does not belong to the current state is dropped: an attempt that was sent before an outage and
 * times out after it reveals nothing about the server now, and must not return a permit to trials that it was none of.
 *
 * <p>If calls wait, a {@link Patience} complements the state machine. It lets calls through one by one, and it opens
 * the circuit. Each change of what it lets through has a number, the <i>rules</i>. A call carries the number under
 * which it was let through. If the number has changed when the call is about to be sent, the call is turned back: it
 * may have waited for quota or a token in between, and hundreds of others with it. A success counts there however late
 * it comes, whether of an earlier trial or of a call sent just before the circuit opened: a server that answers works,
 * and the number of calls let through then starts small.
 */
final class Circuit {

    private static final AtomicIntegerFieldUpdater<Circuit> SUCCESSES =
            AtomicIntegerFieldUpdater.newUpdater(Circuit.class, "successes");
    private static final AtomicLongFieldUpdater<Circuit> NEXT_TRIAL =
            AtomicLongFieldUpdater.newUpdater(Circuit.class, "nextTrialNanos");
    private static final AtomicReferenceFieldUpdater<Circuit, State> KNOWN =
            AtomicReferenceFieldUpdater.newUpdater(Circuit.class, State.class, "known");

    private static final double MIDDLE = 0.5;
    private static final float ALL = 100;
    private static final int FAILURES_BEYOND_DOUBT = 200;

    /**
     * The exception for all counted failures. The state machine only asks whether it counts, and all failures recorded
     * here do.
     */
    private final ApiException counted = new ApiException(Failure.of(
            ErrorKind.SERVER_ERROR, Certainty.MAYBE_PROCESSED, Retryability.TRANSIENT, "counted as a failure"));

    private final String name;
    private final CircuitPolicy policy;
    private final Scheduler scheduler;
    private final DoubleSupplier random;
    private final CircuitBreaker breaker;
    private final int cleanWindow;
    /** Null if calls fail instead of waiting. */
    private final @Nullable Patience patience;

    private volatile long nextTrialNanos;
    private final AtomicBoolean admitting = new AtomicBoolean();
    private volatile int successes;
    private volatile State known = State.CLOSED;
    private volatile String lastOutcome = "";
    /** When the circuit was last used. Not synchronized: a slightly wrong value does no harm. */
    private long usedAt;

    Circuit(String name, CircuitPolicy policy, Scheduler scheduler, DoubleSupplier random) {
        this(name, policy, scheduler, random, Integer.MAX_VALUE);
    }

    Circuit(String name, CircuitPolicy policy, Scheduler scheduler, DoubleSupplier random, int maxWaiting) {
        this.name = name;
        this.policy = policy;
        this.scheduler = scheduler;
        this.random = random;
        // Twice the window, because counting a success and adding it to the window are two steps.
        this.cleanWindow = 2 * policy.threshold().window();
        this.breaker = CircuitBreaker.of(name, config());
        this.patience = policy.failsFast() ? null : new Patience(this, policy, scheduler, maxWaiting);
        this.usedAt = now();
    }

    /**
     * Returns the configuration. The window counts calls, because the lock-free window by seconds reads the system
     * clock, whatever clock it is given. If calls wait, the state machine opens by itself only when very many calls
     * fail and none succeeds, and it uses a single trial.
     */
    private CircuitBreakerConfig config() {
        int window = policy.failsFast()
                ? policy.threshold().window()
                : Math.max(FAILURES_BEYOND_DOUBT, 4 * policy.threshold().window());
        return CircuitBreakerConfig.custom()
                .failureRateThreshold(
                        policy.failsFast() ? (float) (100 * policy.threshold().failureRate()) : ALL)
                .slidingWindow(
                        window,
                        policy.failsFast() ? policy.threshold().minimumCalls() : window,
                        SlidingWindowType.COUNT_BASED,
                        SlidingWindowSynchronizationStrategy.LOCK_FREE)
                .permittedNumberOfCallsInHalfOpenState(policy.failsFast() ? policy.trials() : 1)
                .waitIntervalFunctionInOpenState(this::openFor)
                .clock(new MonotonicClock(scheduler))
                .build();
    }

    /**
     * Returns how long the circuit stays open, in milliseconds. The state machine calls this before it shows its open
     * state.
     */
    private long openFor(int times) {
        long nanos = policy.openWait().nanosAfter(times, random.getAsDouble());
        nextTrialNanos = now() + nanos;
        // Slightly less than the actual time: the state machine reads the clock once more, and this reading is to
        // decide.
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) - 1);
    }

    /** Runs an action after the failure that opens the circuit, before its state shows, for tests. */
    void onThresholdExceeded(Runnable action) {
        breaker.getEventPublisher().onFailureRateExceeded(event -> action.run());
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    @Nullable
    Patience patience() {
        return patience;
    }

    String name() {
        return name;
    }

    boolean isClosed() {
        return breaker.getState() == State.CLOSED;
    }

    /** Returns the nanoseconds until the next trial is due; zero or less if it is. */
    long nextTrialIn(long now) {
        return nextTrialNanos - now;
    }

    /** Returns how long a trial may hang before one more is let through. */
    long longestWaitNanos() {
        return policy.openWait().nanosAfter(Integer.MAX_VALUE, random.getAsDouble());
    }

    long usedAt() {
        return usedAt;
    }

    /** Returns whether no call waits for the circuit, so that it may be dropped. */
    boolean isForgettable() {
        return patience == null || !patience.line().isOccupied();
    }

    /** Returns whether a call would certainly be refused: while open, before the next trial. Takes no permit. */
    boolean refuses() {
        return breaker.getState() == State.OPEN && nextTrialNanos - now() > 0;
    }

    /** Returns a permit, to be returned by {@link #sendBack} exactly once, or null. */
    @Nullable
    Metrics acquire(Attempt call) {
        usedAt = call.attemptStartedNanos();
        if (patience != null) {
            if (!patience.holds(call)) {
                return null;
            }
            call.passUsed();
        }
        State state = breaker.getState();
        if (state == State.CLOSED) {
            Metrics permit = breaker.getMetrics();
            return breaker.tryAcquirePermission() ? permit : null;
        }
        Metrics permit = state == State.OPEN ? firstTrial(call) : trial();
        if (patience != null) {
            patience.tried(call);
        }
        return permit;
    }

    /**
     * Takes the permit of the first trial. Only one thread tries, because the state machine takes a lock to become
     * half-open; the other calls are refused a moment longer.
     */
    private @Nullable Metrics firstTrial(Attempt call) {
        if (nextTrialNanos - now() > 0 || !admitting.compareAndSet(false, true)) {
            return null;
        }
        try {
            if (breaker.getState() == State.OPEN) {
                nextTrialNanos = now() + longestWaitNanos();
            }
            Metrics permit = breaker.tryAcquirePermission() ? breaker.getMetrics() : null;
            changed(call);
            return permit;
        } finally {
            admitting.set(false);
        }
    }

    /**
     * Takes the permit of a trial while half-open. Trials may hang for as long as an attempt may take. So that they do
     * not delay the detection of a server that is back, one more is let through each time the longest wait has passed
     * without a verdict.
     */
    private @Nullable Metrics trial() {
        Metrics permit = breaker.getMetrics();
        if (breaker.tryAcquirePermission()) {
            if (patience != null) {
                nextTrialNanos = now() + longestWaitNanos(); // it replaces a trial without a verdict
            }
            return permit;
        }
        long due = nextTrialNanos;
        if (due - now() > 0
                || !NEXT_TRIAL.compareAndSet(this, due, now() + longestWaitNanos())
                || breaker.getState() != State.HALF_OPEN) {
            return null;
        }
        breaker.releasePermission();
        return breaker.tryAcquirePermission() ? permit : null;
    }

    /** Returns a permit with the verdict on the attempt. */
    void sendBack(Metrics permit, Verdict verdict, Attempt call) {
        if (patience != null) {
            sendBack(patience, permit, verdict, call);
            return;
        }
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

    /**
     * Records a success. In a window full of successes one more changes nothing, and counting it would copy the
     * counters.
     */
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

    /** Returns a permit if calls wait. A verdict that changes nothing takes no lock. */
    private void sendBack(Patience patient, Metrics permit, Verdict verdict, Attempt call) {
        if (verdict == Verdict.SUCCESS && successes >= cleanWindow && patient.isClean() && isClosed()) {
            patient.served();
            return;
        }
        synchronized (patient) {
            settle(patient, permit, verdict, call);
        }
        patient.line().drainIfOccupied();
    }

    private void settle(Patience patient, Metrics permit, Verdict verdict, Attempt call) {
        boolean current = breaker.getMetrics() == permit;
        boolean closed = isClosed();
        boolean well = verdict == Verdict.SUCCESS || (verdict == Verdict.ANSWERED && !closed);
        if (!closed && well && (current || patient.isSentSinceItOpened(call))) {
            // Also of an earlier trial: it was slow, not lost.
            if (breaker.getState() == State.HALF_OPEN && current) {
                breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            }
            if (!isClosed()) {
                breaker.transitionToClosedState();
            }
            successes = 0;
            patient.back();
        } else if (current && closed) {
            switch (verdict) {
                case SUCCESS -> {
                    breaker.onSuccess(0, TimeUnit.NANOSECONDS);
                    SUCCESSES.incrementAndGet(this);
                    patient.succeeded(call);
                }
                case FAILURE -> {
                    successes = 0;
                    boolean down = patient.failed(call);
                    breaker.onError(0, TimeUnit.NANOSECONDS, counted);
                    if (down && isClosed()) {
                        breaker.transitionToOpenState();
                    }
                }
                case ANSWERED -> patient.answered();
                case NEUTRAL -> breaker.releasePermission();
            }
        } else if (current && breaker.getState() == State.HALF_OPEN) {
            if (verdict == Verdict.FAILURE) {
                breaker.onError(0, TimeUnit.NANOSECONDS, counted);
            } else {
                breaker.releasePermission();
                nextTrialNanos = now();
            }
        }
        changed(call);
    }

    /**
     * Notes a change of state in the journey of the call that caused it. If several calls see it, only one of them
     * notes it.
     */
    private void changed(Attempt call) {
        State before = known;
        State after = breaker.getState();
        if (before == after || !KNOWN.compareAndSet(this, before, after)) {
            return;
        }
        if (after == State.OPEN) {
            Metrics metrics = breaker.getMetrics();
            if (patience == null) {
                lastOutcome = metrics.getNumberOfFailedCalls() + " of " + metrics.getNumberOfBufferedCalls()
                        + (before == State.HALF_OPEN ? " trials failed" : " calls failed");
            } else {
                lastOutcome = patience.opened(before == State.HALF_OPEN);
            }
            call.note("circuit " + name + " opened: " + lastOutcome + "; next trial in " + waitMillis() + " ms");
        } else {
            call.note("circuit " + name + (after == State.CLOSED ? " closed" : " half-open: this is a trial"));
        }
    }

    private long waitMillis() {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nextTrialNanos - now()));
    }

    /**
     * Returns the time until the next trial for a refused call. The state machine refuses a moment before it shows that
     * it is open and {@code nextTrialNanos} is known; and while a trial is let through, the time of the next one is not
     * known yet.
     */
    private long waitMillisOfRefused() {
        return nextTrialNanos - now() > 0
                ? waitMillis()
                : Math.max(1, TimeUnit.NANOSECONDS.toMillis(policy.openWait().nanosAfter(1, MIDDLE)));
    }

    /**
     * Returns the refusal of a call, with the time of the next trial, or of its turn at a server that is slowed down.
     */
    ApiException refusal() {
        if (patience != null && isClosed()) {
            long next = Math.max(1, TimeUnit.NANOSECONDS.toMillis(patience.nextTurnIn(now())));
            return refusal(" " + patience.describe() + "; next call in " + next + " ms", next);
        }
        long wait = waitMillisOfRefused();
        String state = breaker.getState() == State.HALF_OPEN ? " is on trial" : " is open";
        return refusal(
                state + (lastOutcome.isEmpty() ? "" : ": " + lastOutcome) + "; next trial in " + wait + " ms", wait);
    }

    private ApiException refusal(String why, long waitMillis) {
        return new ApiException(
                Failure.of(ErrorKind.CIRCUIT_OPEN, Certainty.NOT_SENT, Retryability.TRANSIENT, "circuit " + name + why)
                        .withRetryAfter(Duration.ofMillis(waitMillis)));
    }

    /** Returns what a call waits for, as text. */
    String describeWait() {
        if (patience != null && isClosed()) {
            return "circuit " + name + ", which " + patience.describe();
        }
        return "circuit " + name + ": " + lastOutcome + "; next trial in " + waitMillisOfRefused() + " ms";
    }

    CircuitState state() {
        State state = breaker.getState();
        Metrics metrics = breaker.getMetrics();
        Instant next = state == State.CLOSED
                ? null
                : Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS)).plusMillis(waitMillis());
        boolean paced = state == State.CLOSED && patience != null && patience.isPaced();
        return new CircuitState(
                name,
                paced ? CircuitState.Phase.PACED : CircuitState.Phase.valueOf(state.name()),
                metrics.getNumberOfBufferedCalls(),
                metrics.getNumberOfFailedCalls(),
                next);
    }
}
