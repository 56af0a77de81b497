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
 * One logical call: its plan, its deadline and its history so far.
 *
 * <p>A call starts when a caller subscribes. The retry loop derives an {@link Attempt} from it for every physical send.
 * The operators below the loop receive that attempt, which has the plan, deadline and history of its call.
 */
public sealed class Call implements Journey.Source permits Attempt {

    private static final long QUOTA_WAIT_NANOS = Duration.ofDays(3_660).toNanos();

    private final Plan plan;
    private final History history;
    private List<String> addedHeaders;

    /** The state that all attempts of a call share. */
    private static final class History extends Effect {
        final Scheduler scheduler;
        final long startedNanos;
        final long startedMillis;
        volatile List<Journey.Attempt> attempts = List.of();
        volatile List<String> notes = List.of();

        @Nullable
        Instant retryAt;

        private boolean renewed;
        private volatile long timeoutNanos;
        private volatile boolean cutShort;
        /** When the current wait is expected to be over, in milliseconds since the start. */
        private volatile int resumesAfterMillis;

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
    }

    private Call(Plan plan, History history, List<String> addedHeaders) {
        this.plan = plan;
        this.history = history;
        this.addedHeaders = addedHeaders;
    }

    /** Creates the base of an attempt at a call. */
    Call(Call whole, List<String> addedHeaders) {
        this(whole.plan, whole.history, addedHeaders);
    }

    /** Starts a call, whose deadline runs from now. For clients, and for tests of an operator. */
    public static Call start(Plan plan, Scheduler scheduler) {
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        History history = new History(scheduler, now, plan.timeoutNanos(), false, false, plan.patient());
        return new Call(plan, history, List.of());
    }

    /**
     * Starts a call inside another operation that leaves it less time, or that repeats it as a whole.
     *
     * @param timeoutNanos the total time, in place of the plan's
     * @param sentOnce whether the call must not be retried because the enclosing operation is
     * @param nested whether the enclosing operation holds a place at the same client's admission gate until it has
     *     ended
     */
    public static Call start(Plan plan, Scheduler scheduler, long timeoutNanos, boolean sentOnce, boolean nested) {
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        return new Call(plan, new History(scheduler, now, timeoutNanos, sentOnce, nested, false), List.of());
    }

    /**
     * The enclosing scope of a call.
     *
     * @hidden
     */
    @Internal
    public interface Enclosure {

        /** Returns the time that it leaves the call. */
        long remainingNanos();

        /** Returns whether it sets no deadline. */
        boolean isEndless();

        /** Returns whether it is retried as a whole, so that the call itself must not be. */
        boolean repeated();

        /** Returns whether it holds an admission permit of the client. */
        boolean holds(Object client);
    }

    /**
     * Starts a call inside an enclosure. Waits for a published limit count against the enclosure's deadline.
     *
     * @hidden
     */
    @Internal
    public static Call start(Plan plan, Scheduler scheduler, Enclosure enclosure, Object client) {
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        long timeoutNanos = Math.min(plan.timeoutNanos(), Math.max(0, enclosure.remainingNanos()));
        boolean patient = plan.patient() && enclosure.isEndless();
        boolean nested = enclosure.holds(client);
        History history = new History(scheduler, now, timeoutNanos, enclosure.repeated(), nested, patient);
        return new Call(plan, history, List.of());
    }

    /**
     * Returns the next physical send of this call.
     *
     * @param number the number of the attempt, from 1
     */
    public Attempt attempt(int number) {
        return new Attempt(this, number, addedHeaders);
    }

    /**
     * Returns the same call with another plan. It keeps the deadline and the history.
     *
     * @param withHeaders whether it keeps the headers that operators have added
     */
    public Call continuedAs(Plan other, boolean withHeaders) {
        return new Call(other, history, withHeaders ? addedHeaders : List.of());
    }

    /** Returns the plan of the call. */
    public Plan plan() {
        return plan;
    }

    /** Returns the clock and timer of the call. */
    public Scheduler scheduler() {
        return history.scheduler;
    }

