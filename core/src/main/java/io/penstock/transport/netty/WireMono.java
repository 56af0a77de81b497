package io.penstock.transport.netty;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AttributeKey;
import io.penstock.Headers;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plan;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.ResponseHead;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.ByteBufFlux;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.context.Context;

/** One attempt on the wire: writes the request, collects the response, names what went wrong. */
final class WireMono extends Mono<Reply> implements BiFunction<HttpClientRequest, NettyOutbound, Publisher<Void>> {

    private static final AttributeKey<Boolean> USED = AttributeKey.valueOf(WireMono.class, "used");

    private final NettyTransport transport;
    private final Call call;
    private final Receiver receiver;

    WireMono(NettyTransport transport, Call call, Receiver receiver) {
        this.transport = transport;
        this.call = call;
        this.receiver = receiver;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Reply> actual) {
        Plan plan = call.plan();
        HttpClient client = transport.client(plan.uri());
        if (client == null) {
            Operators.error(actual, NettyTransport.closedBeforeSend());
            return;
        }
        client.request(NettyTransport.method(plan.method()))
                .uri(plan.uri())
                .send(this)
                .response(this::receive)
                .subscribe(new WireSubscriber(actual, call, transport.failures()));
        transport.asked();
    }

    /**
     * Writes the request. Runs on the event loop once a connection exists, just before the first byte. Headers are set
     * here and not on the client, because those set there are sent without validation (Netty up to 4.2.19).
     */
    @Override
    public Publisher<Void> apply(HttpClientRequest request, NettyOutbound outbound) {
        Plan plan = call.plan();
        outbound.withConnection(this::dispatchedOn);
        List<String> planned = plan.headers();
        for (int i = 0; i < planned.size(); i += 2) {
            String name = planned.get(i);
            if (firstOfItsName(planned, i)) {
                request.header(name, planned.get(i + 1));
            } else {
                request.addHeader(name, planned.get(i + 1));
            }
        }
        List<String> added = call.addedHeaders();
        for (int i = 0; i < added.size(); i += 2) {
            request.header(added.get(i), added.get(i + 1));
        }
        if (plan.payload().wantsIdentity()) {
            // Raw bytes could not show that a compressed body was cut: it would end as an empty success.
            request.requestHeaders().remove(HttpHeaderNames.ACCEPT_ENCODING);
        }
        ByteBuffer body = plan.body();
        return body == null
                ? outbound
                : outbound.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body.duplicate())));
    }

    private static boolean firstOfItsName(List<String> pairs, int at) {
        for (int i = 0; i < at; i += 2) {
            if (pairs.get(i).equalsIgnoreCase(pairs.get(at))) {
                return false;
            }
        }
        return true;
    }

    private void dispatchedOn(Connection connection) {
        call.dispatched(connection.channel().attr(USED).getAndSet(Boolean.TRUE) != null);
    }

    private Publisher<Reply> receive(HttpClientResponse response, ByteBufFlux body) {
        int status = response.status().code();
        call.answered(status);
        ResponseHead head = new ResponseHead(status, Headers.view(response.responseHeaders()));
        try {
            receiver.onHead(call, head);
        } catch (RuntimeException e) {
            // As a publisher: what is thrown here would leave the body unread in its queue.
            return Mono.error(WireFailures.ofReceiver(call, e));
        }
        return new BodyMono(call, receiver, head, body);
    }

    /** Hands the reply on and gives every failure its name. */
    private static final class WireSubscriber implements CoreSubscriber<Reply> {
        private final CoreSubscriber<? super Reply> actual;
        private final Call call;
        private final WireFailures failures;

        WireSubscriber(CoreSubscriber<? super Reply> actual, Call call, WireFailures failures) {
            this.actual = actual;
            this.call = call;
            this.failures = failures;
        }

        @Override
        public void onSubscribe(Subscription s) {
            actual.onSubscribe(s);
        }

        @Override
        public void onNext(Reply reply) {
            actual.onNext(reply);
        }

        @Override
        public void onError(Throwable error) {
            actual.onError(failures.name(call, error));
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }
    }
}
