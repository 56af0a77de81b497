package io.penstock.hedge;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import io.penstock.request.Durations;
import io.penstock.retry.Wait;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A race of one send against a possible second one; the first response wins.
 *
 * <p>{@code state} only moves forward. The lanes, the timer and a cancel race for it. The one that moves it to
 * {@code SETTLED} signals downstream and cancels the rest; all others stay silent. A lane that fails while the other
 * one still runs moves it to {@code ONE_FAILED} and leaves the outcome to the other.
 *
 * <pre>
 *  IDLE → ALONE → BOTH → ONE_FAILED → SETTLED     (a step may be left out)
 * </pre>
 */
final class HedgeRace implements Subscription, Runnable {

    private static final AtomicIntegerFieldUpdater<HedgeRace> STATE =
            AtomicIntegerFieldUpdater.newUpdater(HedgeRace.class, "state");
    private static final int IDLE = 0;
    private static final int ALONE = 1;
    private static final int BOTH = 2;
    private static final int ONE_FAILED = 3;
    private static final int SETTLED = 4;

    private final CoreSubscriber<? super Reply> actual;
    private final Hedging hedging;
    private final LatencyWindow latencies;
    private final Exchange next;
    private final Lane first;
    private final Wait delay;
    private final List<String> headers;
    private volatile @Nullable Lane second;
    private volatile int state;

    HedgeRace(
            CoreSubscriber<? super Reply> actual,
            Hedging hedging,
            LatencyWindow latencies,
            Attempt call,
            Exchange next) {
        this.actual = actual;
        this.hedging = hedging;
        this.latencies = latencies;
        this.next = next;
        this.headers = call.addedHeaders();
        this.first = new Lane(this, call);
        this.delay = new Wait(call.scheduler(), actual.currentContext(), this);
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && STATE.compareAndSet(this, IDLE, ALONE)) {
            first.send(next);
            long usual = latencies.atPercentile();
            if (usual != LatencyWindow.UNKNOWN && state == ALONE) {
                hedgeIn(Math.max(usual, Durations.nanosOf(hedging.policy.shortestDelay())));
            }
        }
    }

    private void hedgeIn(long nanos) {
        Attempt call = first.call;
        if (nanos < call.deadlineNanos() - call.nowNanos()) {
            try {
                delay.begin(nanos);
            } catch (RejectedExecutionException e) {
                return; // the scheduler takes no more tasks: there is no second send
            }
        }
        if (state == SETTLED) {
            delay.cancel();
        }
    }

    /** Starts the second send when the delay is over. */
    @Override
    public void run() {
        if (state != ALONE || first.call.isWaitingForTurn() || !hedging.mayHedge(first.call)) {
            return;
        }
        Lane lane = new Lane(this, first.call.parallel(headers));
        second = lane;
        if (STATE.compareAndSet(this, ALONE, BOTH)) {
            lane.send(next);
        } else {
            hedging.notHedged(); // the first send has ended meanwhile
        }
    }

    @Override
    public void cancel() {
        if (STATE.getAndSet(this, SETTLED) != SETTLED) {
            giveUp(null);
        }
    }

    /** Cancels everything except the lane that has signalled, which is about to end by itself. */
    private void giveUp(@Nullable Lane butNot) {
        delay.cancel();
        if (first != butNot) {
            first.dispose();
        }
        Lane other = second;
        if (other != null && other != butNot) {
            other.dispose();
        }
    }

    /** Returns whether the caller of this method may signal downstream. */
    private boolean settle() {
        return STATE.getAndSet(this, SETTLED) != SETTLED;
    }

    private void answered(Lane winner, Reply reply) {
        if (settle()) {
            try {
                latencies.record(first.call.attemptElapsedNanos()); // the winner's own time would bias it low
                endsWith(winner);
                giveUp(winner);
            } finally {
                actual.onNext(reply);
                actual.onComplete();
            }
        }
    }

    /** Stores the error first: the lane that settles later finds it by way of {@code state}. */
    private void failed(Lane lane, Throwable error) {
        lane.error = error;
        if (!STATE.compareAndSet(this, BOTH, ONE_FAILED) && settle()) {
            Lane last = lastSent(lane);
            try {
                endsWith(last);
                giveUp(lane);
            } finally {
                actual.onError(last == lane ? error : Objects.requireNonNull(last.error, "error"));
            }
        }
    }

    /**
     * Returns the lane whose error counts. A send that was refused on this side hides neither one that was sent nor one
     * that has to queue again. If both credentials were refused, the lane that has discarded the credential counts:
     * only the first one can do so, and the call is repeated because of it.
     */
    private Lane lastSent(Lane lane) {
        Lane other = lane == first ? second : first;
        if (other == null || other.error == null) {
            return lane;
        }
        if (other.call.isCredentialRenewed() && isCredentialRefused(lane)) {
            return other;
        }
        if (lane.call.isDispatched()) {
            return lane;
        }
        return other.call.isDispatched() || other.call.isTurnedBack() ? other : lane;
    }

    private static boolean isCredentialRefused(Lane lane) {
        return lane.error instanceof ApiException e && e.kind() == ErrorKind.AUTHENTICATION;
    }

    /**
     * Records how the other send ended. Only the lane that has settled does so: the journey does not support two
     * writers.
     */
    private void endsWith(Lane last) {
        Lane hedge = second;
        if (hedge == null || !hedge.sent) {
            return;
        }
        Lane other = last == first ? hedge : first;
        Throwable error = other.error;
        other.call.ended(
                null,
                error instanceof ApiException e && e.journey() == Journey.none() ? e.failure() : null,
                error == null ? "cancelled: the other send was answered first" : "the other send was under way",
                0);
        first.call.endsAs(last.call);
    }

    private void empty(Lane lane) {
        if (settle()) {
            giveUp(lane);
            actual.onComplete();
        }
    }

    /** One send. Its base class ensures that a cancel reaches it at any time and that only one signal ends it. */
    private static final class Lane extends BaseSubscriber<Reply> {
        final Attempt call;
        volatile boolean sent;

        @Nullable
        Throwable error;

        private final HedgeRace race;

        Lane(HedgeRace race, Attempt call) {
            this.race = race;
            this.call = call;
        }

        void send(Exchange next) {
            sent = true;
            try {
                next.subscribe(call, this);
            } catch (Throwable e) {
                Exceptions.throwIfFatal(e);
                Operators.reportThrowInSubscribe(this, e);
            }
        }

        @Override
        protected void hookOnNext(Reply reply) {
            race.answered(this, reply);
        }

        @Override
        protected void hookOnError(Throwable error) {
            race.failed(this, error);
        }

        @Override
        protected void hookOnComplete() {
            race.empty(this);
        }

        @Override
        public Context currentContext() {
            return race.actual.currentContext();
        }
    }
}
