package io.penstock.polling;

import io.penstock.call.ClientRuntime;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.request.ApiResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
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

/**
 * The subscriber to all polls of one subscription.
 *
 * <pre>
 *  IDLE ── demand ──→ BUSY (a wait, then a poll) ── answer, demand left ──→ BUSY
 *    ↑                                           └─ answer, none left ────→ IDLE
 * </pre>
 *
 * {@code busy} guards the next step: the thread that moves it from 0 to 1 may start the step. That is a request, or the
 * loop itself at the end of a step; the loop checks for demand once more after it has let go. A step is a wait and the
 * poll after it, as one {@code Mono}; {@code current} is its subscription, which a cancel must reach. Only the loop
 * replaces {@code current}. A cancel swaps in the terminal marker from any thread; if the loop loses that race, it
 * cancels the subscription it was about to store. The signals of a step are serial and the next step starts only after
 * the previous one has completed, so the other fields need no synchronization.
 */
final class PollLoop<T> implements CoreSubscriber<ApiResponse<T>>, Subscription {

    @SuppressWarnings("rawtypes") // a class literal has no type argument
    private static final AtomicLongFieldUpdater<PollLoop> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(PollLoop.class, "requested");

    @SuppressWarnings("rawtypes") // a class literal has no type argument
    private static final AtomicIntegerFieldUpdater<PollLoop> BUSY =
            AtomicIntegerFieldUpdater.newUpdater(PollLoop.class, "busy");

    @SuppressWarnings("rawtypes") // a class literal has no type argument
    private static final AtomicReferenceFieldUpdater<PollLoop, @Nullable Subscription> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(PollLoop.class, Subscription.class, "current");

    private static final Subscription CANCELLED = Operators.cancelledSubscription();
    /** The status of an unchanged operation; only a conditional request gets it (RFC 9110 §15.4.5). */
    private static final int NOT_MODIFIED = 304;

    private final CoreSubscriber<? super Poll.Observation<T>> actual;
    private final Poll<T> poll;
    private final Polling<T> polling;
    private final ClientRuntime client;
    private final boolean mustSucceed;
    private final PollAccount account;
    private final PollWaits waits;
    private final PollFailures failures;
    private final long endNanos;

    private volatile long requested;

    @SuppressWarnings("UnusedVariable") // through its updater only
    private volatile int busy;

    private volatile @Nullable Subscription current;
    private volatile boolean inFlight;

    private long dueNanos;
    private int failuresInARow;
    /** Whether a response has shown the operation, so that its absence no longer means "not yet". */
    private boolean seen;

    private @Nullable ApiResponse<T> answer;

