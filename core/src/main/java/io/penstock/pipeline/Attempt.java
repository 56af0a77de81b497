package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.error.Certainty;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One physical send of a {@link Call}. It has headers, times and a dispatch flag of its own, so that a late signal of
 * one attempt is never attributed to another.
 */
public final class Attempt extends Call implements Journey.Send {

    private static final AtomicLongFieldUpdater<Attempt> RECEIVED_BYTES =
            AtomicLongFieldUpdater.newUpdater(Attempt.class, "receivedBytes");

    /** Nothing has been handed to a connection. */
    private static final int IDLE = 0;
    /** The request has been handed to a connection and may have been sent from here on. Larger values are a status. */
    private static final int DISPATCHED = 1;

    /** The value of {@link #pass} for an attempt that no circuit has let through. */
    public static final int NO_PASS = -1;

    private static final byte PARALLEL = 1;
    private static final byte TURNED_BACK = 2;
    private static final byte PASS_USED = 4;
    private static final byte WAITS_FOR_TURN = 8;

    private final WholeCall whole;
    private final int number;
    private long attemptStartedNanos;
    private volatile int wire;
    private volatile @Nullable Certainty learned;
    private volatile long receivedBytes;
    private volatile boolean reusedConnection;
    private volatile boolean credentialRenewed;
    private volatile @Nullable Permit permit;
    private volatile boolean withheld;
    private volatile int pass = NO_PASS;
    /**
     * Flags whose writers follow one another, so a plain read-modify-write is enough. A byte keeps the attempt small.
     */
    private volatile byte marks;

    private volatile @Nullable Attempt endedBy;
    private volatile @Nullable Sending sending;

    /** Set by authentication, before the attempt is sent on. */
    private @Nullable SentCredential credential;

    /** The previous send of the same call. Guarded by the {@linkplain WholeCall whole call}. */
    @Nullable
    Attempt sentBefore;

    Attempt(Call call, int number, List<String> headers) {
        this(call, number, headers, false);
    }

    private Attempt(Call call, int number, List<String> headers, boolean parallel) {
        super(call.plan(), headers);
        this.whole = call.whole();
        this.marks = parallel ? PARALLEL : 0;
        this.number = number;
        this.attemptStartedNanos = nowNanos();
    }

    @Override
    WholeCall whole() {
        return whole;
    }

    /**
     * Returns the call itself if it is an attempt, as every call below the retry loop is; otherwise its first attempt.
     */
    public static Attempt of(Call call) {
        return call instanceof Attempt attempt ? attempt : call.attempt(1);
    }

    /**
     * Returns another physical send that runs in parallel with this one.
     *
     * @param headers the added headers that it starts with
     */
    public Attempt parallel(List<String> headers) {
        return new Attempt(this, number, headers, true);
    }

    /** Returns whether this is a parallel send, which nothing waits for. */
    public boolean isParallel() {
        return isMarked(PARALLEL);
    }

    /**
     * Sets the credential that this attempt carries, in its headers or its query.
     *
     * @hidden
     */
    @Internal
    public void authenticated(SentCredential with) {
        credential = with;
        if (!with.headers().isEmpty()) {
            sharedHeader(with.headers());
        }
    }

    /**
     * {@inheritDoc}
     *
     * @hidden
     */
    @Internal
    @Override
    public @Nullable SentCredential credential() {
        return credential;
    }

    /** Sets the parallel send whose outcome becomes the outcome of this attempt. */
    public void endsAs(Attempt other) {
        endedBy = other == this ? null : other;
    }

    /** Returns the send whose outcome is the outcome of this attempt: itself, unless a parallel send took its place. */
    public Attempt ending() {
        Attempt other = endedBy;
        return other == null ? this : other;
    }

    /** Starts the attempt. Called by the admission gate; the time before was spent waiting. */
    public void admitted(long nowNanos) {
        attemptStartedNanos = nowNanos;
    }

    /** Returns when this attempt began, on the clock of {@link #nowNanos}. */
    public long attemptStartedNanos() {
        return attemptStartedNanos;
    }

    /** Returns the time since this attempt began. */
    @Override
    public long attemptElapsedNanos() {
        return nowNanos() - attemptStartedNanos;
    }

    /** Returns the number of the attempt, from 1. Parallel sends share one number. */
    public int number() {
        return number;
    }

    /** Records the dispatch. Called by the transport just before the first write on a connection. */
    public void dispatched(boolean onReusedConnection) {
        reusedConnection = onReusedConnection;
        if (wire != IDLE) {
            whole.keep(certaintyIfInterrupted());
        }
        learned = null;
        wire = DISPATCHED;
        whole.add(this);
    }

    /** Records the status. Called by the transport when the head of the response has arrived. */
    public void answered(int status) {
        Sending body = sending;
        if (body != null) {
            body.end(nowNanos()); // the response does not depend on the rest of the body
        }
        wire = status;
    }

    /**
     * Returns a handle that reports upload progress. Called by the transport before the first write of a body that is
     * read while it is sent.
     *
     * @hidden
     */
    @Internal
    public Sending sending(long length) {
        Sending body = new Sending(length);
        sending = body;
        return body;
    }

    /**
     * Returns the upload progress of a body that is read while it is sent; null for any other body, and before its
     * first write.
     *
     * @hidden
     */
    @Internal
    public @Nullable Sending sending() {
        return sending;
    }

    /**
     * Adds to the received bytes. Called by the transport for each part of the body that has arrived, on one thread at
     * a time. The store is lazy: readers may see it a little later.
     */
    public void received(int bytes) {
        RECEIVED_BYTES.lazySet(this, receivedBytes + bytes);
    }

