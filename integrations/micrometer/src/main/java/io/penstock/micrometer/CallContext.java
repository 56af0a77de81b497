package io.penstock.micrometer;

import io.micrometer.observation.Observation;
import io.penstock.pipeline.Call;

/** The context of a call's observation. */
public final class CallContext extends Observation.Context {

    private final String vendor;
    private final Call call;
    private boolean cancelled;

    CallContext(String vendor, Call call) {
        this.vendor = vendor;
        this.call = call;
    }

    /** Returns the id of the vendor. */
    public String vendor() {
        return vendor;
    }

    /** Returns the call, with its attempts so far. */
    public Call call() {
        return call;
    }

    /** Returns whether the call was cancelled. */
    public boolean isCancelled() {
        return cancelled;
    }

    void cancel() {
        cancelled = true;
    }
}
