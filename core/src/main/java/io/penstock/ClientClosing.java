package io.penstock;

import io.penstock.call.ActiveCalls;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The closing of a client.
 *
 * <pre>
 *  closeGracefully   refuse calls ──── running calls end ──┬── close lines and connections ── closed
 *                                      limit: end the rest ┘
 *  closeLater        refuse calls, close lines, idle connections ──── sent calls end ──── closed
 * </pre>
 */
final class ClientClosing {

    private final ClientWiring wiring;
    private final ActiveCalls active;
    private final Scheduler scheduler;
    private final AtomicBoolean shut = new AtomicBoolean();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final Sinks.Empty<Void> transportClosed = Sinks.empty();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final Mono<Void> whole;

    /**
     * Creates the closing of a client.
     *
     * @param resourcesClosed closes what the client alone uses
     */
    ClientClosing(ClientWiring wiring, ActiveCalls active, Scheduler scheduler, Mono<Void> resourcesClosed) {
        this.wiring = wiring;
        this.active = active;
        this.scheduler = scheduler;
        this.whole = Mono.whenDelayError(active.whenEmpty(), transportClosed.asMono())
                .then(resourcesClosed);
    }

    Mono<Void> closeLater() {
        return Mono.defer(() -> {
            shutLines();
            long now = scheduler.now(TimeUnit.NANOSECONDS);
            active.close(now, now);
            shutTransport();
            return closed();
        });
    }

    Mono<Void> closeGracefully(Duration limit) {
        return Mono.defer(() -> {
            long now = scheduler.now(TimeUnit.NANOSECONDS);
            long limitNanos = limit.toNanos();
            active.close(now + limitNanos, now);
            Disposable timer = endAllAfter(limitNanos);
            Disposable unused = active.whenEmpty().subscribe(null, null, () -> {
                timer.dispose();
                shutLines();
                shutTransport();
            });
            return closed();
        });
    }

    /** Starts to watch for the end, once: cancelling the wait for it must not stop the closing. */
    private Mono<Void> closed() {
        if (watched.compareAndSet(false, true)) {
            Disposable unused = whole.subscribe(null, closed::tryEmitError, closed::tryEmitEmpty);
        }
        return closed.asMono();
    }

    private @Nullable Disposable schedule(long nanos) {
        try {
            return scheduler.schedule(this::endAll, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }

    private Disposable endAllAfter(long nanos) {
        Disposable timer = schedule(nanos);
        if (timer == null) {
            endAll(); // without a timer nothing would end them
            return () -> {};
        }
        return timer;
    }

    private void endAll() {
        shutLines();
        active.endAll();
    }

    private void shutLines() {
        wiring.closeLines();
    }

    private void shutTransport() {
        if (shut.compareAndSet(false, true)) {
            Disposable unused = wiring.transport
                    .closeLater()
                    .subscribe(null, transportClosed::tryEmitError, transportClosed::tryEmitEmpty);
        }
    }
}
