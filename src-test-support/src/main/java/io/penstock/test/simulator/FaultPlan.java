package io.penstock.test.simulator;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is scripted to go wrong. A fault is consumed by the first request that matches it, in the order of scripting; a
 * request consumes at most one and is handled normally if there is none. Thread-safe.
 *
 * <pre>
 *  next(A).on("GET", "/v1/usage", B).next(C)
 *  GET /v1/scans   GET /v1/scans   GET /v1/usage   GET /v1/usage
 *  A               C               B               -
 * </pre>
 */
public final class FaultPlan {

    private final List<Entry> entries = new ArrayList<>();

    FaultPlan() {}

    /** Scripts faults for the next requests, whichever they are. */
    public FaultPlan next(Fault... faults) {
        return add(null, null, faults);
    }

    /**
     * Scripts faults for the next requests of one operation.
     *
     * @param method as sent, such as {@code POST}
     * @param path the exact path, such as {@code /v1/scans}; the query does not matter
     */
    public FaultPlan on(String method, String path, Fault... faults) {
        return add(Objects.requireNonNull(method, "method"), Objects.requireNonNull(path, "path"), faults);
    }

    /** How many have not been consumed. */
    public synchronized int pending() {
        return entries.size();
    }

    /** Drops those that have not been consumed. */
    public synchronized void clear() {
        entries.clear();
    }

    synchronized @Nullable Fault take(String method, String path) {
        for (Iterator<Entry> it = entries.iterator(); it.hasNext(); ) {
            Entry entry = it.next();
            if (entry.matches(method, path)) {
                it.remove();
                return entry.fault();
            }
        }
        return null;
    }

    /** As {@link #take}, if what would be taken begins while the request is read. */
    synchronized @Nullable Fault takeReading(String method, String path) {
        for (Entry entry : entries) {
            if (entry.matches(method, path)) {
                return entry.fault().reading() == null ? null : take(method, path);
            }
        }
        return null;
    }

    private synchronized FaultPlan add(@Nullable String method, @Nullable String path, Fault... faults) {
        for (Fault fault : faults) {
            entries.add(new Entry(method, path, Objects.requireNonNull(fault, "fault")));
        }
        return this;
    }

    private record Entry(@Nullable String method, @Nullable String path, Fault fault) {
        boolean matches(String method, String path) {
            return (this.method == null || this.method.equals(method)) && (this.path == null || this.path.equals(path));
        }
    }
}
