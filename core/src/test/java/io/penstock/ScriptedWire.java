package io.penstock;

import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Transport;
import java.util.List;
import reactor.core.publisher.Mono;

/** A transport without connections: a test says what an exchange does. */
public abstract class ScriptedWire implements Transport {

    @Override
    public Mono<Void> closeLater() {
        return Mono.empty();
    }

    @Override
    public List<ConnectionStats> connections() {
        return List.of();
    }

    @Override
    public String describe() {
        return "a stub";
    }
}
