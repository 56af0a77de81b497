package io.penstock.benchmarks.quota;

import reactor.core.publisher.Mono;

/** A client under test. */
interface Contender extends AutoCloseable {

    /** One logical call: completes when it has succeeded, ends with an error when it has been given up. */
    Mono<Void> call();

    @Override
    void close();
}
