package io.penstock.test.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The requests a server has seen, in the order in which they were complete. Keeps the last {@value #KEPT}, so that a
 * soak test does not fill the heap; {@link #count()} counts them all. Thread-safe.
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

    /** A copy, oldest first. */
    public synchronized List<LoggedRequest> all() {
        return List.copyOf(requests);
    }

    /** Those of one method and exact path, such as {@code GET} and {@code /v1/scans}, whatever their query. */
    public synchronized List<LoggedRequest> of(String method, String path) {
        return requests.stream()
                .filter(request ->
                        request.method().equals(method) && request.path().equals(path))
                .toList();
    }

    /** How many there were since the start or the last {@link #clear()}. */
    public synchronized int count() {
        return count;
    }

    /** Forgets all; sequence numbers go on. */
    public synchronized void clear() {
        requests.clear();
        count = 0;
    }
}
