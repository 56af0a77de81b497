package io.penstock.micrometer;

import io.micrometer.observation.Observation;
import io.penstock.pipeline.CallListener;

/** The context of an operation's observation. */
public final class OperationContext extends Observation.Context {

    private final String vendor;
    private final CallListener.Operation operation;
    private boolean cancelled;

    OperationContext(String vendor, CallListener.Operation operation) {
        this.vendor = vendor;
        this.operation = operation;
    }

    /** Returns the id of the vendor. */
    public String vendor() {
        return vendor;
    }

    /** Returns the operation. */
    public CallListener.Operation operation() {
        return operation;
    }

    /** Returns whether the operation was cancelled. */
    public boolean isCancelled() {
        return cancelled;
    }

    void cancel() {
        cancelled = true;
    }
}