    /** Returns how many decoded bytes of the body have arrived. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** Returns whether the request was handed to a connection. */
    public boolean isDispatched() {
        return wire != IDLE;
    }

    /** Returns whether the request was handed to a connection and no outcome has been recorded. */
    final boolean isUnderWay() {
        return wire != IDLE && learned == null;
    }

    /** Returns the status that has arrived, or 0. */
    public int status() {
        return wire > DISPATCHED ? wire : 0;
    }

    /**
     * Returns the certainty of this send if it ends now: the one recorded at its end, or else the one implied by its
     * progress.
     */
    public Certainty certaintyIfInterrupted() {
        Certainty known = learned;
        if (known != null) {
            return known;
        }
        int reached = wire;
        if (reached == IDLE) {
            return Certainty.NOT_SENT;
        }
        return reached >= 200 && reached < 300 ? Certainty.PROCESSED : Certainty.MAYBE_PROCESSED;
    }

    private void mark(byte what, boolean set) {
        marks = (byte) (set ? marks | what : marks & ~what);
    }

    private boolean isMarked(byte what) {
        return (marks & what) != 0;
    }

    /**
     * Records that a circuit lets this attempt through.
     *
     * @param underRules the version of the circuit's rules that applied
     */
    public void passes(int underRules) {
        pass = underRules;
    }

    /** Returns the version of the circuit's rules under which this attempt was let through, or {@link #NO_PASS}. */
    public int pass() {
        return pass;
    }

    /** Records whether this attempt waits in the line of a circuit. Called by the circuit. */
    public void waitsForTurn(boolean now) {
        mark(WAITS_FOR_TURN, now);
    }

    /** Returns whether this attempt waits in the line of a circuit. A parallel send would not go any sooner. */
    public boolean isWaitingForTurn() {
        return isMarked(WAITS_FOR_TURN);
    }

    /** Records that this attempt has nothing left to wait for. Called by the circuit. */
    public void passUsed() {
        mark(PASS_USED, true);
    }

    /** Returns whether this attempt has reached the point of sending since a circuit let it through. */
    public boolean isPassUsed() {
        return isMarked(PASS_USED);
    }

    /**
     * Requires this attempt to wait once more. Called by a circuit whose rules have changed since it let the attempt
     * through.
     */
    public void turnBack() {
        mark(TURNED_BACK, true);
    }

    /** Returns whether this attempt has to wait once more before it may be sent. */
    public boolean isTurnedBack() {
        return isMarked(TURNED_BACK);
    }

    /** Records that this attempt was refused just before it would have been sent, see {@link SendCheck}. */
    public void withheld() {
        withheld = true;
    }

    /** Returns whether this attempt was refused just before it would have been sent. */
    public boolean isWithheld() {
        return withheld;
    }

    /**
     * Records the certainty of a failed send, taken from its response or from the way in which it failed without one.
     */
    public void learned(Certainty certainty) {
        learned = certainty;
        whole.add(this);
    }

    /**
     * Allows the attempt to be repeated with another credential, once per call. Called by authentication when the
     * server refused a credential that can be fetched anew.
     */
    public void credentialRenewed() {
        credentialRenewed = renewOnce();
    }

    /**
     * Returns whether this attempt failed because of a credential that has been dropped since, and is the first of its
     * call to do so.
     */
    public boolean isCredentialRenewed() {
        return credentialRenewed;
    }

    /** The permit of an attempt at the admission gate, together with the quota that its response reports. */
    public interface Permit {
        /** Returns whether the response reports that no quota is left. */
        boolean isQuotaUsedUp();

        /** Returns the time until the quota is full again, or null if the response does not report it. */
        @Nullable
        Duration quotaResetsIn();
    }

    /** Sets the permit. Called by the admission gate, or by header tracking if there is no gate. */
    public void permit(Permit newPermit) {
        permit = newPermit;
    }

    /** Returns what this attempt holds at the admission gate, or null if it holds nothing. */
    public @Nullable Permit permit() {
        return permit;
    }

    /** Returns the time until the quota of this attempt is full again, or null if its response does not report it. */
    public @Nullable Duration quotaResetsIn() {
        Permit held = permit;
        return held == null ? null : held.quotaResetsIn();
    }

    /** Returns whether the response to this attempt reports that no quota is left. */
    public boolean isQuotaUsedUp() {
        Permit held = permit;
        return held != null && held.isQuotaUsedUp();
    }

    /** Records how this attempt ended. Called once per attempt, by the retry loop. */
    public void ended(@Nullable Reply reply, @Nullable Failure failure, @Nullable String decision, long waitNanos) {
        if (failure != null) {
            learned(failure.certainty().orStronger(certaintyIfInterrupted()));
        } else if (reply != null) {
            learned(reply.head().success() ? Certainty.PROCESSED : Certainty.REJECTED);
        }
        int status = reply != null
                ? reply.head().status()
                : failure != null && failure.status() != 0 ? failure.status() : status();
        long bytes = reply == null ? receivedBytes : reply.bodyBytes();
        Journey.Attempt ended = Journey.Attempt.of(this, status, bytes, failure, decision);
        ended(waitNanos == 0 ? ended : ended.withDecision(decision, waitNanos));
    }

    /**
     * {@inheritDoc}
     *
     * @hidden
     */
    @Internal
    @Override
    public int ordinal() {
        return ended() + 1;
    }

    /**
     * {@inheritDoc}
     *
     * @hidden
     */
    @Internal
    @Override
    public long startedAfterNanos() {
        return attemptStartedNanos - startedNanos();
    }

    /**
     * {@inheritDoc}
     *
     * @hidden
     */
    @Internal
    @Override
    public boolean isReusedConnection() {
        return reusedConnection;
    }

    @Override
    public String toString() {
        return super.toString() + " #" + number;
    }
}
