package io.penstock.benchmarks.quota;

import reactor.core.publisher.Mono;

/** A wire that sends one request per subscription and does not react to the response. */
interface Wire extends AutoCloseable {

    Mono<Answer> send();

    @Override
    void close();
}
