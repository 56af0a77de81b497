package io.penstock.test.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The requests that a server has received, in the order in which they were complete. It keeps the last {@value #KEPT},
 * so that a soak test does not fill the heap. {@link #count()} counts all of them. Thread-safe.
 */
public final class RequestLog {

    static final int KEPT = 100_000;

    private final Deque<LoggedRequest> requests = new ArrayDeque<>();
    private long sequence;
    private int count;

    RequestLog() {}

    synchronized LoggedRequest add(LongFunction<LoggedRequest> request) {
        LoggedRequest logged = request.apply(++sequence);
        if (requests.size() == KEPT) {
            requests.removeFirst();
        }
        requests.addLast(logged);
        count++;
        return logged;
    }

    /** Returns a copy of the kept requests, oldest first. */
    public synchronized List<LoggedRequest> all() {
        return List.copyOf(requests);
    }

    /**
     * Returns the kept requests with a method and exact path, such as {@code GET} and {@code /v1/scans}, whatever their
     * query.
     */
    public synchronized List<LoggedRequest> of(String method, String path) {
        return requests.stream()
                .filter(request ->
                        request.method().equals(method) && request.path().equals(path))
                .toList();
    }

    /** Returns the number of requests since the start or the last {@link #clear()}. */
    public synchronized int count() {
        return count;
    }

    /** Removes all requests. Sequence numbers continue. */
    public synchronized void clear() {
        requests.clear();
        count = 0;
    }
}
