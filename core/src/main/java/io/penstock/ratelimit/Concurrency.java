package io.penstock.ratelimit;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The places of a client: one for each attempt under way, whatever its quota. A line that finds none stands in {@code
 * blocked}, once, and is called in its turn when a place is free; who comes while one stands there does not overtake it.
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

    /** For who comes from outside. */
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

    /** For the head of a line. It registers first and looks again after, so that a place freed in between is not missed. */
    boolean tryAcquireOr(WaitingLine toBeCalled) {
        if (acquire()) {
            return true;
        }
        if (toBeCalled.queue()) {
            blocked.add(toBeCalled);
        }
        return acquire();
    }

    /** Gives a place back, and calls lines until it is taken again. */
    void release() {
        used.decrementAndGet();
        callNext();
    }

    /**
     * How long a request has taken that was sent.
     *
     * @param status of the answer, 0 without one. What a server refuses or fails at may have cost it nothing: like what was
     *     not answered at all, it would have taken that long at least
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

    /** How many at once, now. */
    int most() {
        return most;
    }
}
