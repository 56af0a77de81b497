package io.penstock.ratelimit;

import io.penstock.http.Secret;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The quotas of the secrets that single requests bring, apart from those of the client's own. If there are too many, the one
 * that has been idle for longest is dropped; if none is idle, further secrets share one.
 */
final class CredentialGates {

    static final int MOST = 1_000;

    private final Supplier<Admission> make;
    private final Map<Secret, Admission> known = new LinkedHashMap<>(16, 0.75f, true);
    private @Nullable Admission rest;
    private boolean closed;

    CredentialGates(Supplier<Admission> make) {
        this.make = make;
    }

    synchronized Admission of(Secret secret) {
        Admission here = known.get(secret);
        if (here != null) {
            return here;
        }
        if (known.size() >= MOST && !forgetIdle()) {
            Admission shared = rest;
            if (shared == null) {
                shared = made();
                rest = shared;
            }
            return shared;
        }
        Admission own = made();
        known.put(secret, own);
        return own;
    }

    private Admission made() {
        Admission made = make.get();
        if (closed) {
            made.close();
        }
        return made;
    }

    private boolean forgetIdle() {
        for (Iterator<Admission> all = known.values().iterator(); all.hasNext(); ) {
            if (all.next().isIdle()) {
                all.remove();
                return true;
            }
        }
        return false;
    }

    synchronized int waiting() {
        int waiting = rest == null ? 0 : rest.waiting();
        for (Admission gate : known.values()) {
            waiting += gate.waiting();
        }
        return waiting;
    }

    /** Fails current and future waiters. */
    synchronized void close() {
        closed = true;
        known.values().forEach(Admission::close);
        if (rest != null) {
            rest.close();
        }
    }
}
