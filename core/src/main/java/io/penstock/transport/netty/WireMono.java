package io.penstock.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.AttributeKey;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.Progress;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.BodyReader;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SentCredential;
import io.penstock.pipeline.StreamedBody;
import io.penstock.request.Plan;
import io.penstock.upload.RequestBody;
import io.penstock.upload.UploadBody;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.ByteBufFlux;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.ReactorNetty;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.HttpOperations;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientInfos;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** One attempt on the wire: it writes the request, collects the response and maps errors to typed failures. */
final class WireMono extends Mono<Reply> {

    private static final AttributeKey<Boolean> USED = AttributeKey.valueOf(WireMono.class, "used");

    private final NettyTransport transport;
    private final Attempt call;
    private final Receiver receiver;

    WireMono(NettyTransport transport, Attempt call, Receiver receiver) {
        this.transport = transport;
        this.call = call;
        this.receiver = receiver;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Reply> actual) {
        Flux<Reply> sending = transport.sending(call.plan());
        if (sending == null) {
            Operators.error(actual, NettyTransport.closedBeforeSend());
            return;
        }
        sending.subscribe(new WireSubscriber(actual, this));
        transport.asked();
    }

    /**
     * Returns the publisher for all sends of a plan. Each step here copies the configuration of Reactor Netty's client,
     * and does not depend on the attempt: callbacks find their attempt in the subscriber's context.
     */
    static Flux<Reply> sending(HttpClient client, Plan plan) {
        return client.request(NettyTransport.method(plan.method()))
                .uri(plan.uri())
                .send((request, outbound) -> WireSubscriber.of(request).apply(request, outbound))
                .response((response, body) -> WireSubscriber.of(response).receive(response, body));
    }

