package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * An exchange that is subscribed to without a {@code Mono}. A {@code Mono} is created only by {@link #exchange}.
 *
 * @hidden
 */
@Internal
@FunctionalInterface
@SuppressWarnings("FunctionalInterfaceMethodChanged") // both methods do the same, whichever is implemented
public interface SubscribingExchange extends Exchange {

    @Override
    void subscribe(Call call, CoreSubscriber<? super Reply> actual);

    @Override
    default Mono<Reply> exchange(Call call) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Reply> actual) {
                SubscribingExchange.this.subscribe(call, actual);
            }
        };
    }
}
