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
public abstract sealed class Call implements Journey.Source permits WholeCall, ContinuedCall, Attempt {

    private final Plan plan;
    private List<String> addedHeaders;

    Call(Plan plan, List<String> addedHeaders) {
        this.plan = plan;
        this.addedHeaders = addedHeaders;
    }

    /** Returns the call as it was started, which holds the state that all its attempts share. */
    abstract WholeCall whole();

    /** Starts a call, whose deadline runs from now. For clients, and for tests of an operator. */
    public static Call start(Plan plan, Scheduler scheduler) {
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        return new WholeCall(plan, scheduler, now, plan.timeoutNanos(), false, false, plan.patient());
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
        return new WholeCall(plan, scheduler, now, timeoutNanos, sentOnce, nested, false);
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
        return new WholeCall(plan, scheduler, now, timeoutNanos, enclosure.repeated(), nested, patient);
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
        return new ContinuedCall(whole(), other, withHeaders ? addedHeaders : List.of());
    }

    /** Returns the plan of the call. */
    public Plan plan() {
        return plan;
    }

    /** Returns the clock and timer of the call. */
    public Scheduler scheduler() {
        return whole().scheduler;
    }

    /** Returns the time on the scheduler's monotonic clock. */
    public long nowNanos() {
        return whole().scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** Returns the deadline, on the clock of {@link #nowNanos}. */
    public long deadlineNanos() {
        return whole().startedNanos + whole().timeoutNanos;
    }

    /** Returns the total time of the call, extended by its waits for a published limit. */
    public long timeoutNanos() {
        return whole().timeoutNanos;
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
        whole().endsEarlier(nanos);
    }

    /**
     * Returns whether the client's closing has brought the deadline forward.
     *
     * @hidden
     */
    @Internal
    public final boolean isCutShort() {
        return whole().cutShort;
    }

    /**
     * Returns whether an attempt has been sent whose outcome is not known yet.
     *
     * @hidden
     */
    @Internal
    public final boolean isSending() {
        return whole().hasSendUnderWay();
    }

    /**
     * Records the expected end of a wait that begins now.
     *
     * @hidden
     */
    @Internal
    public final void waitsFor(long nanos) {
        long millis = (elapsedNanos() + Math.min(nanos, Durations.LONGEST_NANOS)) / 1_000_000;
        whole().resumesAfterMillis = (int) Math.min(millis, Integer.MAX_VALUE);
    }

    /**
     * Returns when the last wait is expected to be over, on the clock of {@link #nowNanos}.
     *
     * @hidden
     */
    @Internal
    public final long resumesAtNanos() {
        WholeCall whole = whole();
        return whole.startedNanos + whole.resumesAfterMillis * 1_000_000L;
    }

    /**
     * Returns until when the call may wait for a turn that it begins to wait for now: for the patience of its request, and not
     * beyond its deadline. On the clock of {@link #nowNanos}.
     *
     * @hidden
     */
    @Internal
    public final long lastTurnNanos(long nowNanos) {
        long deadline = deadlineNanos();
        long patience = plan.settings().patienceNanos();
        return patience < 0 ? deadline : nowNanos + Math.min(patience, deadline - nowNanos);
    }

    /**
     * Returns whether the call may wait for a circuit or for retry budget.
     *
     * @hidden
     */
    @Internal
    public final boolean mayWaitForTurn() {
        return !plan.failFast() && plan.settings().patienceNanos() != 0;
    }

    /**
     * Returns whether the deadline has passed. If a wait has ended without that, the patience of the request has.
     *
     * @hidden
     */
    @Internal
    public final boolean isOutOfTime() {
        return deadlineNanos() - nowNanos() <= 0;
    }

    /** Returns whether waits for a published limit do not count against the deadline, see {@link Plan#patient}. */
    public boolean isPatient() {
        WholeCall whole = whole();
        return whole.patient && !whole.cutShort;
    }

    /** Suspends the deadline of a patient call. Called by the admission gate when the call begins to wait. */
    public void waitsForQuota() {
        whole().waitsForQuotaFromNow();
    }

    /**
     * Restores the deadline. Called by the admission gate when the wait has ended.
     *
     * @param heldNanos the part of the wait that a published limit caused, which extends the deadline
     */
    public void quotaWaitEnded(long heldNanos) {
        whole().quotaWaitHasEnded(heldNanos);
    }

    /** Returns whether the call must not be retried because the enclosing operation is. */
    public boolean isSentOnce() {
        return whole().sentOnce;
    }

    /**
     * Returns whether the enclosing operation holds a place at the same client's admission gate until this call has
     * ended. Such a call must not wait for a place of its own.
     */
    public boolean isNested() {
        return whole().nested;
    }

    /** Returns the certainty of the call if it ends now: over all its sends, including one that may be under way. */
    public Certainty certainty() {
        return whole().known();
    }

    /**
     * Returns the certainty of the call if it ends with the given failure. The failure of an attempt adds nothing to
     * the certainty known so far. Any other failure, such as that of a user's operator, may raise the certainty but never
     * lower it.
     */
    public Certainty certaintyWith(Failure last) {
        Certainty known = certainty();
        for (Journey.Attempt ended : attempts()) {
            if (last.equals(ended.failure())) {
                return known;
            }
        }
        return last.certainty().orStronger(known);
    }

    /** Records the finding of a probe that no send so far had an effect. */
    public void foundWithoutEffect() {
        whole().none();
    }

    /** Returns whether this is the first renewed credential of the call, and records it. */
    final boolean renewOnce() {
        return whole().renewFirst();
    }

    /** Returns when the call began, on the clock of {@link #nowNanos}. */
    final long startedNanos() {
        return whole().startedNanos;
    }

    /** Returns how many attempts have ended. */
    final int ended() {
        Journey.Attempt last = last();
        return last == null ? 0 : last.number();
    }

    /** Adds an attempt that has ended to the journey. */
    final void ended(Journey.Attempt attempt) {
        whole().ended = attempt.after(last());
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
     * Adds headers that have been {@linkplain Headers#checkSendable checked}. Calls share the list; it is not copied.
     */
    public void sharedHeader(List<String> namesAndValues) {
        List<String> all = addedHeaders;
        if (all.isEmpty()) {
            all = namesAndValues;
        } else {
            for (String nameOrValue : namesAndValues) {
                all = plus(all, nameOrValue);
            }
        }
        addedHeaders = all;
    }

    /** Returns the headers that operators have added, as alternating names and values. */
    public List<String> addedHeaders() {
        return addedHeaders;
    }

    /** Adds a note to the journey. */
    public void note(String text) {
        whole().addNote(text);
    }

    /** Sets the time from which a retry makes sense, as far as it is known. */
    public void retryAt(Instant time) {
        whole().retryAt = time;
    }

    /** Returns the time from which a retry makes sense, or null. */
    public @Nullable Instant retryAt() {
        return whole().retryAt;
    }

    /** Returns the attempts that have ended, in order. */
    @Override
    public List<Journey.Attempt> attempts() {
        return Journey.Attempt.upTo(last());
    }

    /**
     * {@inheritDoc}
     *
     * @hidden
     */
    @Internal
    @Override
    public final Journey.@Nullable Attempt last() {
        return whole().ended;
    }

    /** Returns the notes, in order. */
    @Override
    public List<String> notes() {
        return whole().notes;
    }

    /** Returns when the call began, by the wall clock of its scheduler, in milliseconds since the epoch. */
    @Override
    public long startedAtMillis() {
        return whole().startedMillis;
    }

    /** Returns the time since the call began. */
    @Override
    public long elapsedNanos() {
        return nowNanos() - whole().startedNanos;
    }

    static <T> List<T> plus(List<T> list, T item) {
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
     * Returns a redaction that also hides the credentials of this call, in whichever place they are sent.
     *
     * @hidden
     */
    @Internal
    public final Redaction redaction(Redaction own) {
        SentCredential sent = credential();
        return own.with(addedHeaders, plan.headers(), sent == null ? List.of() : sent.texts());
    }

    /**
     * Returns the credential of this attempt; for a whole call, that of its latest send; null if nothing has carried one.
     *
     * @hidden
     */
    @Internal
    public @Nullable SentCredential credential() {
        return whole().latestCredential();
    }
}
