package io.penstock.benchmarks.storm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Workers and a queue with as many places. Everything runs on one event loop and needs no lock; only the number of
 * workers may change from another thread.
 */
final class Capacity {

    private final ScheduledExecutorService loop;
    private final long serviceMillis;
    private final Deque<MonoSink<Boolean>> waiting = new ArrayDeque<>();
    private volatile int workers;
    private int busy;

    Capacity(ScheduledExecutorService loop, long serviceMillis) {
        this.loop = loop;
        this.serviceMillis = serviceMillis;
    }

    void workers(int number) {
        workers = number;
    }

    /** Emits true once the request has been worked on, or false at once if there is no room. Subscribe on the loop. */
    Mono<Boolean> work() {
        return Mono.create(sink -> {
            if (busy < workers) {
                begin(sink);
            } else if (waiting.size() < workers) {
                waiting.add(sink);
            } else {
                sink.success(false);
            }
        });
    }

    private void begin(MonoSink<Boolean> sink) {
        busy++;
        var unused = loop.schedule(() -> done(sink), serviceMillis, TimeUnit.MILLISECONDS);
    }

    private void done(MonoSink<Boolean> sink) {
        busy--;
        sink.success(true);
        MonoSink<Boolean> next = busy < workers ? waiting.poll() : null;
        if (next != null) {
            begin(next);
        }
    }
}
