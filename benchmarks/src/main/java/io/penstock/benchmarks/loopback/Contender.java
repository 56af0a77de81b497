package io.penstock.benchmarks.loopback;

/**
 * A client under test, which ends with its process. Each one sends {@link Target#ACCEPT} and
 * {@link Target#AUTHORIZATION}, rejects every status but 200, and decodes the body.
 */
interface Contender {

    /** Begins a call. Its outcome goes to the caller once, on any thread. */
    void call(Scenario scenario, Caller caller);
}
