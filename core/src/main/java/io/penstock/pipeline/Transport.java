package io.penstock.pipeline;

import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The wire. A transport sends each attempt exactly once: it does not retry, follow redirects or authenticate.
 *
 * <p>A transport that has waited for a connection asks {@link Receiver#refusal} first. It calls
 * {@link Attempt#dispatched} just before the first write. When the head of the response has arrived, it calls
 * {@link Attempt#answered} and then {@link Receiver#onHead}. It calls {@link Attempt#received} for each part of the
 * body, and {@link Receiver#onBody} with the collected body. It owns every buffer, and its errors are
 * {@link io.penstock.error.ApiException}s.
 */
public interface Transport {

    /**
     * Sends one attempt when subscribed to. Emits the reply that the receiver makes of the response, on the
     * connection's event loop. Cancelling releases the connection. After a cancel has returned, nothing is written that
     * {@link Attempt#dispatched} has not announced, so the certainty of the attempt can be read then.
     */
    Mono<Reply> exchange(Attempt attempt, Receiver receiver);

    /**
     * Opens a connection to the origin of an attempt and keeps it for later, unless there is one. Nothing is sent. It is
     * optional: a transport without connections completes at once.
     */
    default Mono<Void> connect(Attempt attempt) {
        return Mono.empty();
    }

    /**
     * Closes all connections, those in use when they become free, and completes when all of them are closed. Later
     * attempts fail with {@code CLIENT_CLOSED}. It does not block.
     */
    Mono<Void> closeLater();

    /** Returns the current connection counts, one row for each origin. */
    List<ConnectionStats> connections();

    /** Returns a line for {@code client.inspect().explain(request)}. */
    String describe();
}
