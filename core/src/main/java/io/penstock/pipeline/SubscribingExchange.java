package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** An exchange that is subscribed to without a {@code Mono}; one is made only for those who ask for it. */
@Internal
@FunctionalInterface
@SuppressWarnings("FunctionalInterfaceMethodChanged") // subscribing and exchanging are the same act, whichever is given
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
