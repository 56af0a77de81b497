package io.penstock.circuit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.Metrics;
import io.penstock.error.ApiException;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * An attempt with a permit of its circuit. The permit is taken at subscription. Without one the attempt is refused, or
 * turned back if calls wait, and nothing is subscribed to.
 *
 * <pre>
 *  half-open, 3 permits   a b c        d
 *  a  |-------------- 200: success
 *  b  |----- cancelled: permit back, free for another
 *  c  |------------------------ 503: failure
 *  d             |----- takes b's
 * </pre>
 *
 * Value, error, completion and cancel may race. Each swaps null for the permit. The one that finds the permit returns
 * it, and only its signal reaches downstream. A cancel takes the permit before it cancels upstream, so that an error
 * that it provokes there is not attributed to the server.
 */
final class PermitHolder implements CoreSubscriber<Reply>, Subscription {

    private static final AtomicReferenceFieldUpdater<PermitHolder, @Nullable Metrics> PERMIT =
            AtomicReferenceFieldUpdater.newUpdater(PermitHolder.class, Metrics.class, "permit");

    private final CoreSubscriber<? super Reply> actual;
    private final Circuit circuit;
    private final Attempt call;
    private volatile @Nullable Metrics permit;
    private @Nullable Subscription upstream;

    private PermitHolder(CoreSubscriber<? super Reply> actual, Circuit circuit, Attempt call, Metrics permit) {
        this.actual = actual;
        this.circuit = circuit;
        this.call = call;
        this.permit = permit;
    }

    static void subscribe(Circuit circuit, Attempt call, Exchange next, CoreSubscriber<? super Reply> actual) {
        Metrics permit = circuit.acquire(call);
        if (permit == null) {
            if (circuit.patience() != null && Circuits.mayWait(call)) {
                call.turnBack();
            }
            Operators.error(actual, circuit.refusal());
            return;
        }
        PermitHolder holder = new PermitHolder(actual, circuit, call, permit);
        try {
            next.subscribe(call, holder);
        } catch (Throwable e) {
            holder.sendBack(Verdict.NEUTRAL);
            throw e;
        }
    }

    private boolean sendBack(Verdict verdict) {
        Metrics held = permit == null ? null : PERMIT.getAndSet(this, null);
        if (held != null) {
            try {
                circuit.sendBack(held, verdict, call);
            } catch (Throwable e) {
                Exceptions.throwIfJvmFatal(e);
                Operators.onErrorDropped(e, actual.currentContext()); // no reason to hold back the response
            }
        }
        return held != null;
    }

    @Override
    public void onSubscribe(Subscription s) {
        upstream = s;
        actual.onSubscribe(this);
    }

    @Override
    public void onNext(Reply reply) {
        if (sendBack(Verdict.SUCCESS)) { // even if the body is still arriving: a stream may last for days
            actual.onNext(reply);
            actual.onComplete();
        } else {
            reply.discard();
        }
    }

    @Override
    public void onError(Throwable error) {
        // Any other error was thrown by an operator or a receiver on this side.
        Verdict verdict = error instanceof ApiException e ? Verdict.on(e.failure()) : Verdict.NEUTRAL;
        if (sendBack(verdict)) {
            actual.onError(error);
        } // else: cancelled, which closed the connection
    }

    @Override
    public void onComplete() {
        if (sendBack(Verdict.NEUTRAL)) {
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
        sendBack(Verdict.NEUTRAL);
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