    /** Returns the time on the scheduler's monotonic clock. */
    public long nowNanos() {
        return history.scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** Returns the deadline, on the clock of {@link #nowNanos}. */
    public long deadlineNanos() {
        return history.startedNanos + history.timeoutNanos;
    }

    /** Returns the total time of the call, extended by its waits for a published limit. */
    public long timeoutNanos() {
        return history.timeoutNanos;
    }

    /**
     * Brings the deadline forward, because the client is closing. Waits for a published limit count from now on. An
     * attempt that has been sent keeps its timeout.
     *
     * @param nanos the new deadline, on the clock of {@link #nowNanos}; a later one has no effect
     * @hidden
     */
    @Internal
    public final void endsBy(long nanos) {
        synchronized (history) {
            boolean waits = history.patient && history.timeoutNanos >= QUOTA_WAIT_NANOS;
            long earlier = Math.max(0, nanos - history.startedNanos) + (waits ? QUOTA_WAIT_NANOS : 0);
            if (earlier < history.timeoutNanos) {
                history.timeoutNanos = earlier;
                history.cutShort = true;
            }
        }
    }

    /**
     * Returns whether the client's closing has brought the deadline forward.
     *
     * @hidden
     */
    @Internal
    public final boolean isCutShort() {
        return history.cutShort;
    }

    /**
     * Returns whether an attempt has been sent whose outcome is not known yet.
     *
     * @hidden
     */
    @Internal
    public final boolean isSending() {
        return history.isSending();
    }

    /**
     * Records the expected end of a wait that begins now.
     *
     * @hidden
     */
    @Internal
    public final void waitsFor(long nanos) {
        long millis = (elapsedNanos() + Math.min(nanos, Durations.LONGEST_NANOS)) / 1_000_000;
        history.resumesAfterMillis = (int) Math.min(millis, Integer.MAX_VALUE);
    }

    /**
     * Returns when the last wait is expected to be over, on the clock of {@link #nowNanos}.
     *
     * @hidden
     */
    @Internal
    public final long resumesAtNanos() {
        return history.startedNanos + history.resumesAfterMillis * 1_000_000L;
    }

    /** Returns whether waits for a published limit do not count against the deadline, see {@link Plan#patient}. */
    public boolean isPatient() {
        return history.patient && !history.cutShort;
    }

    /** Suspends the deadline of a patient call. Called by the admission gate when the call begins to wait. */
    public void waitsForQuota() {
        synchronized (history) {
            history.timeoutNanos += QUOTA_WAIT_NANOS;
        }
    }

    /**
     * Restores the deadline. Called by the admission gate when the wait has ended.
     *
     * @param heldNanos the part of the wait that a published limit caused, which extends the deadline
     */
    public void quotaWaitEnded(long heldNanos) {
        synchronized (history) {
            history.timeoutNanos += heldNanos - QUOTA_WAIT_NANOS;
        }
    }

    /** Returns whether the call must not be retried because the enclosing operation is. */
    public boolean isSentOnce() {
        return history.sentOnce;
    }

    /**
     * Returns whether the enclosing operation holds a place at the same client's admission gate until this call has
     * ended. Such a call must not wait for a place of its own.
     */
    public boolean isNested() {
        return history.nested;
    }

    /** Returns the certainty of the call if it ends now: over all its sends, including one that may be under way. */
    public Certainty certainty() {
        return history.known();
    }

    /**
     * Returns the certainty of the call if it ends with the given failure. The failure of an attempt adds nothing to
     * the certainty known so far. Any other failure, such as that of a user's operator, may raise the certainty but never
     * lower it.
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

    /** Returns the effect of the call, to which the attempts report. */
    final Effect effect() {
        return history;
    }

    /** Returns whether this is the first renewed credential of the call, and records it. */
    final boolean renewOnce() {
        return history.renewOnce();
    }

    /** Returns when the call began, on the clock of {@link #nowNanos}. */
    final long startedNanos() {
        return history.startedNanos;
    }

    /** Returns how many attempts have ended. */
    final int ended() {
        return history.attempts.size();
    }

    /** Adds an attempt that has ended to the journey. */
    final void ended(Journey.Attempt attempt) {
        history.attempts = history.attempts.isEmpty() ? List.of(attempt) : plus(history.attempts, attempt);
    }

    /** Returns the time left until the deadline; zero or negative once it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(deadlineNanos() - nowNanos());
    }

    /**
     * Adds a header to all attempts that follow, or to this one if it is an attempt. It replaces one of the same name.
     *
     * @throws io.penstock.error.ApiException INVALID_REQUEST if name or value cannot be sent
     */
    public void header(String name, String value) {
        Headers.checkSendable(name, value);
        addedHeaders = addedHeaders.isEmpty() ? List.of(name, value) : plus(plus(addedHeaders, name), value);
    }

    /**
     * Adds a header that has been {@linkplain Headers#checkSendable checked}. Calls share the pair; it is not copied.
     */
    public void sharedHeader(List<String> nameAndValue) {
        addedHeaders = addedHeaders.isEmpty()
                ? nameAndValue
                : plus(plus(addedHeaders, nameAndValue.get(0)), nameAndValue.get(1));
    }

    /** Returns the headers that operators have added, as alternating names and values. */
    public List<String> addedHeaders() {
        return addedHeaders;
    }

    /** Adds a note to the journey. */
    public void note(String text) {
        history.note(text);
    }

    /** Sets the time from which a retry makes sense, as far as it is known. */
    public void retryAt(Instant time) {
        history.retryAt = time;
    }

    /** Returns the time from which a retry makes sense, or null. */
    public @Nullable Instant retryAt() {
        return history.retryAt;
    }

    /** Returns the attempts that have ended, in order. */
    @Override
    public List<Journey.Attempt> attempts() {
        return history.attempts;
    }

    /** Returns the notes, in order. */
    @Override
    public List<String> notes() {
        return history.notes;
    }

    /** Returns when the call began, by the wall clock of its scheduler, in milliseconds since the epoch. */
    @Override
    public long startedAtMillis() {
        return history.startedMillis;
    }

    /** Returns the time since the call began. */
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

    /**
     * {@inheritDoc}
     *
     * @hidden
     */
    @Internal
    @Override
    public final String method() {
        return plan.method().name();
    }

    /**
     * {@inheritDoc}
     *
     * @hidden
     */
    @Internal
    @Override
    public final String target() {
        return plan.target();
    }

    /**
     * {@inheritDoc}
     *
     * @hidden
     */
    @Internal
    @Override
    public final @Nullable String keyValue() {
        return plan.key() == null ? null : plan.key().value();
    }

    /**
     * Returns a redaction that also hides the credentials in this call's headers.
     *
     * @hidden
     */
    @Internal
    public final Redaction redaction(Redaction own) {
        return own.with(addedHeaders, plan.headers());
    }
}
