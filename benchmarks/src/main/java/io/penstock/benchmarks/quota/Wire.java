package io.penstock.benchmarks.quota;

import reactor.core.publisher.Mono;

/** Sends a request when subscribed to, once; does nothing about what is answered. */
interface Wire extends AutoCloseable {

    Mono<Answer> send();

    @Override
    void close();
}
