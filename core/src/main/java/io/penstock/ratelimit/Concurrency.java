package io.penstock.ratelimit;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The places of a client: one for each attempt under way, whatever its quota. A line that finds no place is registered
 * in {@code blocked}, once, and is called in its turn when a place is free. While a line is registered, new calls do
 * not overtake it.
 */
final class Concurrency {

    private final @Nullable Gradient adaptive;
    private final AtomicInteger used = new AtomicInteger();
    private final Queue<WaitingLine> blocked = new ConcurrentLinkedQueue<>();
    private volatile int most;

    Concurrency(GatePolicy policy) {
        this.adaptive = policy.adaptive() ? new Gradient(policy.maxConcurrent()) : null;
        this.most = adaptive == null ? policy.maxConcurrent() : adaptive.limit();
    }

    /** Takes a place for a call that comes from outside the lines. */
    boolean tryAcquire() {
        return blocked.peek() == null && acquire();
    }

    private boolean acquire() {
        int now = used.get();
        while (now < most) {
            if (used.compareAndSet(now, now + 1)) {
                return true;
            }
            now = used.get();
        }
        return false;
    }

    /**
     * Takes a place for the head of a line, or registers the line. It registers first and then tries again, so that a
     * place freed in between is not missed.
     */
    boolean tryAcquireOr(WaitingLine toBeCalled) {
        if (acquire()) {
            return true;
        }
        if (toBeCalled.queue()) {
            blocked.add(toBeCalled);
        }
        return acquire();
    }

    /** Returns a place, and calls lines until it is taken again. */
    void release() {
        used.decrementAndGet();
        callNext();
    }

    /**
     * Records the duration of a request that was sent.
     *
     * @param status the status of the response, 0 without one. A refused or failed request may have cost the server
     *     nothing: as with one that was not answered at all, its duration is only a lower bound
     */
    void observed(long nanos, int status, long now) {
        boolean served = status >= 200 && status < 500 && status != 408 && status != 429;
        if (adaptive != null && adaptive.observed(nanos, served, used.get(), now)) {
            int before = most;
            most = adaptive.limit();
            if (most > before) {
                callNext();
            }
        }
    }

    private void callNext() {
        while (used.get() < most) {
            WaitingLine next = blocked.poll();
            if (next == null) {
                return;
            }
            next.called();
        }
    }

    int used() {
        return used.get();
    }

    /** Returns how many attempts may be under way at once now. */
    int most() {
        return most;
    }
}
