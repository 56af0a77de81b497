package io.penstock.retry;

import io.penstock.error.ApiException;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.request.Probe;
import io.penstock.retry.Reconciliation.Finding;
import java.util.Objects;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The look whether a call was done, where that is not known and its plan has a {@link Probe}. It takes the place of an
 * attempt: its subscription is what a cancel reaches, and what it finds decides how the retry loop goes on.
 */
final class Probing implements CoreSubscriber<Finding> {

    private final RetryLoop loop;
    private final Call call;
    private final ApiException failed;
    private final Decision.GiveUp otherwise;
    private boolean found;

    /**
     * A look for that loop.
     *
     * @param failed the failure of the call where looking does not help
     * @param otherwise the decision in that case
     */
    Probing(RetryLoop loop, Call call, ApiException failed, Decision.GiveUp otherwise) {
        this.loop = loop;
        this.call = call;
        this.failed = failed;
        this.otherwise = otherwise;
    }

    /** Whether there is something to find out, a way to do so, and time left for it. */
    static boolean isWanted(Call call) {
        return call.plan().probe() != null
                && call.certainty().mayHaveActed()
                && call.deadlineNanos() - call.nowNanos() > 0;
    }

    /** Looks, in the place of that attempt. */
    void begin(Reconciliation reconciliation, Attempt inPlaceOf) {
        Probe<?> probe = Objects.requireNonNull(call.plan().probe(), "probe");
        Mono.defer(() -> reconciliation.look(inPlaceOf, probe)).subscribe(this);
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (loop.running(s)) {
            s.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(Finding finding) {
        found = true;
        if (finding instanceof Finding.Done done) {
            call.note("attempt " + call.attempts().size() + " had been acted on: found with "
                    + call.plan().probe());
            loop.found(done.reply());
        } else if (finding instanceof Finding.Unknown unknown) {
            call.note(unknown.why());
            loop.giveUp(otherwise, failed);
        } else if (finding instanceof Finding.NotDone notDone) {
            call.note(notDone.why());
            call.foundWithoutEffect();
            loop.again(failed);
        }
    }

    /** A look that fails has found nothing out. */
    @Override
    public void onError(Throwable error) {
        if (found) {
            Operators.onErrorDropped(error, currentContext());
        } else {
            onNext(new Finding.Unknown("looking failed with " + error.getClass().getSimpleName()));
        }
    }

    @Override
    public void onComplete() {
        if (!found) {
            onNext(new Finding.Unknown("looking has found nothing out"));
        }
    }

    @Override
    public Context currentContext() {
        return loop.currentContext();
    }
}