    /**
     * Writes the request. Headers are set here and not on the client, because those set there are sent without
     * validation (Netty up to 4.2.19).
     */
    private Publisher<Void> write(HttpClientRequest request, NettyOutbound outbound, WireSubscriber subscriber) {
        Plan plan = call.plan();
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
            // RFC 9110 §12.5.3: without the header any coding would be acceptable.
            request.header(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY);
        }
        if (plan.payload().isStored()) {
            outbound.withConnection(connection -> WholeDecompressor.passStored(connection.channel()));
        }
        RequestBody body = plan.body();
        if (body instanceof UploadBody streamed) {
            return stream(request, outbound, streamed, subscriber);
        }
        return body == null ? outbound : outbound.send(Mono.fromSupplier(((RequestBody.Bytes) body)::toByteBuf));
    }

    private Publisher<Void> stream(
            HttpClientRequest request, NettyOutbound outbound, UploadBody body, WireSubscriber subscriber) {
        if (body.length() != Progress.UNKNOWN) {
            request.header(HttpHeaderNames.CONTENT_LENGTH, Long.toString(body.length()));
        }
        UploadFlow[] flow = new UploadFlow[1];
        outbound.withConnection(connection -> flow[0] = UploadFlow.on(connection, body, call));
        subscriber.upload = flow[0];
        return outbound.send(flow[0].content());
    }

    private static boolean firstOfItsName(List<String> pairs, int at) {
        for (int i = 0; i < at; i += 2) {
            if (pairs.get(i).equalsIgnoreCase(pairs.get(at))) {
                return false;
            }
        }
        return true;
    }

    private Publisher<Reply> receive(HttpClientResponse response, ByteBufFlux body, @Nullable Executor loop) {
        int status = response.status().code();
        call.answered(status);
        ResponseHead head = new ResponseHead(status, Headers.view(response.responseHeaders()));
        BodyReader reader;
        try {
            receiver.onHead(call, head);
            reader = loop == null ? null : receiver.reader(call, head);
        } catch (Throwable e) {
            // Any throwable becomes a publisher: thrown from here, it would leave the body unread in its queue.
            return Mono.error(Receiver.misread(call, e));
        }
        return reader == null || loop == null
                ? new BodyMono(call, receiver, head, body)
                : StreamedBody.opening(
                        call, head, reader, e -> transport.failures().name(call, e), loop, body);
    }

    /**
     * The subscriber that writes the request once there is a connection, passes the reply on and maps every error to a
     * typed failure.
     *
     * <p>{@code state} settles the race between a cancel and the first write: null, then either the connection that
     * carries the request or {@code CANCELLED}. The write announces itself to the call before it changes the state, and
     * does not happen if it comes second. What the call reports about its dispatch after a cancel has returned is
     * therefore final. A reply whose body is still arriving moves the state on to {@code HANDED_OVER}: from then on the
     * body releases the connection, and operators that cancel an upstream that has already answered do no harm. A
     * cancel that came first releases both.
     *
     * <p>Once there is a connection, the cancel runs on its event loop. On another thread it could fall between the
     * head of a response and the subscription to its body: the body would have no owner, and the connection would
     * neither be closed nor return to its pool.
     *
     * <p>Reactor Netty signals failures of the connection only while there is a reader of the body. All others come
     * from {@link ConnectionFailureHandler}, and upstream is cancelled then.
     */
    static final class WireSubscriber implements CoreSubscriber<Reply>, Subscription {

        private static final AtomicReferenceFieldUpdater<WireSubscriber, @Nullable Object> STATE =
                AtomicReferenceFieldUpdater.newUpdater(WireSubscriber.class, Object.class, "state");
        private static final Object CANCELLED = new Object();
        private static final Object HANDED_OVER = new Object();

        private final CoreSubscriber<? super Reply> actual;
        private final WireMono mono;
        private final Context context;
        private volatile @Nullable Object state;
        private Subscription upstream = Operators.emptySubscription();
        private @Nullable StreamedBody streamed;
        private volatile @Nullable UploadFlow upload;
        /**
         * The event loop of the connection that carries the request. Stored because a connection that has been released
         * (Reactor Netty 1.3.6) shows a channel without one, and throws when asked for it.
         */
        private volatile @Nullable EventLoop loop;
        /** Whether the head of the response has arrived. Accessed on the event loop. */
        private boolean answered;
        /** Whether the reader of the body has received a failure. Accessed on the event loop. */
        private boolean broken;
        /** Whether upstream has ended, or was cancelled together with its connection. */
        private volatile boolean over;

        WireSubscriber(CoreSubscriber<? super Reply> actual, WireMono mono) {
            this.actual = actual;
            this.mono = mono;
            this.context = actual.currentContext().put(WireSubscriber.class, this);
        }

        static WireSubscriber of(HttpClientInfos exchange) {
            return exchange.currentContextView().get(WireSubscriber.class);
        }

        /** Returns the subscriber for which a connection is acquired, from before its handshake until its release. */
        static @Nullable WireSubscriber on(Channel channel) {
            ContextView context = ReactorNetty.getChannelContext(channel);
            return context == null ? null : context.getOrDefault(WireSubscriber.class, null);
        }

        @Override
        public void onSubscribe(Subscription s) {
            upstream = s;
            actual.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            upstream.request(n);
        }

        @Override
        public void cancel() {
            Object before = STATE.getAndUpdate(this, now -> now == HANDED_OVER ? now : CANCELLED);
            EventLoop loop = this.loop;
            if (before instanceof Connection && loop != null) {
                cancelOn(loop);
            } else if (before == null) {
                upstream.cancel();
            }
        }

        /** Returns the encoded pairs that authentication adds to the query, or null. */
        @Nullable
        String credentialQuery() {
            SentCredential credential = mono.call.credential();
            return credential == null ? null : credential.query();
        }

        Publisher<Reply> receive(HttpClientResponse response, ByteBufFlux body) {
            answered = true;
            return mono.receive(response, body, state instanceof Connection ? loop : null);
        }

        private void cancelOn(EventLoop loop) {
            if (!loop.inEventLoop()) {
                try {
                    loop.execute(upstream::cancel);
                    return;
                } catch (RejectedExecutionException e) {
                    // the event loop has been shut down, and its connections with it
                }
            }
            upstream.cancel();
        }

        /** Writes the request. Runs on the event loop once a connection exists, just before the first byte. */
        Publisher<Void> apply(HttpClientRequest request, NettyOutbound outbound) {
            ApiException refusal = mono.receiver.refusal(mono.call);
            if (refusal != null) {
                return Mono.error(refusal); // too late: refused after the wait for the connection
            }
            outbound.withConnection(this::dispatchedOn);
            // A cancel that comes later closes the connection under the write.
            return state == CANCELLED ? Mono.never() : mono.write(request, outbound, this);
        }

        private void dispatchedOn(Connection connection) {
            loop = connection.channel().eventLoop();
            if (state != CANCELLED) {
                mono.call.dispatched(connection.channel().attr(USED).getAndSet(Boolean.TRUE) != null);
            }
            if (!STATE.compareAndSet(this, null, connection)) {
                connection.dispose();
            }
        }

        /** Ends the call. Always returns false, as there is nothing to pass on. Runs on the event loop. */
        boolean failedInHandshake(Throwable cause) {
            end(cause);
            return false;
        }

        /**
         * Handles the failure of a connection and returns whether it is passed on to the reader of the body. A failure
         * without a reader ends the call here. Runs on the event loop.
         */
        boolean failed(Throwable cause) {
            Object now = state;
            if (now == null) {
                return false; // assigned to the connection, but not written to it
            }
            if (!answered || now == CANCELLED) {
                end(cause);
                return false;
            }
            boolean first = !broken && !over;
            broken = true;
            return first;
        }

        /**
         * Handles the end of a connection and returns whether it is passed on to Reactor Netty. Runs on the event loop.
         */
        boolean closed() {
            Object now = state;
            if (now == null) {
                return true; // assigned but not written: Reactor Netty takes another connection
            }
            if (!answered || now == CANCELLED) {
                end(
                        now instanceof HttpOperations<?, ?> request && !request.hasSentHeaders()
                                ? AbortedException.beforeSend()
                                : new PrematureChannelClosureException("connection closed before the response"));
                return true; // it has been cancelled and expects the end
            }
            return !broken || over;
        }

        /** Ends the call. Cancels first, so that the connection is released before another attempt asks for one. */
        private void end(Throwable cause) {
            if (state == CANCELLED) {
                upstream.cancel(); // the cancel is on its way to this event loop; Reactor Netty must not fail first
            } else if (!over) {
                over = true;
                ApiException failure = nameOf(cause);
                upstream.cancel();
                actual.onError(failure);
            }
        }

        @Override
        public void onNext(Reply reply) {
            StreamedBody body = reply.streamed();
            if (body == null) {
                actual.onNext(reply);
                return;
            }
            Object before = STATE.getAndUpdate(this, now -> now == CANCELLED ? now : HANDED_OVER);
            if (before != CANCELLED) {
                streamed = body;
                actual.onNext(reply);
                actual.onComplete();
            } // else: the cancel also reaches the body
        }

        @Override
        public void onError(Throwable error) {
            if (over) {
                return; // the attempt has already failed with its connection
            }
            over = true;
            ApiException failure = nameOf(error);
            if (streamed == null) {
                actual.onError(failure);
            } else {
                streamed.fail(failure);
            }
        }

        private ApiException nameOf(Throwable error) {
            UploadFlow flow = upload;
            Throwable ofBody = flow == null ? null : flow.failure();
            return mono.transport.failures().name(mono.call, ofBody == null ? error : ofBody);
        }

        @Override
        public void onComplete() {
            if (over) {
                return;
            }
            over = true;
            if (streamed == null) {
                actual.onComplete();
            }
        }

        @Override
        public Context currentContext() {
            return context;
        }
    }
}
