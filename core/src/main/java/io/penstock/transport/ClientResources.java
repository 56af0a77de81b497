package io.penstock.transport;

import io.netty.resolver.AddressResolverGroup;
import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/**
 * Event loops, a timer and a DNS client that belong to some clients only. Clients without them use those of the
 * process: Reactor Netty's {@code HttpResources} and {@code Schedulers.parallel()}. Other code that disposes of these, such as
 * a framework that shuts down, ends the calls of all clients that use them, and of none that has its own.
 *
 * <pre>{@code
 * try (ClientResources resources = ClientResources.create();
 *         ApiClient first = ApiClient.builder(spec).resources(resources).build();
 *         ApiClient second = ApiClient.builder(other).resources(resources).build()) {
 *     …
 * }
 * }</pre>
 *
 * <p>All threads are daemons. Close the resources after the clients that use them: their later calls fail with
 * {@code CLIENT_CLOSED}. Work on files and large bodies stays on {@code Schedulers.boundedElastic()}.
 */
public final class ClientResources implements AutoCloseable {

    private static final int TIMER_THREADS = 2;
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final LoopResources loops;
    private final Scheduler timer;
    private @Nullable AddressResolverGroup<InetSocketAddress> names;
    private boolean closed;

    private ClientResources(int eventLoops) {
        this.loops = LoopResources.create("penstock", eventLoops, true);
        this.timer = Schedulers.newParallel("penstock-timer", TIMER_THREADS, true);
    }

    /** Creates resources with as many event loops as Reactor Netty uses by default: one for each processor. */
    public static ClientResources create() {
        return create(LoopResources.DEFAULT_IO_WORKER_COUNT);
    }

    /**
     * Creates resources with the given number of event loops, each of which has a thread.
     *
     * @throws ApiException INVALID_CONFIGURATION if it is less than 1
     */
    public static ClientResources create(int eventLoops) {
        if (eventLoops < 1) {
            throw ApiException.invalidConfiguration("eventLoops: " + eventLoops + " (expected: >= 1)");
        }
        return new ClientResources(eventLoops);
    }

    /**
     * Returns the event loops.
     *
     * @hidden
     */
    @Internal
    public LoopResources loops() {
        return loops;
    }

    /**
     * Returns the clock and timer.
     *
     * @hidden
     */
    @Internal
    public Scheduler timer() {
        return timer;
    }

    /**
     * Returns the DNS client, which is created by the first caller's function.
     *
     * @hidden
     */
    @Internal
    public synchronized AddressResolverGroup<InetSocketAddress> names(
            Function<LoopResources, AddressResolverGroup<InetSocketAddress>> factory) {
        AddressResolverGroup<InetSocketAddress> known = names;
        if (known == null) {
            known = factory.apply(loops);
            names = known;
            if (closed) {
                known.close();
            }
        }
        return known;
    }

    /** Stops all threads when subscribed to, and completes when they have stopped. Repeated calls do no harm. */
    public Mono<Void> closeLater() {
        return Mono.defer(() -> {
            synchronized (this) {
                if (names != null && !closed) {
                    names.close();
                }
                closed = true;
            }
            Mono<Void> timerStops = Mono.<Void>fromRunnable(timer::dispose)
                    .subscribeOn(
                            Schedulers.boundedElastic()); // it takes locks, and the loops end on a thread of theirs
            return loops.disposeLater(Duration.ZERO, LONGEST_CLOSE).then(timerStops);
        });
    }

    /** Stops all threads like {@link #closeLater}, and returns at once. */
    @Override
    public void close() {
        closeLater().subscribe();
    }
}
