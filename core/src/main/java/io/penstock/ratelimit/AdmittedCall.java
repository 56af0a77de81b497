package io.penstock.ratelimit;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One attempt with a permit, until its response has arrived. If the body is still arriving, that is the head: a stream
 * may last for any time, and calls made for its elements must not wait for its place.
 *
 * <pre>
 *  (WAITING → RELOCATING → WAITING) → ADMITTED → MOVING → ADMITTED → OVER
 * </pre>
 *
 * The thread that moves {@code state} to {@code OVER} returns the permit before it signals downstream, so that the next
 * call finds it. {@code MOVING} lasts a few instructions, while another partition takes over the units; a thread that
 * ends the call meanwhile leaves the permit to the thread that moves it. The states in parentheses are those of a
 * {@link Waiter}.
 */
class AdmittedCall implements CoreSubscriber<Reply>, Subscription, Attempt.Permit, Spent {

    static final AtomicIntegerFieldUpdater<AdmittedCall> STATE =
            AtomicIntegerFieldUpdater.newUpdater(AdmittedCall.class, "state");
    static final int WAITING = 0;
    static final int ADMITTED = 1;
    static final int OVER = 2;
    static final int MOVING = 3;
    static final int RELOCATING = 4;
    private static final Window[] NOTHING = {};

    /** An empty subscriber once a waiter has left. */
    CoreSubscriber<? super Reply> actual;

    private final Exchange next;
    /** Null only once a waiter has left, so that its request is not retained. */
    private @Nullable Attempt call;

    private volatile Partition partition;
    /**
     * The windows from which the permit was taken; empty without one. Set by the thread that takes it, before others
     * see the call admitted.
     */
    private volatile Window[] spent = NOTHING;

    private volatile @Nullable Subscription upstream;
    /** What the head of the response reports about the quota. */
    private volatile @Nullable QuotaReport report;

    /** The units that are taken for the request. */
    private final int units;
    /** The units that it costs: those taken, unless the head of the response says otherwise. */
    private volatile int cost;

    volatile int state;
    /** Whether it is still open what the response means for the quota. */
    private volatile boolean unjudged;

    private volatile boolean refused;

    /**
     * Creates an attempt that has no permit yet.
     *
     * @param units the units that it takes
     */
    AdmittedCall(CoreSubscriber<? super Reply> actual, Partition partition, int units, Attempt call, Exchange next) {
        this.actual = actual;
        this.partition = partition;
        this.units = units;
        this.cost = units;
        this.call = call;
        this.next = next;
    }

    /** Sends the call without a wait, with its permit taken. */
    void goes() {
        state = ADMITTED;
        subscribe();
    }

    void spends(Window[] windows) {
        spent = windows;
    }

    Window[] spent() {
        return spent;
    }

    Attempt call() {
        Attempt here = call;
        if (here == null) {
            throw new IllegalStateException("a call that has left the line");
        }
        return here;
    }

    /** Returns the attempt, or null if it has left the line. */
    final @Nullable Attempt callIfHere() {
        return call;
    }

    /** Drops the request, because the place in the line may be cleared only later. */
    final void forgetCall() {
        call = null;
        actual = Operators.emptySubscriber();
    }

    Partition partition() {
        return partition;
    }

    void partition(Partition other) {
        partition = other;
    }

    boolean isNested() {
        return call().isNested();
    }

    /** Returns how many units are taken for it. */
    int taken() {
        return units;
    }

    /** Returns how many units it costs: those taken, unless its response has said otherwise. */
    @Override
    public int units() {
        return cost;
    }

    @Override
    public long startedNanos() {
        return call().attemptStartedNanos();
    }

    /** Records the cost that the head of the response reports. */
    void costs(int reported) {
        cost = reported;
    }

    /** Records what the head of the response reports. */
    void answered(@Nullable QuotaReport newReport, boolean decided) {
        report = newReport;
        unjudged = !decided;
    }

    @Nullable
    QuotaReport report() {
        return report;
    }

    /** Records that the meaning of the response is known. Returns false if it was known before. */
    boolean judge(boolean asRefusal) {
        boolean open = unjudged;
        unjudged = false;
        refused = asRefusal;
        return open;
    }

    /** Returns whether it is still open what the response means for the quota. */
    boolean isUnjudged() {
        return unjudged;
    }

    /** Returns whether the server has refused the call for lack of quota. */
    boolean isRefused() {
        return refused;
    }

    @Override
    public boolean isQuotaUsedUp() {
        QuotaReport told = report;
        return told != null && told.isQuotaUsedUp();
    }

    @Override
    public @Nullable Duration quotaResetsIn() {
        QuotaReport told = report;
        return told == null ? null : told.quotaResetsIn();
    }

    /**
     * Moves the units of the request to the partition under which the server counts it. Returns false if the call has
     * ended.
     */
    boolean move(Partition to) {
        if (!STATE.compareAndSet(this, ADMITTED, MOVING)) {
            return false;
        }
        partition.handOver(this, to);
        partition = to;
        if (!STATE.compareAndSet(this, MOVING, ADMITTED)) {
            to.release(this, false); // the call has ended meanwhile
        }
        return true;
    }

    static Failure deadline(Partition partition, Attempt call) {
        return refusal(
                        ErrorKind.DEADLINE_EXCEEDED,
                        Retryability.PERMANENT,
                        "deadline of " + call.timeoutNanos() / 1_000_000 + " ms reached while waiting for quota "
                                + partition)
                .withPhase(Phase.TOTAL);
    }

