package io.penstock.pipeline;

import reactor.core.publisher.Mono;

/** A service: answers a call. The whole pipeline is one, and so is what stands behind each operator. */
@FunctionalInterface
public interface Exchange {

    /**
     * The answer, as a cold {@code Mono}: nothing is sent before it is subscribed to, cancelling it gives the
     * connection up, and it ends with one reply or with an error.
     */
    Mono<Reply> exchange(Call call);
}
