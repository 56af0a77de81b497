package io.penstock;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Clock and timer of one thread: nothing runs before somebody decides that it is its turn. Hooks apply as to Reactor's own. */
final class SeededScheduler implements Scheduler {

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong((Task t) -> t.dueNanos).thenComparingLong(t -> t.number));
    private long nowNanos = 1_000_000_000_000L;
    private long scheduled;

    private static final class Task implements Disposable {
        final Runnable work;
        final long dueNanos;
        final long number;
        private boolean disposed;

        Task(Runnable work, long dueNanos, long number) {
            this.work = work;
            this.dueNanos = dueNanos;
            this.number = number;
        }

        @Override
        public void dispose() {
            disposed = true;
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }

    /** Runs the task that is due next, whose time it becomes; false if there is none. */
    boolean runNext() {
        for (Task next = tasks.poll(); next != null; next = tasks.poll()) {
            if (!next.disposed) {
                nowNanos = Math.max(nowNanos, next.dueNanos);
                next.disposed = true;
                next.work.run();
                return true;
            }
        }
        return false;
    }

    /** Lets time pass in which nothing becomes due. */
    void pass(long nanos) {
        Task next = tasks.peek();
        nowNanos = next == null ? nowNanos + nanos : Math.max(nowNanos, Math.min(nowNanos + nanos, next.dueNanos));
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Task added = new Task(Schedulers.onSchedule(task), nowNanos + unit.toNanos(delay), scheduled++);
        tasks.add(added);
        return added;
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(nowNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Worker createWorker() {
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return SeededScheduler.this.schedule(task);
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                return SeededScheduler.this.schedule(task, delay, unit);
            }

            @Override
            public void dispose() {
                // its tasks are disposed of one by one
            }
        };
    }
}
