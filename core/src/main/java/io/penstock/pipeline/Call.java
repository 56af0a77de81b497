package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.error.Certainty;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.http.Headers;
import io.penstock.redaction.Redaction;
import io.penstock.request.Durations;
import io.penstock.request.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * One logical call: what is sent, until when, and what has happened so far.
 *
 * <p>A call starts when a caller subscribes. The retry loop makes an {@link Attempt} of it for every physical send; below
 * the loop the operators get that attempt, which has the plan, deadline and history of its call.
 */
public sealed class Call implements Journey.Source permits Attempt {

    private static final long QUOTA_WAIT_NANOS = Duration.ofDays(3_660).toNanos();

    private final Plan plan;
    private final History history;
    private List<String> addedHeaders;

    /** What all attempts of a call share. */
    private static final class History extends Effect {
        final Scheduler scheduler;
        final long startedNanos;
        final long startedMillis;
        volatile List<Journey.Attempt> attempts = List.of();
        List<String> notes = List.of();

        @Nullable
        Instant retryAt;

        private boolean renewed;
        private volatile long timeoutNanos;
        private final boolean sentOnce;
        private final boolean nested;
        private final boolean patient;

        History(
                Scheduler scheduler,
                long startedNanos,
                long timeoutNanos,
                boolean sentOnce,
                boolean nested,
                boolean patient) {
            this.patient = patient;
            this.scheduler = scheduler;
            this.startedNanos = startedNanos;
            this.startedMillis = scheduler.now(TimeUnit.MILLISECONDS);
            this.timeoutNanos = Math.min(timeoutNanos, Durations.LONGEST_NANOS);
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

    private Call(Plan plan, History history, List<String> addedHeaders) {
        this.plan = plan;
        this.history = history;
        this.addedHeaders = addedHeaders;
    }

    /** For an attempt at a call. */
    Call(Call whole, List<String> addedHeaders) {
        this(whole.plan, whole.history, addedHeaders);
    }

    /** Starts a call, whose deadline runs from now. For clients, and for tests of an operator. */
    public static Call start(Plan plan, Scheduler scheduler) {
        return start(plan, scheduler, plan.timeoutNanos(), false, false, plan.patient());
    }

    /**
     * Starts a call inside something that leaves it less time, or that repeats it as a whole.
     *
     * @param timeoutNanos the total time, in place of the plan's
     * @param sentOnce whether it must not be retried, because what it is a part of is
     * @param nested whether what it is a part of holds a place at the same client's gate until it has ended
     */
    public static Call start(Plan plan, Scheduler scheduler, long timeoutNanos, boolean sentOnce, boolean nested) {
        return start(plan, scheduler, timeoutNanos, sentOnce, nested, false);
    }

    /**
     * Starts a call inside something else.
     *
     * @param patient whether the time in which a published limit holds it back does not count
     */
    public static Call start(
            Plan plan, Scheduler scheduler, long timeoutNanos, boolean sentOnce, boolean nested, boolean patient) {
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        return new Call(plan, new History(scheduler, now, timeoutNanos, sentOnce, nested, patient), List.of());
    }

    /**
     * Returns the next physical send of this call.
     *
     * @param number which one, from 1
     */
    public Attempt attempt(int number) {
        return new Attempt(this, number, addedHeaders);
    }

    /**
     * Returns the same call going on with another plan: same deadline, same history.
     *
     * @param withHeaders whether the headers that operators have added go with it
     */
    public Call continuedAs(Plan other, boolean withHeaders) {
        return new Call(other, history, withHeaders ? addedHeaders : List.of());
    }

    /** What is sent. */
    public Plan plan() {
        return plan;
    }

    /** The clock and timer of the call. */
    public Scheduler scheduler() {
        return history.scheduler;
    }

    /** The scheduler's monotonic clock. */
    public long nowNanos() {
        return history.scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** When the call has to be over, on the same clock. */
    public long deadlineNanos() {
        return history.startedNanos + history.timeoutNanos;
    }

    /** The total time it was given, and what a published limit has added to it. */
    public long timeoutNanos() {
        return history.timeoutNanos;
    }

    /** Whether the time in which a published limit holds it back does not count, see {@link Plan#patient}. */
    public boolean isPatient() {
        return history.patient;
    }

    /** Called by the gate when a patient call begins to wait: until that has ended its deadline is as good as none. */
    public void waitsForQuota() {
        synchronized (history) {
            history.timeoutNanos += QUOTA_WAIT_NANOS;
        }
    }

    /**
     * Called by the gate when that has ended.
     *
     * @param heldNanos for how long a published limit was the reason
     */
    public void quotaWaitEnded(long heldNanos) {
        synchronized (history) {
            history.timeoutNanos += heldNanos - QUOTA_WAIT_NANOS;
        }
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

    /** What is known about the effect if the call ends now: of all its sends, with one possibly under way. */
    public Certainty certainty() {
        return history.known();
    }

    /**
     * Returns what is known about the effect if the call ends with that failure. One of an attempt is no more than what is
     * known already; any other, such as that of a user's operator, may claim more of an effect, but never less.
     */
    public Certainty certaintyWith(Failure last) {
        Certainty known = certainty();
        for (Journey.Attempt ended : history.attempts) {
            if (last.equals(ended.failure())) {
                return known;
            }
        }
        return last.certainty().orStronger(known);
    }

    /** Records the finding of a probe that no send so far had an effect. */
    public void foundWithoutEffect() {
        history.none();
    }

    /** What is known about the effect, for the attempts to tell what happens to them. */
    final Effect effect() {
        return history;
    }

    /** Whether no attempt of this call has had its credential renewed before. */
    final boolean renewOnce() {
        return history.renewOnce();
    }

    /** When the call began, on the clock of {@link #nowNanos}. */
    final long startedNanos() {
        return history.startedNanos;
    }

    /** How many attempts have ended. */
    final int ended() {
        return history.attempts.size();
    }

    /** Adds an attempt that has ended to the journey. */
    final void ended(Journey.Attempt attempt) {
        history.attempts = history.attempts.isEmpty() ? List.of(attempt) : plus(history.attempts, attempt);
    }

    /** What is left of the total time; zero or less once it is over. */
    public Duration remaining() {
        return Duration.ofNanos(deadlineNanos() - nowNanos());
    }

    /**
     * Adds a header to all attempts that follow, or to this one if it is an attempt, in place of one of the same name.
     *
     * @throws io.penstock.error.ApiException INVALID_REQUEST if name or value cannot be sent
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

    /** Leaves a remark in the journey. */
    public void note(String text) {
        history.note(text);
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
    @Override
    public List<Journey.Attempt> attempts() {
        return history.attempts;
    }

    /** The remarks, in their order. */
    @Override
    public List<String> notes() {
        return history.notes();
    }

    /** When the call began, by the wall clock of its scheduler, in milliseconds since the epoch. */
    @Override
    public long startedAtMillis() {
        return history.startedMillis;
    }

    /** The time since the call began. */
    @Override
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
        return plan.toString();
    }

    @Internal
    @Override
    public final String method() {
        return plan.method().name();
    }

    @Internal
    @Override
    public final String target() {
        return plan.target();
    }

    @Internal
    @Override
    public final @Nullable String keyValue() {
        return plan.key() == null ? null : plan.key().value();
    }

    /** Returns a redaction that also hides the credentials in this call's headers. */
    @Internal
    public final Redaction redaction(Redaction own) {
        return own.with(addedHeaders, plan.headers());
    }
}
