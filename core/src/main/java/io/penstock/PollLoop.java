package io.penstock;

import io.penstock.polling.Observation;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.PollState;
import io.penstock.polling.PollStatus;
import io.penstock.polling.Polling;
import io.penstock.ratelimit.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import tools.jackson.databind.node.MissingNode;

/**
 * One subscriber for all polls of a subscription.
 *
 * <pre>
 *  IDLE ── demand ──→ BUSY (a wait, then a poll) ── answer, demand left ──→ BUSY
 *    ↑                                           └─ answer, none left ────→ IDLE
 * </pre>
 *
 * {@code busy} says who may begin the next step: whoever moves it from 0 to 1. That is a request, or the loop itself on
 * its way out of a step, which looks for demand once more after it has let go. A step is a wait and the poll after it, as
 * one {@code Mono}; {@code current} is what a cancel has to reach of it. Only the loop replaces it; a cancel swaps in the
 * terminal mark from any thread, and whoever loses that race cancels what it was about to put there. The signals of a
 * step are serial and the next step begins only after the one before has completed, so the other fields need no protection.
 */
final class PollLoop<T> implements CoreSubscriber<ApiResponse<T>>, Subscription {

    @SuppressWarnings("rawtypes") // a class literal has no type argument
    private static final AtomicLongFieldUpdater<PollLoop> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(PollLoop.class, "requested");

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<PollLoop> BUSY =
            AtomicIntegerFieldUpdater.newUpdater(PollLoop.class, "busy");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<PollLoop, @Nullable Subscription> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(PollLoop.class, Subscription.class, "current");

    /** 73 years: four times that still fit into a long of nanoseconds. */
    private static final long LONGEST_SECONDS = Long.MAX_VALUE / 4_000_000_000L;

    private static final Subscription CANCELLED = Operators.cancelledSubscription();

    private final CoreSubscriber<? super Observation<T>> actual;
    private final Poll<T> poll;
    private final Polling<T> polling;
    private final PollPolicy policy;
    private final Assembly client;
    private final boolean mustSucceed;
    private final PollAccount account;
    private final long endNanos;

    private volatile long requested;

    @SuppressWarnings("UnusedVariable") // through its updater only
    private volatile int busy;

    private volatile @Nullable Subscription current;
    private volatile boolean inFlight;

    private long dueNanos;
    private int failuresInARow;
    /** Whether an answer has spoken of the operation, so that its absence is no "not yet" any more. */
    private boolean seen;

    private @Nullable String lastWord;
    private @Nullable ApiResponse<T> answer;

    PollLoop(
            CoreSubscriber<? super Observation<T>> actual,
            Poll<T> poll,
            boolean mustSucceed,
            PollAccount account,
            long endNanos) {
        this.actual = actual;
        this.poll = poll;
        this.polling = poll.polling();
        this.policy = polling.policy();
        this.client = poll.client().assembly();
        this.mustSucceed = mustSucceed;
        this.account = account;
        this.endNanos = endNanos;
        this.dueNanos = account.nowNanos() + firstWaitNanos();
    }

    /** What holds for certain, and what is only expected where the time limit leaves room for that. */
    private long firstWaitNanos() {
        long now = account.nowNanos();
        long least = Math.max(polling.firstAfter().toNanos(), poll.notBeforeNanos(now) - now);
        long expected = (long) (expectedInNanos(polling.expectedAt()) * policy.expectedShare());
        return expected < endNanos - now ? Math.max(least, expected) : least;
    }

