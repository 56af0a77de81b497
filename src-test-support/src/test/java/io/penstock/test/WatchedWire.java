package io.penstock.test;

import io.netty.buffer.ByteBuf;
import io.penstock.error.ApiException;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.BodyReader;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Transport;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.netty.Transports;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Mono;

/**
 * The transport of the library with watchers, whose exceptions are those of a receiver.
 *
 * @param subscriptions receives the subscription of each attempt
 * @param heads receives the head of each response before the client does
 */
record WatchedWire(Transport wire, Consumer<Subscription> subscriptions, Consumer<ResponseHead> heads)
        implements Transport {

    static WatchedWire ofSubscriptions(Consumer<Subscription> subscriptions) {
        return new WatchedWire(Transports.create(ConnectionOptions.standard()), subscriptions, head -> {});
    }

    static WatchedWire ofHeads(Consumer<ResponseHead> heads) {
        return new WatchedWire(Transports.create(ConnectionOptions.standard()), subscription -> {}, heads);
    }

    @Override
    public Mono<Reply> exchange(Attempt call, Receiver receiver) {
        return wire.exchange(call, new WatchedReceiver(receiver, heads)).doOnSubscribe(subscriptions);
    }

    @Override
    public Mono<Void> closeLater() {
        return wire.closeLater();
    }

    @Override
    public List<ConnectionStats> connections() {
        return wire.connections();
    }

    @Override
    public String describe() {
        return wire.describe();
    }

    private record WatchedReceiver(Receiver receiver, Consumer<ResponseHead> heads) implements Receiver {

        @Override
        public @Nullable ApiException refusal(Attempt attempt) {
            return receiver.refusal(attempt);
        }

        @Override
        public void onHead(Attempt attempt, ResponseHead head) {
            heads.accept(head);
            receiver.onHead(attempt, head);
        }

        @Override
        public @Nullable BodyReader reader(Attempt attempt, ResponseHead head) {
            return receiver.reader(attempt, head);
        }

        @Override
        public int limit(Attempt attempt, ResponseHead head) {
            return receiver.limit(attempt, head);
        }

        @Override
        public Reply onBody(Attempt attempt, ResponseHead head, ByteBuf body, boolean complete) {
            return receiver.onBody(attempt, head, body, complete);
        }
    }
}
