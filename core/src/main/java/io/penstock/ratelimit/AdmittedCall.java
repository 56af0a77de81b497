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
 * One attempt with a permit, until its answer is there. Of an answer whose body is still arriving that is its head: a stream
 * lasts for as long as it likes, and whatever is called for its elements must not wait for its place.
 *
 * <pre>
 *  (WAITING → RELOCATING → WAITING) → ADMITTED → MOVING → ADMITTED → OVER
 * </pre>
 *
 * Whoever moves {@code state} to {@code OVER} sends the permit back, before anything is told downstream, so that whoever comes
 * next finds it. While it is {@code MOVING} the units are being taken over by another partition, for a few instructions; whoever
 * ends the call meanwhile leaves the permit to the one who moves it. The states in brackets are those of a {@link Waiter}.
 */
class AdmittedCall implements CoreSubscriber<Reply>, Subscription, Attempt.Permit {

    static final AtomicIntegerFieldUpdater<AdmittedCall> STATE =
            AtomicIntegerFieldUpdater.newUpdater(AdmittedCall.class, "state");
    static final int WAITING = 0;
    static final int ADMITTED = 1;
    static final int OVER = 2;
    static final int MOVING = 3;
    static final int RELOCATING = 4;
    private static final Window[] NOTHING = {};

    /** Nobody once a waiter has gone. */
    CoreSubscriber<? super Reply> actual;

    private final Exchange next;
    /** Null only once a waiter has gone, so that what it would have sent is kept by nobody. */
    private @Nullable Attempt call;

    private volatile Partition partition;
    /** What the permit was taken from; empty without one. Set by who takes it, before anybody else sees the call admitted. */
    private volatile Window[] spent = NOTHING;

    private volatile @Nullable Subscription upstream;
    /** What the head of the answer says of the quota. */
    private volatile @Nullable QuotaReport report;

    volatile int state;
    /** Whether nobody has said yet what the answer means for the quota. */
    private volatile boolean unjudged;

    private volatile boolean refused;

    AdmittedCall(CoreSubscriber<? super Reply> actual, Partition partition, Attempt call, Exchange next) {
        this.actual = actual;
        this.partition = partition;
        this.call = call;
        this.next = next;
    }

    /** Goes through without a wait, with a permit in hand. */
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

    /** The attempt, or null where it has left the line. */
    final @Nullable Attempt callIfHere() {
        return call;
    }

    /** Keeps nothing of what would have been sent: its place in the line may be cleared only later. */
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

    /** Takes what the head of the answer says. */
    void answered(@Nullable QuotaReport newReport, boolean decided) {
        report = newReport;
        unjudged = !decided;
    }

    @Nullable
    QuotaReport report() {
        return report;
    }

    /** Says that what the answer means is known; false if it was before. */
    boolean judge(boolean asRefusal) {
        boolean open = unjudged;
        unjudged = false;
        refused = asRefusal;
        return open;
    }

    /** Whether nobody has said yet what the answer means for the quota. */
    boolean isUnjudged() {
        return unjudged;
    }

    /** Whether the server has refused it for want of quota. */
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

    /** Lets another partition count the request, which the server counts there; false if it has ended. */
    boolean move(Partition to) {
        if (!STATE.compareAndSet(this, ADMITTED, MOVING)) {
            return false;
        }
        partition.handOver(this, to);
        partition = to;
        if (!STATE.compareAndSet(this, MOVING, ADMITTED)) {
            to.release(this, false); // it has ended meanwhile
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
            onError(e); // a Mono of the user's that breaks the rules
        }
    }

    /** Called before the attempt goes on. */
    void begins(Attempt admitted) {}

    /** What nobody may catch goes its way, and the permit its own. */
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

    /** For those whose downstream has its subscription already. */
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
     * Ends the call; false if it has ended already.
     *
     * @param streaming whether the body of the answer goes on
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
        } // else: cancelled, which is what broke the connection
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

    /** Called by whoever drains the line: what a subscriber throws must not cost the others their turn. */
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

    static Failure tooLate(Partition partition, long waitNanos) {
        return refusal(
                        ErrorKind.RATE_LIMITED,
                        Retryability.TRANSIENT,
                        "quota " + partition + " is used up for " + waitNanos / 1_000_000
                                + " ms, which is more than the deadline leaves: nothing was sent")
                .withRetryAfter(Duration.ofNanos(waitNanos));
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }
}
