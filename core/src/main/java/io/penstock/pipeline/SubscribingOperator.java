package io.penstock.pipeline;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** An operator that is a subscriber in the way: its {@code Mono} is made only for those who ask for one. */
public abstract class SubscribingOperator implements Operator {

    /** For operators of the library. */
    protected SubscribingOperator() {}

    @Override
    public abstract void subscribe(Call call, Exchange next, CoreSubscriber<? super Reply> actual);

    @Override
    public final Mono<Reply> apply(Call call, Exchange next) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Reply> actual) {
                SubscribingOperator.this.subscribe(call, next, actual);
            }
        };
    }
}
