package io.penstock.pipeline;

import io.penstock.Certainty;
import io.penstock.Failure;
import io.penstock.Headers;
import io.penstock.Journey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The state of one logical call, and of each attempt at it.
 *
 * <p>A call is made when a caller subscribes. The retry loop makes an attempt of it for every physical send: an attempt
 * is a {@code Call} too, with the same plan, deadline and history, but with headers and a dispatch flag of its own, so
 * that a late signal of one attempt can never be taken for another's.
 */
public final class Call {

    private static final AtomicLongFieldUpdater<Call> RECEIVED_BYTES =
            AtomicLongFieldUpdater.newUpdater(Call.class, "receivedBytes");

    /** Nothing was handed to a connection. */
    private static final int IDLE = 0;
    /** The request was handed to a connection; from here on it may have been sent. Larger values are a status. */
    private static final int DISPATCHED = 1;

    private final Plan plan;
    private final History history;
    private final int attempt;
    private long attemptStartedNanos;
    private List<String> addedHeaders;
    private volatile int wire;
    private volatile long receivedBytes;
    private volatile boolean reusedConnection;
    private volatile boolean credentialRenewed;
    private volatile @Nullable Duration quotaReset;
    private volatile @Nullable Call endedBy;
    private volatile @Nullable Sending sending;

    /** What all attempts of a call share. */
    private static final class History {
        final Scheduler scheduler;
        final long startedNanos;
        final long startedMillis;
        volatile boolean dispatched;
        List<Journey.Attempt> attempts = List.of();
        List<String> notes = List.of();

        @Nullable
        Instant retryAt;

        private boolean renewed;
        private final long timeoutNanos;
        private final boolean sentOnce;
        private final boolean nested;
        private Certainty certainty = Certainty.NOT_SENT;
        private boolean withoutEffect;

        History(Scheduler scheduler, long startedNanos, long timeoutNanos, boolean sentOnce, boolean nested) {
            this.scheduler = scheduler;
            this.startedNanos = startedNanos;
            this.startedMillis = scheduler.now(TimeUnit.MILLISECONDS);
            this.timeoutNanos = timeoutNanos;
            this.sentOnce = sentOnce;
            this.nested = nested;
        }

        synchronized void note(String text) {
            notes = plus(notes, text);
        }

        synchronized boolean renewOnce() {
            boolean first = !renewed;
            renewed = true;
            return first;
        }

        synchronized List<String> notes() {
            return notes;
        }
    }

    private Call(Plan plan, History history, int attempt, List<String> addedHeaders, long nowNanos) {
        this.plan = plan;
        this.history = history;
        this.attempt = attempt;
        this.addedHeaders = addedHeaders;
        this.attemptStartedNanos = nowNanos;
    }

    /** A new call, whose deadline starts to run now. For clients, and for tests of an operator. */
    public static Call start(Plan plan, Scheduler scheduler) {
        return start(plan, scheduler, plan.timeoutNanos(), false, false);
    }

    /**
     * A new call inside something that leaves it less time, or that repeats it as a whole.
     *
     * @param timeoutNanos the total time, in place of the plan's
     * @param sentOnce whether it must not be retried, because what it is a part of is
     * @param nested whether what it is a part of holds a place at the same client's gate until it has ended
     */
    public static Call start(Plan plan, Scheduler scheduler, long timeoutNanos, boolean sentOnce, boolean nested) {
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        History history = new History(scheduler, now, timeoutNanos, sentOnce, nested);
        return new Call(plan, history, 0, List.of(), now);
    }

    /** The next physical send of this call. */
    public Call attempt(int number) {
        return new Call(plan, history, number, addedHeaders, nowNanos());
    }

    /**
     * Another physical send beside this one.
     *
     * @param headers the added headers that it starts with
     */
    public Call parallel(List<String> headers) {
        return new Call(plan, history, attempt, headers, nowNanos());
    }

    /** Tells which of several parallel sends this attempt ends with. */
    public void endsAs(Call other) {
        endedBy = other == this ? null : other;
    }

