package io.penstock.test.simulator;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A rate limit per subject, in windows of fixed length. Requests beyond the limit are refused and not counted.
 * Thread-safe.
 *
 * <pre>
 *  limit 2     |---------- window ----------|
 *  requests    a   b   c(refused)           d
 * </pre>
 */
public final class FixedWindow {

    private final int limit;
    private final long windowMillis;
    private final Clock clock;
    private final Map<String, Window> windows = new HashMap<>();

    /**
     * Creates a rate limit. A window begins with a subject's first request.
     *
     * @param limit the number of requests per subject and window
     * @param window the length of the window; one shorter than a millisecond counts as a millisecond
     */
    public FixedWindow(int limit, Duration window, Clock clock) {
        this.limit = limit;
        this.windowMillis = Math.max(1, window.toMillis());
        this.clock = clock;
    }

    /** Counts a request. Returns 0, or the milliseconds until the window ends if the request is beyond the limit. */
    public synchronized long admit(String subject) {
        Window window = current(subject);
        if (window.count == limit) {
            return Math.max(1, window.start + windowMillis - clock.millis()); // the clock may have passed the end
        }
        window.count++;
        return 0;
    }

    /** Returns the number of requests that are left in the subject's window. */
    public synchronized int remaining(String subject) {
        return limit - current(subject).count;
    }

    /** Returns the end of the subject's window, in milliseconds since the epoch. */
    public synchronized long endsAtMillis(String subject) {
        return current(subject).start + windowMillis;
    }

    private Window current(String subject) {
        long now = clock.millis();
        Window window = windows.get(subject);
        if (window == null || now - window.start >= windowMillis) {
            window = new Window(now);
            windows.put(subject, window);
        }
        return window;
    }

    private static final class Window {
        private final long start;
        private int count;

        Window(long start) {
            this.start = start;
        }
    }
}
