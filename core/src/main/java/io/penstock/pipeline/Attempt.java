package io.penstock.pipeline;

import io.penstock.error.Certainty;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One physical send of a {@link Call}, with headers, times and a dispatch flag of its own, so that a late signal of one
 * attempt can never be taken for another's.
 */
public final class Attempt extends Call {

    private static final AtomicLongFieldUpdater<Attempt> RECEIVED_BYTES =
            AtomicLongFieldUpdater.newUpdater(Attempt.class, "receivedBytes");

    /** Nothing was handed to a connection. */
    private static final int IDLE = 0;
    /** The request was handed to a connection; from here on it may have been sent. Larger values are a status. */
    private static final int DISPATCHED = 1;

    /** What was not let through by a circuit. */
    public static final int NO_PASS = -1;

    private static final byte PARALLEL = 1;
    private static final byte TURNED_BACK = 2;
    private static final byte PASS_USED = 4;
    private static final byte WAITS_FOR_TURN = 8;

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
    /** What is marked by those who come one after the other; a byte, so that an attempt is no larger for it. */
    private volatile byte marks;

    private volatile @Nullable Attempt endedBy;
    private volatile @Nullable Sending sending;

    /** The send before this one that belongs to the same {@link Effect}, which guards it. */
    @Nullable
    Attempt sentBefore;

    Attempt(Call call, int number, List<String> headers) {
        this(call, number, headers, false);
    }

    private Attempt(Call call, int number, List<String> headers, boolean parallel) {
        super(call, headers);
        this.marks = parallel ? PARALLEL : 0;
        this.number = number;
        this.attemptStartedNanos = nowNanos();
    }

    /** Returns the attempt that a call is; below the retry loop every call is one. Any other call gets its first. */
    public static Attempt of(Call call) {
        return call instanceof Attempt attempt ? attempt : call.attempt(1);
    }

    /**
     * Returns another physical send beside this one.
     *
     * @param headers the added headers that it starts with
     */
    public Attempt parallel(List<String> headers) {
        return new Attempt(this, number, headers, true);
    }

    /** Whether it is a send beside another one, which nothing waits for. */
    public boolean isParallel() {
        return isMarked(PARALLEL);
    }

    /** Tells which of several parallel sends this attempt ends with. */
    public void endsAs(Attempt other) {
        endedBy = other == this ? null : other;
    }

    /** The send that this attempt ends with: itself, unless a parallel one took its place. */
    public Attempt ending() {
        Attempt other = endedBy;
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

    /** The number of the attempt, from 1; parallel sends share one. */
    public int number() {
        return number;
    }

    /** Called by the transport just before the first write on a connection. */
    public void dispatched(boolean onReusedConnection) {
        reusedConnection = onReusedConnection;
        if (wire != IDLE) {
            effect().keep(certaintyIfInterrupted());
        }
        learned = null;
        wire = DISPATCHED;
        effect().add(this);
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

    /** What is known about the effect of this send if it ends now: what its end says, or how far it has got. */
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

    /** Called by a circuit that lets this attempt through: under which of its rules, a number that changes with them. */
    public void passes(int underRules) {
        pass = underRules;
    }

    /** The rules of the circuit under which this attempt was let through, or {@link #NO_PASS}. */
    public int pass() {
        return pass;
    }

    /** Called by a circuit in whose line this attempt begins to wait, or has waited. */
    public void waitsForTurn(boolean now) {
        mark(WAITS_FOR_TURN, now);
    }

    /** Whether it waits in the line of a circuit: another send beside it would not go any sooner. */
    public boolean isWaitingForTurn() {
        return isMarked(WAITS_FOR_TURN);
    }

    /** Called by a circuit when this attempt has nothing left to wait for. */
    public void passUsed() {
        mark(PASS_USED, true);
    }

    /** Whether it has come as far as to be sent since a circuit let it through. */
    public boolean isPassUsed() {
        return isMarked(PASS_USED);
    }

    /** Called by a circuit whose rules have changed since it let this attempt through: it has to wait once more. */
    public void turnBack() {
        mark(TURNED_BACK, true);
    }

    /** Whether it has to wait once more before it may be sent. */
    public boolean isTurnedBack() {
        return isMarked(TURNED_BACK);
    }

    /** Called where this attempt is refused before it would have been sent, see {@link SendCheck}. */
    public void withheld() {
        withheld = true;
    }

    /** Whether it was refused before it would have been sent. */
    public boolean isWithheld() {
        return withheld;
    }

    /** Called where the send fails, with what its answer, or the way in which none came, says about the effect. */
    public void learned(Certainty certainty) {
        learned = certainty;
        effect().add(this);
    }

    /**
     * Called by authentication when the server refused a credential that can be fetched anew: the attempt may be repeated
     * with another one, once per call.
     */
    public void credentialRenewed() {
        credentialRenewed = renewOnce();
    }

    /** Whether this attempt failed for a credential that has been given up since, and no other attempt did before. */
    public boolean isCredentialRenewed() {
        return credentialRenewed;
    }

    /** What an attempt holds at the gate, and what its answer says of the quota. */
    public interface Permit {
        /** Whether the answer says that nothing is left of the quota. */
        boolean isQuotaUsedUp();

        /** In how much time the quota is full again, or null if the answer does not tell. */
        @Nullable
        Duration quotaResetsIn();
    }

    /** Called by the gate, and by header tracking where there is none. */
    public void permit(Permit newPermit) {
        permit = newPermit;
    }

    /** What this attempt holds at the gate, or null where it holds nothing. */
    public @Nullable Permit permit() {
        return permit;
    }

    /** In how much time the quota of this attempt is full again, or null if its answer does not tell. */
    public @Nullable Duration quotaResetsIn() {
        Permit held = permit;
        return held == null ? null : held.quotaResetsIn();
    }

    /** Whether the answer to this attempt says that nothing is left of the quota. */
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
        ended(new Journey.Attempt(
                ended() + 1,
                attemptStartedNanos - startedNanos(),
                nowNanos() - attemptStartedNanos,
                status,
                reply == null ? receivedBytes : reply.bodyBytes(),
                reusedConnection,
                failure,
                decision,
                waitNanos));
    }

    @Override
    public String toString() {
        return super.toString() + " #" + number;
    }
}
