package io.penstock.pipeline;

import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The wire. A transport sends each attempt exactly once: it does not retry, follow redirects or authenticate.
 *
 * <p>For every attempt that has waited for a connection it asks {@link Receiver#refusal}, and calls {@link Attempt#dispatched} just before the first write, {@link Attempt#answered} when the head of
 * the response is there, then {@link Receiver#onHead}, {@link Attempt#received} for each part of the body, and {@link
 * Receiver#onBody} with the collected body. It owns every
 * buffer, and its errors are {@link io.penstock.error.ApiException}s.
 */
public interface Transport {

    /**
     * Sends one attempt when subscribed to. It emits what the receiver makes of the response, on the connection's event
     * loop; cancelling gives the connection up. When a cancel has returned, nothing is written any more that
     * {@link Attempt#dispatched} has not announced: who cancels may then ask the attempt what is known about its effect.
     */
    Mono<Reply> exchange(Attempt attempt, Receiver receiver);

    /** Gives up all connections; whatever is sent afterwards fails with {@code CLIENT_CLOSED}. It does not block. */
    Mono<Void> closeLater();

    /** How the connections are used now, a row for each origin. */
    List<ConnectionStats> connections();

    /** A line for {@code client.inspect().explain(request)}. */
    String describe();
}