    /** The send that this attempt ends with: itself, unless a parallel one took its place. */
    public Call ending() {
        Call other = endedBy;
        return other == null ? this : other;
    }

    /** Called by the gate: the attempt begins now, what was before it was waiting. */
    public void admitted(long nowNanos) {
        attemptStartedNanos = nowNanos;
    }

    /** When this attempt began, on the clock of {@link #nowNanos}. */
    public long attemptStartedNanos() {
        return attemptStartedNanos;
    }

    /** The time since this attempt began. */
    public long attemptElapsedNanos() {
        return nowNanos() - attemptStartedNanos;
    }

    /** The same call going on elsewhere: same deadline, same history, another plan. */
    public Call continuedAs(Plan other) {
        return new Call(other, history, 0, List.of(), nowNanos());
    }

    /** What is sent. */
    public Plan plan() {
        return plan;
    }

    /** The clock and timer of the call. */
    public Scheduler scheduler() {
        return history.scheduler;
    }

    /** The number of the attempt, from 1; 0 outside the retry loop. */
    public int attempt() {
        return attempt;
    }

    /** The scheduler's monotonic clock. */
    public long nowNanos() {
        return history.scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** When the call has to be over, on the same clock. */
    public long deadlineNanos() {
        return history.startedNanos + history.timeoutNanos;
    }

    /** The total time it was given. */
    public long timeoutNanos() {
        return history.timeoutNanos;
    }

    /** Whether it must not be retried, because what it is a part of is. */
    public boolean isSentOnce() {
        return history.sentOnce;
    }

    /**
     * Whether what it is a part of holds a place at the same client's gate until this call has ended: it must not wait for
     * a place of its own.
     */
    public boolean isNested() {
        return history.nested;
    }

    /** What is known about the effect after all attempts that have ended: the strongest of what each of them admits. */
    public Certainty certaintyOfAttempts() {
        return history.certainty;
    }

    /** What is known about the effect of the whole call, of which that is known about the last attempt. */
    public Certainty certaintyAfter(Certainty last) {
        return history.withoutEffect ? Certainty.REJECTED : last.orStronger(history.certainty);
    }

    /** Forgets what ended attempts admit: somebody has looked, and the server has not acted. */
    public void foundWithoutEffect() {
        history.certainty = Certainty.REJECTED;
        history.withoutEffect = true;
    }

    /** What is left of the total time; zero or less once it is over. */
    public Duration remaining() {
        return Duration.ofNanos(deadlineNanos() - nowNanos());
    }

    /**
     * Adds a header to this attempt, or outside the retry loop to all attempts, in place of one of the same name.
     *
     * @throws io.penstock.ApiException INVALID_REQUEST if name or value cannot be sent
     */
    public void header(String name, String value) {
        Headers.checkSendable(name, value);
        addedHeaders = addedHeaders.isEmpty() ? List.of(name, value) : plus(plus(addedHeaders, name), value);
    }

    /** Adds a header that has been {@linkplain Headers#checkSendable checked}; the pair is shared by calls, not copied. */
    public void sharedHeader(List<String> nameAndValue) {
        addedHeaders = addedHeaders.isEmpty()
                ? nameAndValue
                : plus(plus(addedHeaders, nameAndValue.get(0)), nameAndValue.get(1));
    }

    /** Alternating names and values that operators have added. */
    public List<String> addedHeaders() {
        return addedHeaders;
    }

    /** Called by the transport just before the first write on a connection. */
    public void dispatched(boolean onReusedConnection) {
        reusedConnection = onReusedConnection;
        history.dispatched = true;
        wire = DISPATCHED;
    }

    /** Called by the transport when the head of the response has arrived. */
    public void answered(int status) {
        Sending body = sending;
        if (body != null) {
            body.end(nowNanos()); // whatever is still being sent, the answer does not depend on it
        }
        wire = status;
    }

    /** Called by the transport before the first write of a body that is read while it is sent; what it returns is told more. */
    public Sending sending(long length) {
        Sending body = new Sending(length);
        sending = body;
        return body;
    }

    /** How far a body that is read while it is sent has got; null for any other, or before its first write. */
    public @Nullable Sending sending() {
        return sending;
    }

    /**
     * Called by the transport for each part of the body that has arrived, on one thread at a time. It costs a store that
     * nobody waits for: who reads it a little later only learns of it a little later.
     */
    public void received(int bytes) {
        RECEIVED_BYTES.lazySet(this, receivedBytes + bytes);
    }

    /** How many decoded bytes of the body have arrived. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** Whether the request was handed to a connection. */
    public boolean isDispatched() {
        return wire != IDLE;
    }

    /** The status that arrived, or 0. */
    public int status() {
        return wire > DISPATCHED ? wire : 0;
    }

    /**
     * What is known about the effect if the attempt ends now, without a whole response. Outside the retry loop: if the
     * call ends now, with an attempt possibly under way.
     */
    public Certainty certaintyIfInterrupted() {
        int reached = wire;
        if (reached == IDLE) {
            return attempt == 0 && history.dispatched ? Certainty.MAYBE_PROCESSED : Certainty.NOT_SENT;
        }
        return reached >= 200 && reached < 300 ? Certainty.PROCESSED : Certainty.MAYBE_PROCESSED;
    }

    /**
     * Called by authentication when the server refused a credential that can be fetched anew: the attempt may be repeated
     * with another one, once per call.
     */
    public void credentialRenewed() {
        credentialRenewed = history.renewOnce();
    }

    /** Whether this attempt failed for a credential that has been given up since, and no other attempt did before. */
    public boolean isCredentialRenewed() {
        return credentialRenewed;
    }

    /** Called by header tracking when a refusal tells in how much time the quota is full again. */
    public void quotaResetsIn(Duration time) {
        quotaReset = time;
    }

    /** In how much time the quota of this attempt is full again, or null if its answer does not tell. */
    public @Nullable Duration quotaResetsIn() {
        return quotaReset;
    }

    /** Leaves a remark in the journey. */
    public void note(String text) {
        history.note(text);
    }

    /** Records how this attempt ended. Called once per attempt, by the retry loop. */
    public void ended(@Nullable Reply reply, @Nullable Failure failure, @Nullable String decision, long waitNanos) {
        if (failure != null) {
            history.certainty = history.certainty.orStronger(failure.certainty());
            history.withoutEffect = false;
        }
        int status = reply != null
                ? reply.head().status()
                : failure != null && failure.status() != 0 ? failure.status() : status();
        Journey.Attempt ended = new Journey.Attempt(
                history.attempts.size() + 1,
                attemptStartedNanos - history.startedNanos,
                nowNanos() - attemptStartedNanos,
                status,
                reply == null ? receivedBytes : reply.bodyBytes(),
                reusedConnection,
                failure,
                decision,
                waitNanos);
        history.attempts = history.attempts.isEmpty() ? List.of(ended) : plus(history.attempts, ended);
    }

    /** Remembers when trying again makes sense, as far as that can be told. */
    public void retryAt(Instant time) {
        history.retryAt = time;
    }

    /** When trying again makes sense, or null. */
    public @Nullable Instant retryAt() {
        return history.retryAt;
    }

    /** The attempts that have ended, in their order. */
    public List<Journey.Attempt> attempts() {
        return history.attempts;
    }

    /** The remarks, in their order. */
    public List<String> notes() {
        return history.notes();
    }

    /** When the call began, by the wall clock of its scheduler, in milliseconds since the epoch. */
    public long startedAtMillis() {
        return history.startedMillis;
    }

    /** The time since the call began. */
    public long elapsedNanos() {
        return nowNanos() - history.startedNanos;
    }

    private static <T> List<T> plus(List<T> list, T item) {
        List<T> longer = new ArrayList<>(list.size() + 1);
        longer.addAll(list);
        longer.add(item);
        return List.copyOf(longer);
    }

    @Override
    public String toString() {
        return plan + (attempt == 0 ? "" : " #" + attempt);
    }
}
