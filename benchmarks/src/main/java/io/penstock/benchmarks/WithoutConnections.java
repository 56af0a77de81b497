package io.penstock.benchmarks;

import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Transport;
import java.util.List;
import reactor.core.publisher.Mono;

/** A transport that needs no connections. */
public abstract class WithoutConnections implements Transport {

    /** Creates a transport. */
    protected WithoutConnections() {}

    /** Returns a transport that never gets a response. */
    public static Transport silent() {
        return new WithoutConnections() {
            @Override
            public Mono<Reply> exchange(Attempt call, Receiver receiver) {
                return Mono.defer(() -> {
                    call.dispatched(true);
                    return Mono.never();
                });
            }
        };
    }

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
        return "no connections";
    }
}
