package io.penstock.test.simulator;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The scripted faults of a server. The first request that matches a fault consumes it, in the order of scripting. A
 * request consumes at most one fault, and the server handles it normally if none matches. Thread-safe.
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

    /** Scripts faults for the next requests, whatever their operation. Returns this plan. */
    public FaultPlan next(Fault... faults) {
        return add(null, null, faults);
    }

    /**
     * Scripts faults for the next requests of one operation. Returns this plan.
     *
     * @param method the method as sent, such as {@code POST}
     * @param path the exact path without the query, such as {@code /v1/scans}
     */
    public FaultPlan on(String method, String path, Fault... faults) {
        return add(Objects.requireNonNull(method, "method"), Objects.requireNonNull(path, "path"), faults);
    }

    /** Returns the number of faults that have not been consumed. */
    public synchronized int pending() {
        return entries.size();
    }

    /** Removes all faults that have not been consumed. */
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

    /**
     * Takes the next fault for this request, like {@link #take}, if that fault begins while the request is read.
     * Otherwise returns null and takes nothing.
     */
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
