package io.penstock.ratelimit;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The places of a client: one for each attempt under way, whatever its quota. A partition whose line finds none stands in
 * {@code blocked}, once, and is called in its turn when a place is free; who comes while one stands there does not overtake it.
 */
final class Concurrency {

    private final int most;
    private final AtomicInteger used = new AtomicInteger();
    private final Queue<Partition> blocked = new ConcurrentLinkedQueue<>();

    Concurrency(int most) {
        this.most = most;
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
    boolean tryAcquireOr(Partition toBeCalled) {
        if (acquire()) {
            return true;
        }
        if (toBeCalled.queue()) {
            blocked.add(toBeCalled);
        }
        return acquire();
    }

    /** Gives a place back, and calls partitions until it is taken again. */
    void release() {
        used.decrementAndGet();
        callNext();
    }

    private void callNext() {
        while (used.get() < most) {
            Partition next = blocked.poll();
            if (next == null) {
                return;
            }
            next.called();
            next.drain();
        }
    }

    int used() {
        return used.get();
    }
}
