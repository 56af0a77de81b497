package io.penstock.benchmarks.quota;

import reactor.core.publisher.Mono;

/** A client under test. */
interface Contender extends AutoCloseable {

    /** Makes one logical call. Completes when the call has succeeded, and fails when the client has given it up. */
    Mono<Void> call();

    @Override
    void close();
}
