package io.penstock.retry;

import io.penstock.ApiException;
import io.penstock.Certainty;
import io.penstock.ErrorKind;
import io.penstock.Failure;
import io.penstock.Retryability;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Reply;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Sends again what may be sent again, as {@link RetryClass} and {@link io.penstock.Certainty} allow, and records every
 * attempt with the rule that decided what came next. The last real error is what a caller gets, never one about
 * retrying.
 *
 * <pre>
 *  keyed POST   |--#1--503            |--#2--reset         |--#3--201
 *  waits                 |--backoff-->        |--backoff-->
 *  deadline     |---------------------------------------------------------------|
 * </pre>
 *
 * A wait that would overrun the deadline is not begun: the call fails at once with the time at which trying again makes
 * sense. After a wait the next attempt starts on the call's scheduler.
 */
public final class ClassifiedRetry implements Operator {

    private final RetryPolicy policy;
    private final RetryBudget budget;
    private final DoubleSupplier random;

    /** With the jitter's dice thrown by the JDK. */
    public ClassifiedRetry(RetryPolicy policy) {
        this(policy, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** With dice of the caller's: evenly between 0 and 1. */
    public ClassifiedRetry(RetryPolicy policy, DoubleSupplier random) {
        this.policy = policy;
        this.budget = new RetryBudget(policy.budgetShare());
        this.random = random;
    }

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        return new RetryMono(this, call, next);
    }

    @Override
    public String describe() {
        return policy.toString();
    }

    private static final class RetryMono extends Mono<Reply> {
        private final ClassifiedRetry retry;
        private final Call call;
        private final Exchange next;

        RetryMono(ClassifiedRetry retry, Call call, Exchange next) {
            this.retry = retry;
            this.call = call;
            this.next = next;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Reply> actual) {
            actual.onSubscribe(new Loop(actual, retry, call, next));
        }
    }

    /**
     * One subscriber for all attempts of a call.
     *
     * <p>{@code current} is what a cancel has to reach: null before the first demand, then the running attempt's
     * subscription or the running wait, at the end {@code CANCELLED}. Only the loop replaces it, one attempt or wait
     * after the other; a cancel may come at any time from any thread and swaps in the terminal mark. Whoever loses that
     * race cancels what it was about to put there. Signals of an attempt are serial, and the next attempt starts only
     * after the former has ended, so the other fields need no protection.
     */
    private static final class Loop implements CoreSubscriber<Reply>, Subscription {

        private static final AtomicReferenceFieldUpdater<Loop, @Nullable Subscription> CURRENT =
                AtomicReferenceFieldUpdater.newUpdater(Loop.class, Subscription.class, "current");
        private static final Subscription CANCELLED = Operators.cancelledSubscription();
        private static final Subscription STARTED = Operators.emptySubscription();

        private final CoreSubscriber<? super Reply> actual;
        private final ClassifiedRetry retry;
        private final Call call;
        private final Exchange next;
        private volatile @Nullable Subscription current;
        private Call attempt;
        private boolean replied;

        Loop(CoreSubscriber<? super Reply> actual, ClassifiedRetry retry, Call call, Exchange next) {
            this.actual = actual;
            this.retry = retry;
            this.call = call;
            this.attempt = call;
            this.next = next;
        }

        @Override
        public void request(long n) {
            // A Mono needs demand once; whatever comes later changes nothing.
            if (Operators.validate(n) && CURRENT.compareAndSet(this, null, STARTED)) {
                retry.budget.deposit();
                send();
            }
        }

        @Override
        public void cancel() {
            Subscription running = CURRENT.getAndSet(this, CANCELLED);
            if (running != null && running != CANCELLED) {
                running.cancel();
            }
        }

        /** Puts what runs now within reach of a cancel; false, with it cancelled, if the cancel was first. */
        private boolean running(Subscription now) {
            for (; ; ) {
                Subscription before = current;
                if (before == CANCELLED) {
                    now.cancel();
                    return false;
                }
                if (CURRENT.compareAndSet(this, before, now)) {
                    return true;
                }
            }
        }

        void send() {
            attempt = call.attempt(attempt.attempt() + 1);
            Mono<Reply> reply;
            try {
                reply = Objects.requireNonNull(next.exchange(attempt), "an operator gave null in place of a Mono");
            } catch (Throwable e) {
                Exceptions.throwIfFatal(e);
                reply = Mono.error(e);
            }
            reply.subscribe(this);
        }

        @Override
        public void onSubscribe(Subscription s) {
            if (running(s)) {
                s.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Reply reply) {
            if (!replied) {
                replied = true;
                attempt.ended(reply, null, null, 0);
                actual.onNext(reply);
                actual.onComplete();
            }
        }

        @Override
        public void onComplete() {
            if (!replied) {
                actual.onComplete(); // an operator of the user's swallowed the reply
            }
        }

        @Override
        public void onError(Throwable error) {
            if (current == CANCELLED) {
                return; // the caller has gone; nothing is left to decide or to tell
            }
            if (replied) {
                Operators.onErrorDropped(error, actual.currentContext());
                return;
            }
            ApiException failed = typed(error);
            Failure failure = failed.failure();
            Decision decision = decide(failure);
            if (decision instanceof Decision.Resend resend) {
                attempt.ended(null, failure, resend.rule(), resend.waitNanos());
                await(resend.waitNanos(), failed);
            } else if (decision instanceof Decision.GiveUp giveUp) {
                attempt.ended(null, failure, giveUp.rule(), 0);
                if (giveUp.retryInNanos() >= 0) {
                    call.retryAt(Instant.ofEpochMilli(call.scheduler().now(TimeUnit.MILLISECONDS))
                            .plusNanos(giveUp.retryInNanos()));
                }
                actual.onError(failed);
            }
        }

        private Decision decide(Failure failure) {
            if (failure.retryability() == Retryability.AFTER_RENEWAL && attempt.isCredentialRenewed()) {
                return new Decision.Resend(0, "with a fresh credential");
            }
            Decision decision = Classifier.decide(
                    call.plan().retryClass(),
                    failure,
                    attempt.attempt(),
                    retry.policy,
                    call.deadlineNanos() - call.nowNanos(),
                    retry.policy.backoff().nanosAfter(attempt.attempt(), retry.random.getAsDouble()),
                    retry.budget.available());
            if (decision instanceof Decision.Resend resend && !retry.budget.withdraw()) {
                return new Decision.GiveUp("retry budget used up", resend.waitNanos());
            }
            return decision;
        }

        /**
         * What a user's operator throws is wrapped; everything else is typed already. After an answer "not sent" can only
         * speak of another client's call, made by an operator: it says nothing about this one.
         */
        private ApiException typed(Throwable error) {
            boolean ofThisCall = error instanceof ApiException known
                    && (known.certainty() != Certainty.NOT_SENT || attempt.status() == 0);
            return ofThisCall
                    ? (ApiException) error
                    : new ApiException(Failure.of(
                                    ErrorKind.OPERATOR_FAILED,
                                    attempt.certaintyIfInterrupted(),
                                    Retryability.PERMANENT,
                                    "an operator failed with "
                                            + error.getClass().getSimpleName() + " (see the cause)")
                            .withCause(error));
        }

        private void await(long nanos, ApiException failed) {
            Wait wait = new Wait(call.scheduler(), this::send);
            if (running(wait)) {
                try {
                    wait.begin(nanos);
                } catch (RejectedExecutionException e) {
                    call.note("the scheduler takes no more tasks: given up");
                    actual.onError(failed);
                }
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }
    }
}
