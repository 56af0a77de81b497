package io.penstock.pipeline;

import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.Objects;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A service that answers a call. The whole pipeline is one, and so is everything behind an operator. */
@FunctionalInterface
public interface Exchange {

    /**
     * Returns the reply as a cold {@code Mono}. Nothing is sent before it is subscribed to. Cancelling it releases the
     * connection. It ends with one reply or with an error.
     */
    Mono<Reply> exchange(Call call);

    /**
     * Subscribes to the reply, like subscribing to {@link #exchange}. Operators of the library override it to insert
     * their subscribers without a short-lived {@code Mono} for each.
     *
     * <p>An exception thrown by {@link #exchange} is signalled to the subscriber. One thrown while subscribing to the
     * {@code Mono} is thrown.
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