    // ---- the subscriber's side ----

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(REQUESTED, this, n);
            if (BUSY.compareAndSet(this, 0, 1)) {
                step();
            }
        }
    }

    @Override
    public void cancel() {
        Subscription running = CURRENT.getAndSet(this, CANCELLED);
        if (running != null && running != CANCELLED) {
            running.cancel();
        }
        if (inFlight) {
            poll.polled(account.nowNanos()); // it may have been sent
        }
    }

    // ---- one step ----

    private void step() {
        if (current == CANCELLED) {
            return;
        }
        long now = account.nowNanos();
        long wait = Math.max(0, dueNanos - now);
        if (wait >= endNanos - now) {
            outOfTime(null, wait);
            return;
        }
        Mono<ApiResponse<T>> next = Mono.defer(this::send);
        Scheduler clock = client.scheduler();
        (wait == 0 ? next : Mono.delay(Duration.ofNanos(wait), clock).then(next)).subscribe(this);
    }

    private Mono<ApiResponse<T>> send() {
        inFlight = true;
        return poll.client().partOf(account.begin(), endNanos, polling.request());
    }

    @Override
    public void onSubscribe(Subscription s) {
        for (; ; ) {
            Subscription before = current;
            if (before == CANCELLED) {
                s.cancel();
                return;
            }
            if (CURRENT.compareAndSet(this, before, s)) {
                s.request(Long.MAX_VALUE);
                return;
            }
        }
    }

    @Override
    public void onNext(ApiResponse<T> response) {
        answer = response;
    }

    @Override
    public void onComplete() {
        ApiResponse<T> response = answer;
        answer = null;
        polled();
        if (current == CANCELLED) {
            return;
        }
        if (response == null) {
            fail(Failure.of(
                    ErrorKind.OPERATOR_FAILED,
                    Certainty.MAYBE_PROCESSED,
                    Retryability.PERMANENT,
                    "an operator swallowed the answer to " + account.what()));
            return;
        }
        PollStatus status;
        long wait;
        try {
            status = Objects.requireNonNull(polling.reading().apply(response), "no PollStatus was read");
            wait = learn(response, status);
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            fail(Failure.of(
                            ErrorKind.OPERATOR_FAILED,
                            Certainty.PROCESSED,
                            Retryability.PERMANENT,
                            "reading the state out of the answer to " + account.what() + " failed with "
                                    + e.getClass().getSimpleName() + " (see the cause)")
                    .withCause(e));
            return;
        }
        observed(response, status, wait);
    }

    /** Takes in what an answer says, with whatever the server wrote into it; the wait that follows, 0 after the last. */
    private long learn(ApiResponse<T> response, PollStatus status) {
        seen = true;
        failuresInARow = 0;
        String word = status.word();
        lastWord = word == null ? status.state().toString() : client.secrets().line(word);
        if (status.state().isTerminal()) {
            return 0;
        }
        long hint =
                hintNanos(RetryAfter.of(response.headers(), client.scheduler().now(TimeUnit.MILLISECONDS)));
        long left = endNanos - account.nowNanos();
        return policy.waitNanos(account.count(), random(), hint, expectedInNanos(status.expectedAt()), left);
    }

    private void observed(ApiResponse<T> response, PollStatus status, long wait) {
        String word = String.valueOf(lastWord);
        if (status.state().isTerminal()) {
            account.ended(response.journey(), response.status(), null, word, 0);
            end(response, status);
            return;
        }
        long left = endNanos - account.nowNanos();
        account.ended(response.journey(), response.status(), null, word, wait < left ? wait : 0);
        dueNanos = account.nowNanos() + wait;
        emit(response, status, wait < left ? Duration.ofNanos(wait) : null);
        if (wait < left) {
            goOn();
        } else {
            outOfTime(null, wait);
        }
    }

    /** What a poll that failed means: not yet, never, or only this once. */
    @Override
    public void onError(Throwable error) {
        answer = null;
        polled();
        if (current == CANCELLED) {
            return; // the caller has gone; nothing is left to decide or to tell
        }
        if (!(error instanceof ApiException failed)) {
            fail(Failure.of(
                            ErrorKind.CLIENT_CLOSED,
                            Certainty.NOT_SENT,
                            Retryability.PERMANENT,
                            "the client's scheduler takes no more tasks: polling " + account.what() + " is given up")
                    .withCause(error));
            return;
        }
        Polling.Absence absence = seen ? null : polling.absence();
        if (absence != null && absence.means(failed)) {
            notThereYet(failed, absence);
        } else if (failed.retryability() == Retryability.TRANSIENT || failed.kind() == ErrorKind.DEADLINE_EXCEEDED) {
            failedOnce(failed);
        } else {
            passOn(failed, "asking again cannot help");
        }
    }

    private void notThereYet(ApiException failed, Polling.Absence absence) {
        failuresInARow = 0;
        long left = endNanos - account.nowNanos();
        long wait = policy.waitNanos(account.count(), random(), hintNanos(failed), 0, left);
        long believed = absence.until().toNanos() - account.elapsedNanos();
        if (wait >= believed && believed <= left) {
            passOn(failed, "still not there after " + absence.until().toMillis() + " ms");
        } else {
            again(failed, "not there yet", wait, left);
        }
    }

    private void failedOnce(ApiException failed) {
        long left = endNanos - account.nowNanos();
        long wait = policy.waitNanos(account.count(), random(), hintNanos(failed), 0, left);
        if (wait < left && ++failuresInARow > policy.maxFailures()) {
            passOn(failed, "failed " + failuresInARow + (failuresInARow == 1 ? " time" : " times in a row"));
        } else {
            again(failed, "next poll", wait, left);
        }
    }

    private void again(ApiException failed, String why, long wait, long left) {
        if (wait >= left) {
            outOfTime(failed, wait);
            return;
        }
        account.ended(failed.journey(), failed.status(), failed.failure(), why, wait);
        dueNanos = account.nowNanos() + wait;
        goOn();
    }

    private void polled() {
        if (inFlight) {
            poll.polled(account.nowNanos());
            inFlight = false;
        }
    }

    private void goOn() {
        if (requested == 0) {
            BUSY.set(this, 0);
            if (requested == 0 || !BUSY.compareAndSet(this, 0, 1)) {
                return;
            }
        }
        step();
    }

    private void emit(ApiResponse<T> response, PollStatus status, @Nullable Duration nextIn) {
        if (response.value() != null) {
            actual.onNext(new Observation<>(
                    response, status, account.count(), Duration.ofNanos(account.elapsedNanos()), nextIn));
            Operators.produced(REQUESTED, this, 1);
        }
    }

    // ---- waits ----

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    private long hintNanos(RetryAfter.@Nullable Hint hint) {
        if (hint == null) {
            return 0;
        }
        if (hint.nonsense() != null) {
            account.note("Retry-After ignored: " + hint.nonsense());
        }
        Duration delay = hint.delay();
        return delay == null ? 0 : delay.toNanos();
    }

    private long hintNanos(ApiException failed) {
        Duration after = failed.retryAfter();
        if (after != null) {
            return Math.max(0, after.toSeconds() > Integer.MAX_VALUE ? Long.MAX_VALUE / 2 : after.toNanos());
        }
        return expectedInNanos(failed.retryAt());
    }

    private long expectedInNanos(@Nullable Instant at) {
        if (at == null) {
            return 0;
        }
        // In seconds first: a server may name a time that no long has the milliseconds of.
        long now = client.scheduler().now(TimeUnit.MILLISECONDS);
        if (at.getEpochSecond() - now / 1000 > LONGEST_SECONDS) {
            return TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        }
        return at.getEpochSecond() < 0 ? 0 : TimeUnit.MILLISECONDS.toNanos(Math.max(0, at.toEpochMilli() - now));
    }

    // ---- the end ----

    private void end(ApiResponse<T> response, PollStatus status) {
        if (mustSucceed && status.state() != PollState.SUCCEEDED) {
            String reason = status.reason() == null ? null : client.secrets().line(status.reason());
            boolean cancelled = status.state() == PollState.CANCELLED;
            fail(new Failure(
                    cancelled ? ErrorKind.JOB_CANCELLED : ErrorKind.JOB_FAILED,
                    Certainty.PROCESSED,
                    Retryability.PERMANENT,
                    "the operation behind " + account.what() + (cancelled ? " was cancelled" : " has failed")
                            + " (state " + lastWord + (reason == null ? ")" : "): " + reason),
                    response.status(),
                    lastWord,
                    reason,
                    null,
                    List.of(),
                    MissingNode.getInstance(),
                    null,
                    0,
                    null,
                    null,
                    null,
                    null));
            return;
        }
        emit(response, status, null);
        if (CURRENT.getAndSet(this, CANCELLED) != CANCELLED) {
            actual.onComplete();
        }
    }

    private void outOfTime(@Nullable ApiException lastPoll, long waitNanos) {
        Certainty certainty = lastPoll == null ? Certainty.NOT_SENT : lastPoll.certainty();
        if (lastPoll != null) {
            account.ended(lastPoll.journey(), lastPoll.status(), lastPoll.failure(), "no time left", 0);
        }
        Failure failure = Failure.of(
                        ErrorKind.DEADLINE_EXCEEDED,
                        certainty,
                        Retryability.PERMANENT,
                        "the time limit leaves no time for another poll of " + account.what() + " after "
                                + account.count() + " of them; the last state seen is "
                                + (lastWord == null ? "none" : lastWord)
                                + (lastPoll == null ? "" : ", the last poll failed: " + lastPoll.getMessage())
                                + "; the operation may still be running, and can be polled again")
                .withPhase(Phase.TOTAL);
        conclude(
                new ApiException(lastPoll == null ? failure : failure.withCause(lastPoll)),
                Instant.ofEpochMilli(client.scheduler().now(TimeUnit.MILLISECONDS))
                        .plusNanos(waitNanos));
    }

    /** The poll's own failure ends the polling: the same facts, told of all polls together. */
    private void passOn(ApiException failed, String why) {
        account.ended(failed.journey(), failed.status(), failed.failure(), why, 0);
        Failure failure = failed.failure()
                .withMessage(failed.getMessage() + " (poll " + account.count() + " of " + account.what() + ": " + why
                        + (lastWord == null ? "" : "; the last state seen is " + lastWord) + ")")
                .withCause(failed);
        boolean vendors = failed.getClass() != ApiException.class;
        conclude(vendors ? client.exceptions().apply(failure) : new ApiException(failure), failed.retryAt());
    }

    private void fail(Failure failure) {
        conclude(
                failure.status() == 0
                        ? new ApiException(failure)
                        : client.exceptions().apply(failure),
                null);
    }

    private void conclude(ApiException failed, @Nullable Instant retryAt) {
        if (CURRENT.getAndSet(this, CANCELLED) != CANCELLED) {
            actual.onError(failed.conclude(account.journey(failed.failure().message()), retryAt, true));
        }
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }
}
