package io.penstock.test.simulator;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a server has received, in the order in which they were complete. It keeps the last {@value #KEPT},
 * so that a soak test does not fill the heap. {@link #count()} counts all of them. Thread-safe.
 */
public final class RequestLog {

    static final int KEPT = 100_000;
    /** Answers are for the report of a failure, which shows the last ones. */
    static final int ANSWERS_KEPT = 100;

    private final NavigableMap<Long, LoggedRequest> requests = new TreeMap<>();
    private final NavigableMap<Long, String> answers = new TreeMap<>();
    private long sequence;
    private int count;

    RequestLog() {}

    /** Returns the next sequence number, for a request that is added once the server has acted on it. */
    synchronized long next() {
        return ++sequence;
    }

    /**
     * Adds a request after the server has acted on it. A test that waits for a request may therefore change the state
     * of the server at once.
     */
    synchronized void add(LoggedRequest request) {
        if (requests.size() == KEPT) {
            requests.pollFirstEntry();
        }
        requests.put(request.sequence(), request);
        count++;
    }

    /** Adds what was answered to a request, in words. */
    synchronized void answered(LoggedRequest request, String answer) {
        answers.put(request.sequence(), answer);
        if (answers.size() > ANSWERS_KEPT) {
            answers.pollFirstEntry();
        }
    }

    /**
     * Returns what was answered to a request, for people: the status, the headers and the beginning of the body, or how
     * the connection ended; null for a request that has no answer yet, and for all but the last {@value #ANSWERS_KEPT}.
     */
    public synchronized @Nullable String answerTo(LoggedRequest request) {
        return answers.get(request.sequence());
    }

    /** Returns a copy of the kept requests, oldest first. */
    public synchronized List<LoggedRequest> all() {
        return List.copyOf(requests.values());
    }

    /**
     * Returns the kept requests with a method and exact path, such as {@code GET} and {@code /v1/scans}, whatever their
     * query.
     */
    public synchronized List<LoggedRequest> of(String method, String path) {
        return requests.values().stream()
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
        answers.clear();
        count = 0;
    }
}
