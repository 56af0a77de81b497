package io.penstock.retry;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SendCheck;
import io.penstock.pipeline.SubscribingExchange;
import io.penstock.pipeline.SubscribingOperator;
import io.penstock.pipeline.TurnLine;
import io.penstock.pipeline.Turns;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.KeyLife;
import io.penstock.request.Plan;
import io.penstock.request.RetryClass;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * An operator that retries failed attempts as {@link RetryClass} and {@link io.penstock.error.Certainty} allow. It
 * records every attempt together with the rule that decided what followed it. When retries end without success, the
 * caller gets the last real error, never an error about retrying.
 *
 * <pre>
 *  keyed POST   |--#1--503            |--#2--reset         |--#3--201
 *  waits                 |--backoff-->        |--backoff-->
 *  deadline     |---------------------------------------------------------------|
 * </pre>
 *
 * A wait that would overrun the deadline is not started: the call fails at once with the time at which a retry makes
 * sense. A retry without budget queues for budget after its backoff, in order of arrival, with nested calls first and
 * background calls last. If the deadline expires first, the call ends with its last real error. After a wait, the next
 * attempt starts on the call's scheduler.
 *
 * @hidden
 */
@Internal
public final class ClassifiedRetry extends SubscribingOperator implements SendCheck {

    final RetryPolicy policy;
    public final Budget budget;
    final DoubleSupplier random;
    final @Nullable Reconciliation reconciliation;

    /** Creates a retry operator that draws its jitter from {@link ThreadLocalRandom}. */
    public ClassifiedRetry(RetryPolicy policy) {
        this(policy, () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * Creates a retry operator that draws its jitter from the given source, evenly between 0 and 1. It runs no probes.
     */
    public ClassifiedRetry(RetryPolicy policy, DoubleSupplier random) {
        this(policy, random, null);
    }

    /**
     * Creates a retry operator that runs probes.
     *
     * @param maxWaiting how many retries may queue for budget
     * @param nested makes a call as a part of another one, within what is left of its deadline
     */
    public ClassifiedRetry(
            RetryPolicy policy,
            int maxWaiting,
            BiFunction<Call, ApiRequest<?>, Mono<? extends ApiResponse<?>>> nested) {
        this(
                policy,
                () -> ThreadLocalRandom.current().nextDouble(),
                maxWaiting,
                new Reconciliation(nested, policy.backoff()));
    }

    ClassifiedRetry(RetryPolicy policy, DoubleSupplier random, @Nullable Reconciliation reconciliation) {
        this(policy, random, GatePolicy.standard().maxWaiting(), reconciliation);
    }

    private ClassifiedRetry(
            RetryPolicy policy, DoubleSupplier random, int maxWaiting, @Nullable Reconciliation reconciliation) {
        this.reconciliation = reconciliation;
        this.policy = policy;
        this.budget = policy.budget().failsFast()
                ? new RetryBudget(policy.budget().share())
                : new PatientBudget(policy.budget().share(), maxWaiting);
        this.random = random;
    }

    /**
     * Turns away all retries that wait for budget, now and in the future, with {@link ErrorKind#CLIENT_CLOSED}; their
     * calls end with their last real error.
     */
    public void close() {
        TurnLine line = budget.line();
        if (line != null) {
            line.close(Turns.closed());
        }
    }

    @Override
    public Exchange around(Exchange next) {
        return new Retried(this, next);
    }

    /** The exchange that is retried, with the rules for it. */
    record Retried(ClassifiedRetry rules, Exchange next) implements SubscribingExchange {
        @Override
        public void subscribe(Call call, CoreSubscriber<? super Reply> actual) {
            actual.onSubscribe(new RetryLoop(actual, this, call));
        }
    }

    /** Checks what may have changed while the attempt waited: the deadline, the body and the lifetime of the key. */
    @Override
    public @Nullable ApiException refusal(Attempt attempt) {
        Plan plan = attempt.plan();
        KeyLife life = plan.keyLife();
        long now = attempt.nowNanos();
        if (attempt.deadlineNanos() - now <= 0) {
            return new ApiException(Failure.of(
                            ErrorKind.DEADLINE_EXCEEDED,
                            Certainty.NOT_SENT,
                            Retryability.PERMANENT,
                            "deadline of " + attempt.timeoutNanos() / 1_000_000
                                    + " ms reached before the attempt could be sent")
                    .withPhase(Phase.TOTAL));
        }
        if (life != null
                && !life.use(now)
                && (life.isShared() || attempt.certainty().mayHaveActed())) {
            return keyForgotten(plan, life);
        }
        return plan.body() == null || plan.body().isAvailable() ? null : bodyUsed();
    }

    static ApiException keyForgotten(Plan plan, KeyLife life) {
        return ApiException.invalidRequest("idempotency key: " + plan.key() + ", first used more than "
                + life.lifetime() + " ago, when the server forgets it (expected: a look whether it was done, or"
                + " withNewIdempotencyKey() for a new effect); nothing was sent");
    }

    private static ApiException bodyUsed() {
        return new ApiException(Failure.of(
                ErrorKind.BODY_UNREADABLE,
                Certainty.NOT_SENT,
                Retryability.PERMANENT,
                "body: a stream, which can be read only once, and has been read (expected: a body for each call)"));
    }

    @Override
    public String describe() {
        return policy.toString();
    }
}
