package io.penstock.micrometer;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.RequestReplySenderContext;
import io.penstock.pipeline.Attempt;

/**
 * The context of an attempt's observation. A tracer writes its headers to the attempt, unless it goes to an address that a
 * server has named: trace and baggage are not for others.
 */
public final class AttemptContext extends RequestReplySenderContext<Attempt, Attempt> {

    private final String vendor;
    private final Attempt attempt;
    private final int resends;
    private boolean cancelled;

    AttemptContext(String vendor, Attempt attempt) {
        super(
                (carrier, name, value) -> {
                    if (!attempt.plan().elsewhere()) {
                        attempt.header(name, value);
                    }
                },
                Kind.CLIENT);
        this.vendor = vendor;
        this.attempt = attempt;
        this.resends = attempt.attempts().size() + (attempt.isParallel() ? 1 : 0);
        setCarrier(attempt);
        setRemoteServiceName(vendor);
        setRemoteServiceAddress(attempt.plan().origin());
    }

    /** Returns the id of the vendor. */
    public String vendor() {
        return vendor;
    }

    /** Returns the attempt. */
    public Attempt attempt() {
        return attempt;
    }

    /** Returns how many requests of the call were sent before this one. */
    public int resends() {
        return resends;
    }

    /** Returns whether the attempt was cancelled. */
    public boolean isCancelled() {
        return cancelled;
    }

    void cancel() {
        cancelled = true;
    }
}
