package io.penstock.benchmarks.loopback;

/** A client. Each sends {@link Target#ACCEPT} and {@link Target#AUTHORIZATION}, refuses any status but 200, and decodes. */
interface Contender extends AutoCloseable {

    /** Begins a call; its outcome goes to the caller, once, on whatever thread. */
    void call(Scenario scenario, Caller caller);

    /** Lets its connections go. */
    @Override
    void close();
}
