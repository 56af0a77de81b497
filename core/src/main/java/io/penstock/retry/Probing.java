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
 * The run of a {@link Probe} for a call whose effect is unknown. It takes the place of an attempt: a cancel reaches its
 * subscription, and its finding decides how the retry loop continues.
 */
final class Probing implements CoreSubscriber<Finding> {

    private final RetryLoop loop;
    private final Call call;
    private final ApiException failed;
    private final Decision.GiveUp otherwise;
    private boolean found;

    /**
     * Creates the probing step of a retry loop.
     *
     * @param failed the failure of the call if the probe does not help
     * @param otherwise the decision in that case
     */
    Probing(RetryLoop loop, Call call, ApiException failed, Decision.GiveUp otherwise) {
        this.loop = loop;
        this.call = call;
        this.failed = failed;
        this.otherwise = otherwise;
    }

    /** Returns whether the effect is unknown, the plan has a probe, and there is time left to run it. */
    static boolean isWanted(Call call) {
        return call.plan().probe() != null
                && call.certainty().mayHaveActed()
                && call.deadlineNanos() - call.nowNanos() > 0;
    }

    /** Starts the probe in place of the given attempt. */
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

    /** Treats a failed probe as an unknown effect. */
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
