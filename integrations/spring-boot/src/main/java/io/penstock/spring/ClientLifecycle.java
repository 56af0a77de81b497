package io.penstock.spring;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;

/**
 * Closes the clients gracefully when the context closes: after the web server, whose last requests still need them, and
 * after message listeners.
 *
 * <pre>
 *  context closes   |-- listeners --|-- web server: graceful, then stopped --|-- clients: closeGracefully --| beans
 * </pre>
 */
final class ClientLifecycle implements SmartLifecycle {

    /** Below the phases of the web server, which are 1024 and 2048 less than the default one. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

    private final ConfiguredClients clients;
    private final Duration limit;
    private volatile boolean running;

    ClientLifecycle(ConfiguredClients clients, Duration limit) {
        this.clients = clients;
        this.limit = limit;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        Flux.fromIterable(clients.created())
                .flatMap(client -> client.closeGracefully(limit).onErrorComplete())
                .doFinally(end -> callback.run())
                .subscribe();
    }

    /** A context that is paused goes on later, with the same clients. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