    PollLoop(
            CoreSubscriber<? super Poll.Observation<T>> actual,
            Poll<T> poll,
            boolean mustSucceed,
            PollAccount account,
            long endNanos) {
        this.actual = actual;
        this.poll = poll;
        this.polling = poll.polling();
        this.client = poll.client();
        this.mustSucceed = mustSucceed;
        this.account = account;
        this.endNanos = endNanos;
        this.waits = new PollWaits(
                polling.policy(),
                account,
                client.scheduler(),
                endNanos,
                client.reporting().errors().shape().retryAfter());
        this.failures = new PollFailures(account, client, polling.request());
        this.dueNanos = account.nowNanos() + waits.beforeTheFirst(polling);
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
        if (account.count() == 0) {
            dueNanos = Math.max(
                    dueNanos, poll.notBeforeNanos(now)); // others may have polled since this subscription began
        }
        long wait = Math.max(0, dueNanos - now);
        if (wait >= endNanos - now) {
            outOfTime(null, wait);
            return;
        }
        Mono<ApiResponse<T>> next = Mono.defer(this::send);
        Scheduler clock = client.scheduler();
        (wait == 0 ? next : client.active().pause(Duration.ofNanos(wait), clock).then(next)).subscribe(this);
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
            giveUp(Journey.none(), 0, failures.swallowed());
            return;
        }
        PollStatus status;
        long wait;
        try {
            status = response.status() == NOT_MODIFIED
                    ? PollStatus.of(PollState.RUNNING, account.lastWord())
                    : Objects.requireNonNull(polling.reading().apply(response), "no PollStatus was read");
            wait = learn(response, status);
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            giveUp(response.journey(), response.status(), failures.unreadable(e));
            return;
        }
        observed(response, status, wait);
    }

    /** Records the status in a response; returns the wait that follows, or 0 if the state is terminal. */
    private long learn(ApiResponse<T> response, PollStatus status) {
        seen = true;
        failuresInARow = 0;
        String word = status.word();
        account.saw(
                word == null
                        ? status.state().toString()
                        : client.secretsOf(polling.request()).line(word));
        return status.state().isTerminal() ? 0 : waits.after(response.headers(), status.expectedAt());
    }

    private void observed(ApiResponse<T> response, PollStatus status, long wait) {
        String word = String.valueOf(account.lastWord());
        if (status.state().isTerminal()) {
            account.ended(response.journey(), response.status(), null, word, 0);
            end(response, status);
            return;
        }
        long left = waits.leftNanos();
        account.ended(response.journey(), response.status(), null, word, wait < left ? wait : 0);
        dueNanos = account.nowNanos() + wait;
        emit(response, status, wait < left ? Duration.ofNanos(wait) : null);
        if (wait < left) {
            goOn();
        } else {
            outOfTime(null, wait);
        }
    }

    /** Decides whether a failed poll means "not there yet", a transient failure, or the end. */
    @Override
    public void onError(Throwable error) {
        answer = null;
        polled();
        if (current == CANCELLED) {
            return; // the caller has cancelled; there is nothing left to decide or to report
        }
        if (!(error instanceof ApiException failed)) {
            fail(failures.closed(error));
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
        long left = waits.leftNanos();
        long wait = waits.after(failed);
        long believed = absence.until().toNanos() - account.elapsedNanos();
        if (wait >= believed && believed <= left) {
            passOn(failed, "still not there after " + absence.until().toMillis() + " ms");
        } else {
            again(failed, "not there yet", wait, left);
        }
    }

    private void failedOnce(ApiException failed) {
        long left = waits.leftNanos();
        long wait = waits.after(failed);
        if (wait < left && ++failuresInARow > polling.policy().maxFailures()) {
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
            actual.onNext(new Poll.Observation<>(
                    response, status, account.count(), Duration.ofNanos(account.elapsedNanos()), nextIn));
            Operators.produced(REQUESTED, this, 1);
        }
    }

    // ---- the end ----

    private void end(ApiResponse<T> response, PollStatus status) {
        if (mustSucceed && status.state() != PollState.SUCCEEDED) {
            fail(failures.ofTheOperation(response.status(), status));
            return;
        }
        emit(response, status, null);
        if (CURRENT.getAndSet(this, CANCELLED) != CANCELLED) {
            actual.onComplete();
        }
    }

    private void outOfTime(@Nullable ApiException lastPoll, long waitNanos) {
        if (lastPoll != null) {
            account.ended(lastPoll.journey(), lastPoll.status(), lastPoll.failure(), "no time left", 0);
        }
        conclude(
                new ApiException(failures.outOfTime(lastPoll)),
                Instant.ofEpochMilli(client.scheduler().now(TimeUnit.MILLISECONDS))
                        .plusNanos(waitNanos));
    }

    /** Ends the polling with the poll's own failure, extended to cover all polls. */
    private void passOn(ApiException failed, String why) {
        account.ended(failed.journey(), failed.status(), failed.failure(), why, 0);
        Failure failure = failures.passedOn(failed, why);
        boolean vendors = failed.getClass() != ApiException.class;
        conclude(vendors ? client.exceptions().apply(failure) : new ApiException(failure), failed.retryAt());
    }

    /** Ends the polling after a response whose state could not be read. */
    private void giveUp(Journey call, int status, Failure failure) {
        account.ended(call, status, failure, "no state could be read", 0);
        fail(failure);
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