    /** Returns the failure of a call that has waited until its deadline, or as long as its request's patience. */
    static Failure outOfTime(Partition partition, Attempt call) {
        if (call.isOutOfTime()) {
            return deadline(partition, call);
        }
        long wait = partition.waitNanos(call.nowNanos(), 0);
        return refusal(
                        ErrorKind.RATE_LIMITED,
                        Retryability.TRANSIENT,
                        "no turn for quota " + partition + " within the request's patience of " + patienceMillis(call)
                                + " ms: nothing was sent")
                .withRetryAfter(Duration.ofNanos(wait == Window.NEVER ? 0 : Math.max(0, wait)));
    }

    private static long patienceMillis(Attempt call) {
        return call.plan().settings().patienceNanos() / 1_000_000;
    }

    static Failure noThreads() {
        return refusal(ErrorKind.CLIENT_CLOSED, Retryability.PERMANENT, "the client's threads take no more tasks");
    }

    static Failure broken(Throwable cause) {
        return refusal(
                        ErrorKind.OPERATOR_FAILED,
                        Retryability.TRANSIENT,
                        "waiting at the gate failed with " + cause.getClass().getSimpleName()
                                + " (see the cause): nothing was sent")
                .withCause(cause);
    }

    static Failure unnamed(Throwable cause) {
        return refusal(
                        ErrorKind.OPERATOR_FAILED,
                        Retryability.PERMANENT,
                        "naming the quota of the request failed with "
                                + cause.getClass().getSimpleName() + " (see the cause): nothing was sent")
                .withCause(cause);
    }

    static Failure closed() {
        return refusal(
                ErrorKind.CLIENT_CLOSED,
                Retryability.PERMANENT,
                "the client is closed (expected: an open one; keep it for as long as calls are made)");
    }

    final void subscribe() {
        try {
            Attempt admitted = call();
            begins(admitted);
            admitted.permit(this);
            next.subscribe(admitted, this);
        } catch (Throwable e) {
            rethrowIfFatal(e);
            onError(e); // a user's Mono that breaks the rules
        }
    }

    /** Called before the attempt is sent on. */
    void begins(Attempt admitted) {}

    /** Rethrows a fatal error, after the permit has been returned. */
    private void rethrowIfFatal(Throwable error) {
        try {
            Exceptions.throwIfFatal(error);
        } catch (Throwable fatal) {
            cancel();
            throw fatal;
        }
    }

    @Override
    public void onSubscribe(Subscription s) {
        upstream = s;
        actual.onSubscribe(this);
    }

    /** Sets the upstream of a call whose downstream already has its subscription. */
    final void resume(Subscription s) {
        upstream = s;
        if (state == OVER) {
            s.cancel();
        } else {
            s.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void request(long n) {
        Subscription s = upstream;
        if (Operators.validate(n) && s != null) {
            s.request(n);
        }
    }

    @Override
    public void cancel() {
        for (int seen = state; seen == ADMITTED || seen == MOVING; seen = state) {
            if (STATE.compareAndSet(this, seen, OVER)) {
                try {
                    Subscription s = upstream;
                    if (s != null) {
                        s.cancel();
                    }
                } finally {
                    if (seen == ADMITTED) {
                        partition.release(this, false);
                    }
                }
                return;
            }
        }
    }

    /**
     * Ends the call. Returns false if it has ended already.
     *
     * @param streaming whether the body of the response is still arriving
     */
    private boolean finish(boolean streaming) {
        for (int seen = state; seen == ADMITTED || seen == MOVING; seen = state) {
            if (STATE.compareAndSet(this, seen, OVER)) {
                if (seen == ADMITTED) {
                    partition.release(this, streaming);
                }
                return true;
            }
        }
        return false;
    }

    @Override
    public void onNext(Reply reply) {
        if (finish(reply.streamed() != null)) {
            actual.onNext(reply);
            actual.onComplete();
        } else {
            reply.discard();
        }
    }

    @Override
    public void onError(Throwable error) {
        if (finish(false)) {
            actual.onError(error);
        } // else: cancelled, which closed the connection
    }

    @Override
    public void onComplete() {
        if (finish(false)) {
            actual.onComplete();
        }
    }

    final void end(Failure failure) {
        if (finish(false)) {
            tell(failure);
        }
    }

    /**
     * Fails the call. Called by the thread that drains the line: an exception of a subscriber must not cost the others
     * their turn.
     */
    final void tell(Failure failure) {
        try {
            SubscriberContext.run(currentContext(), () -> actual.onError(new ApiException(failure)));
        } catch (Throwable e) {
            if (!partition().line().keepIfFatal(e)) {
                Operators.onErrorDropped(e, actual.currentContext());
            }
        }
    }

    static Failure refusal(ErrorKind kind, Retryability retryability, String message) {
        return Failure.of(kind, Certainty.NOT_SENT, retryability, message);
    }

    static Failure tooLate(Partition partition, Attempt call, long waitNanos) {
        boolean impatient = call.deadlineNanos() - call.nowNanos() > waitNanos;
        return refusal(
                        ErrorKind.RATE_LIMITED,
                        Retryability.TRANSIENT,
                        "quota " + partition + " is used up for " + waitNanos / 1_000_000
                                + " ms, which is more than "
                                + (impatient
                                        ? "the request's patience of " + patienceMillis(call) + " ms"
                                        : "the deadline leaves")
                                + ": nothing was sent")
                .withRetryAfter(Duration.ofNanos(waitNanos));
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }
}
