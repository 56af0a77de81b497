package io.penstock.timeout;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Sending;
import io.penstock.pipeline.StreamedBody;
import io.penstock.pipeline.SubscribingExchange;
import io.penstock.pipeline.SubscribingOperator;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import io.penstock.request.Durations;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * An operator that ends an attempt which takes too long, and reports which {@link Phase} took too long and what is
 * known about the effect. It starts after all waits, cancels the attempt (which closes its connection), and fires on
 * the call's scheduler.
 *
 * <pre>
 *  attempt      |--connect--|--request--:--------|head-----part--------part--|
 *  FIRST_BYTE               |--------------------|
 *  IDLE                                          |---------|-----------|-----|   each measured separately
 *  SEND                     |-|-|-|   each measured separately, if the body is streamed
 *  ATTEMPT      |------------------------------------------------------------|
 *  TOTAL     …--|------------------------------------------------------------|   including earlier attempts and waits
 * </pre>
 *
 * If the request body is read while it is sent, the time that the connection takes to accept it counts only towards
 * TOTAL: FIRST_BYTE and ATTEMPT start when the body has ended, or when a response arrives before that.
 *
 * <p>ATTEMPT and TOTAL fire at most {@value AttemptTimers#TICK_MILLIS} ms late, and never early. FIRST_BYTE and IDLE
 * need no clock reading in the attempt: its {@link Attempt} only counts what has arrived, and the tick that all
 * attempts share compares the count with the previous one and keeps the time. They fire at most two ticks late.
 *
 * <p>For a streamed response body, ATTEMPT and TOTAL end with the reply, which arrives with the first element; the
 * stream itself enforces a deadline set by the user. From then on only IDLE counts, and only while the subscriber has
 * demand: a slow subscriber does not make the server idle.
 *
 * @hidden
 */
@Internal
public final class AttemptTimeout extends SubscribingOperator {

    private static final Duration NEVER = Duration.ofNanos(Durations.LONGEST_NANOS);

    private final long attemptNanos;
    private final long firstByteNanos;
    private final long idleNanos;
    private final long graceNanos;
    private final AttemptTimers timers;

    /**
     * Creates timeouts for an attempt and its phases.
     *
     * @param firstByte from handing the request to a connection to the head of the response; null for no separate limit
     * @param idle between the head and the first part of the body, between two parts, and between the last part and the
     *     end; null for no separate limit
     */
    public AttemptTimeout(
            Duration attempt, @Nullable Duration firstByte, @Nullable Duration idle, Scheduler scheduler) {
        this(attempt, firstByte == null ? NEVER : firstByte, idle == null ? NEVER : idle, Duration.ZERO, scheduler);
    }

    /** Creates a timeout for an attempt as a whole, without limits for its phases. */
    public AttemptTimeout(Duration attempt, Scheduler scheduler) {
        this(attempt, null, null, scheduler);
    }

    /**
     * Creates the deadline of a whole call. It covers what attempts cannot end, such as a user's operator that never
     * completes. It fires one tick after the deadline, so that an attempt that ends at the deadline can report what it
     * knows.
     */
    public static AttemptTimeout ofTheCall(Scheduler scheduler) {
        return new AttemptTimeout(NEVER, NEVER, NEVER, Duration.ofMillis(AttemptTimers.TICK_MILLIS), scheduler);
    }

    private AttemptTimeout(Duration attempt, Duration firstByte, Duration idle, Duration grace, Scheduler scheduler) {
        this.attemptNanos = Durations.nanosOf(attempt);
        this.firstByteNanos = Durations.nanosOf(firstByte);
        this.idleNanos = Durations.nanosOf(idle);
        this.graceNanos = grace.toNanos();
        this.timers = new AttemptTimers(scheduler);
    }

    @Override
    public Exchange around(Exchange next) {
        return (SubscribingExchange) (call, actual) -> subscribe(call, next, actual);
    }

    private void subscribe(Call call, Exchange next, CoreSubscriber<? super Reply> actual) {
        Call timed = graceNanos > 0 ? call : Attempt.of(call);
        next.subscribe(timed, new TimedSubscriber(actual, this, timed));
    }

    @Override
    public String describe() {
        return graceNanos > 0
                ? "whatever the operators below do"
                : millis(attemptNanos) + ", or what is left of the deadline"
                        + (firstByteNanos < attemptNanos ? "; first byte " + millis(firstByteNanos) : "")
                        + (idleNanos < attemptNanos ? "; idle " + millis(idleNanos) : "");
    }

    private static String millis(long nanos) {
        return nanos / 1_000_000 + " ms";
    }

    /**
     * The subscriber to one attempt. Upstream, the timer and a cancel race for {@code ended}: the first one decides
     * what the caller sees, and the others are dropped. The slot is taken only after downstream has its subscription,
     * so that an expiry can never come first. {@code ended} is read once more after taking the slot, because the
     * attempt may have ended meanwhile.
     */
    private static final class TimedSubscriber implements CoreSubscriber<Reply>, Subscription, AttemptTimers.Timed {

        private static final AtomicIntegerFieldUpdater<TimedSubscriber> ENDED =
                AtomicIntegerFieldUpdater.newUpdater(TimedSubscriber.class, "ended");
        private static final int NO_SLOT = -1;
        private static final int NOTHING = 0;
        private static final int DISPATCHED = 1;
        private static final int ANSWERED = 2;
        /** Values of {@code ended}: over, and replied with a body that is still arriving. */
        private static final int OVER = 1;

        private static final int STREAMING = 2;

        private final CoreSubscriber<? super Reply> actual;
        private final AttemptTimeout timeout;
        private final Call call;
        private final long expiresAtNanos;
        private @Nullable Subscription upstream;
        private @Nullable StreamedBody body;
        private volatile int ended;
        private volatile int slot = NO_SLOT;

        TimedSubscriber(CoreSubscriber<? super Reply> actual, AttemptTimeout timeout, Call call) {
            this.actual = actual;
            this.timeout = timeout;
            this.call = call;
            long now = call.nowNanos();
            this.expiresAtNanos = now + Math.min(attemptNanos(), call.deadlineNanos() - now + timeout.graceNanos);
        }

        /** Returns the time of the attempt; that of a request does not concern the deadline of a whole call. */
        private long attemptNanos() {
            return timeout.graceNanos > 0
                    ? timeout.attemptNanos
                    : call.plan().settings().attemptTimeoutNanos(timeout.attemptNanos);
        }

        /** Returns the attempt; null for the deadline of a whole call. */
        private @Nullable Attempt attempt() {
            return call instanceof Attempt one ? one : null;
        }

        @Override
        public void onSubscribe(Subscription s) {
            upstream = s;
            actual.onSubscribe(this);
            if (ended != OVER) {
                watch();
                if (ended == OVER || isBodyOver()) {
                    leaveSlot();
                }
            }
        }

        private void watch() {
            try {
                slot = timeout.timers.add(this);
            } catch (RejectedExecutionException e) {
                fail(
                        null,
                        ErrorKind.CLIENT_CLOSED,
                        Retryability.PERMANENT,
                        "the client's scheduler takes no more tasks");
            }
        }

        private boolean end() {
            if (ENDED.compareAndSet(this, 0, OVER)) {
                leaveSlot();
                return true;
            }
            return false;
        }

        private void leaveSlot() {
            int taken = slot;
            if (taken != NO_SLOT) {
                timeout.timers.remove(taken, this);
            }
        }

        @Override
        public void onNext(Reply reply) {
            StreamedBody arriving = attempt() == null ? null : reply.streamed();
            if (arriving == null ? end() : goOnWith(arriving)) {
                actual.onNext(reply);
                actual.onComplete();
            } else {
                reply.discard();
            }
        }

        /**
         * Switches to the body: from here on only a pause can be too long, and only while the subscriber has demand.
         */
        private boolean goOnWith(StreamedBody arriving) {
            body = arriving;
            if (!ENDED.compareAndSet(this, 0, STREAMING)) {
                return false;
            }
            arriving.whenOver(failure -> leaveSlot());
            return true;
        }

        private boolean isBodyOver() {
            return ended == STREAMING && body != null && body.isOver();
        }

        @Override
        public void onError(Throwable error) {
            if (end()) {
                Attempt attempt = attempt();
                if (attempt != null && error instanceof ApiException known && known.journey() == Journey.none()) {
                    attempt.learned(known.certainty()); // the transport's own certainty
                }
                actual.onError(error);
            } // else: a timeout or a cancel ended the attempt before, which is what broke the connection
        }

        @Override
        public void onComplete() {
            if (end()) {
                actual.onComplete();
            }
        }

        @Override
        public void request(long n) {
            Subscription s = upstream;
            if (s != null) {
                s.request(n);
            }
        }

        @Override
        public void cancel() {
            if (end()) {
                cancelUpstream();
            }
        }

        @Override
        public void tick(long now, AttemptTimers.Watch watch) {
            StreamedBody arriving = ended == STREAMING ? body : null;
            if (arriving != null) {
                tick(now, watch, arriving);
                return;
            }
            Attempt attempt = attempt();
            Sending sending = attempt == null ? null : attempt.sending();
            long expiresAt = attempt == null
                    ? call.deadlineNanos() + timeout.graceNanos
                    : sending == null ? expiresAtNanos : expiryAfter(sending);
            if (expiresAt - now <= 0) {
                expire(expiresAt);
                return;
            }
            long progress = progress(sending);
            if (watch.sees(progress, now)) {
                return;
            }
            long pause = watch.pauseNanos(now);
            if (progress < NOTHING) {
                long most = Math.min(timeout.idleNanos, attemptNanos());
                if (pause >= most) {
                    tooSlow(Phase.SEND, "timeout between two parts of the body", most);
                }
            } else if (progress == DISPATCHED && pause >= timeout.firstByteNanos) {
                tooSlow(Phase.FIRST_BYTE, "first-byte timeout", timeout.firstByteNanos);
            } else if (progress >= ANSWERED && pause >= timeout.idleNanos) {
                tooSlow(Phase.IDLE, "idle timeout", timeout.idleNanos);
            }
        }

        private void tick(long now, AttemptTimers.Watch watch, StreamedBody arriving) {
            long progress = progress(null);
            if (!arriving.isTaken()) {
                if (expiresAtNanos - now <= 0) {
                    fail(
                            arriving,
                            failure(
                                    ErrorKind.TIMEOUT,
                                    Retryability.PERMANENT,
                                    "an operator has not passed the answer on: nobody reads its body"));
                }
            } else if (!arriving.isAwaited()) {
                watch.restart(progress, now);
            } else if (!watch.sees(progress, now) && watch.pauseNanos(now) >= timeout.idleNanos) {
                fail(
                        arriving,
                        failure(
                                        ErrorKind.TIMEOUT,
                                        Retryability.TRANSIENT,
                                        "idle timeout of " + millis(timeout.idleNanos) + ": " + reached())
                                .withPhase(Phase.IDLE));
            }
        }

        /** Fails the body in its subscriber's context: the timer is shared by all attempts. */
        private void fail(StreamedBody arriving, Failure failure) {
            SubscriberContext.run(currentContext(), () -> arriving.fail(new ApiException(failure)));
        }

        /**
         * Returns the expiry time. The time for reading and sending a body is not the attempt's: its time starts over
         * when the body has ended.
         */
        private long expiryAfter(Sending sending) {
            long deadline = call.deadlineNanos() + timeout.graceNanos;
            return sending.isEnded()
                    ? sending.endedAtNanos() + Math.min(attemptNanos(), deadline - sending.endedAtNanos())
                    : deadline;
        }

        /** Returns the progress of the attempt; below NOTHING while a streamed request body is being sent. */
        private long progress(@Nullable Sending sending) {
            Attempt sent = attempt();
            if (sent == null || !sent.isDispatched()) {
                return NOTHING;
            }
            if (sending != null && !sending.isEnded()) {
                return -1 - sending.bytes();
            }
            return sent.status() == 0 ? DISPATCHED : ANSWERED + sent.receivedBytes();
        }

        private void expire(long expiresAt) {
            if (call.deadlineNanos() - expiresAt > 0) {
                tooSlow(Phase.ATTEMPT, "attempt timeout", attemptNanos());
            } else {
                Attempt attempt = attempt();
                fail(
                        Phase.TOTAL,
                        ErrorKind.DEADLINE_EXCEEDED,
                        Retryability.PERMANENT,
                        "deadline of " + millis(call.timeoutNanos()) + " reached"
                                + (attempt != null && attempt.number() > 1 ? " in attempt " + attempt.number() : ""));
            }
        }

        private void tooSlow(Phase phase, String limit, long nanos) {
            fail(phase, ErrorKind.TIMEOUT, Retryability.TRANSIENT, limit + " of " + millis(nanos));
        }

        private void fail(@Nullable Phase phase, ErrorKind kind, Retryability retryability, String why) {
            if (end()) {
                SubscriberContext.run(currentContext(), () -> giveUp(phase, kind, retryability, why));
            }
        }

        private void giveUp(@Nullable Phase phase, ErrorKind kind, Retryability retryability, String why) {
            // Read after the cancel: before it, an attempt that was just about to be written could still be seen as
            // "not sent".
            try {
                cancelUpstream();
            } finally {
                Failure failure = failure(kind, retryability, why + ": " + reached());
                actual.onError(new ApiException(phase == null ? failure : failure.withPhase(phase)));
            }
        }

        private Failure failure(ErrorKind kind, Retryability retryability, String message) {
            Attempt attempt = attempt();
            return attempt == null
                    ? Failure.of(kind, call.certainty(), retryability, message)
                    : Failure.of(kind, attempt.certaintyIfInterrupted(), retryability, message)
                            .withStatus(attempt.status());
        }

        /** Describes how far the attempt got. */
        private String reached() {
            Attempt sent = attempt();
            if (sent == null) {
                return "an operator has not come to an end";
            }
            int status = sent.status();
            Sending sending = sent.sending();
            if (sending != null && !sending.isEnded()) {
                return sending.progress() + " of the body sent";
            }
            return status == 0
                    ? sent.isDispatched() ? "no answer yet" : "no connection yet"
                    : "answer " + status + " not complete after " + sent.receivedBytes() + " bytes of its body";
        }

        private void cancelUpstream() {
            Subscription s = upstream;
            if (s != null) {
                s.cancel();
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }
    }
}
