package io.penstock.pipeline;

import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.Objects;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A service: answers a call. The whole pipeline is one, and so is what stands behind each operator. */
@FunctionalInterface
public interface Exchange {

    /**
     * The answer, as a cold {@code Mono}: nothing is sent before it is subscribed to, cancelling it gives the
     * connection up, and it ends with one reply or with an error.
     */
    Mono<Reply> exchange(Call call);

    /**
     * Subscribes to the answer. It is what subscribing to {@link #exchange} does, but that operators of the library put
     * their subscribers in the way without a {@code Mono} for each, which lives no longer than this call. What an operator
     * throws in place of giving a {@code Mono} is signalled; what a {@code Mono} throws when it is subscribed to, is thrown.
     */
    default void subscribe(Call call, CoreSubscriber<? super Reply> actual) {
        Mono<Reply> reply;
        try {
            reply = Objects.requireNonNull(exchange(call), "an operator gave null in place of a Mono");
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            Operators.error(actual, e);
            return;
        }
        reply.subscribe(SubscriberContext.<Reply>restoring(actual));
    }
}
