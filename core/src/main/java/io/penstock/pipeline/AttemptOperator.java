package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import reactor.core.CoreSubscriber;

/** A {@link SubscribingOperator} inside the retry loop, where every call is an {@link Attempt}. */
@Internal
public abstract class AttemptOperator extends SubscribingOperator {

    /** For operators of the library. */
    protected AttemptOperator() {}

    /** Subscribes to the answer to one attempt, see {@link Operator#subscribe}. */
    public abstract void subscribe(Attempt attempt, Exchange next, CoreSubscriber<? super Reply> actual);

    @Override
    public final void subscribe(Call call, Exchange next, CoreSubscriber<? super Reply> actual) {
        subscribe(Attempt.of(call), next, actual);
    }
}
