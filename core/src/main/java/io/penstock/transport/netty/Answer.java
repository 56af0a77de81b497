package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.BodyReader;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.StreamedBody;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * The final response to one exchange: it is read into a body that is lent to the receiver as a whole, or passed on part
 * by part while it arrives. Accessed on the event loop. A large body is decoded on another thread, which owns it
 * meanwhile; its reply is emitted on the event loop.
 */
final class Answer {

    /** A body from this size on is decoded on another thread, because the event loop serves other calls as well. */
    private static final int LARGE_BODY = 256 * 1024;

    private final Exchange exchange;
    private final Attempt attempt;
    private final Receiver receiver;

    private @Nullable ResponseHead head;
    private @Nullable HttpHeaders headers;
    private boolean framed;
    private boolean contentless;
    private boolean empty = true;
    private @Nullable CollectedBody collected;
    private @Nullable StreamedParts parts;
    private @Nullable Opener opener;

    Answer(Exchange exchange, Attempt attempt, Receiver receiver) {
        this.exchange = exchange;
        this.attempt = attempt;
        this.receiver = receiver;
    }

    /**
     * Reads the head.
     *
     * @param isFramed whether the end of the body can be told from the loss of the connection
     */
    void receiveHead(ExchangeCarrier connection, HttpResponse response, boolean isFramed) {
        int status = response.status().code();
        ResponseHead received = new ResponseHead(status, Headers.view(response.headers()));
        head = received;
        headers = response.headers();
        framed = isFramed;
        contentless = connection.isHead()
                || status == HttpResponseStatus.NO_CONTENT.code()
                || status == HttpResponseStatus.NOT_MODIFIED.code();
        boolean stored = received.success() && attempt.plan().payload().isStored();
        BodyCoding coding = contentless ? null : BodyCoding.of(response.headers(), stored);
        try {
            if (SubscriberContext.isCarried()) {
                SubscriberContext.run(exchange.context(), () -> open(connection, received, coding));
            } else {
                open(connection, received, coding);
            }
        } catch (Throwable e) {
            connection.abandon(exchange); // any throwable, as nothing else would end the call
            exchange.detach();
            exchange.fail(Receiver.misread(attempt, e));
        }
    }

    private void open(ExchangeCarrier connection, ResponseHead received, @Nullable BodyCoding coding) {
        receiver.onHead(attempt, received);
        BodyReader reader = receiver.reader(attempt, received);
        if (reader == null) {
            collected = new CollectedBody(connection.allocator(), receiver.limit(attempt, received), coding);
            return;
        }
        StreamedParts arriving = new StreamedParts(exchange, connection, coding);
        Opener open = new Opener();
        parts = arriving;
        opener = open;
        StreamedBody.opening(attempt, received, reader, exchange::named, connection.loop(), arriving)
                .subscribe(open);
    }

    /** Reads a part of the body, which remains the connection's. */
    void receive(ExchangeCarrier connection, ByteBuf content) {
        empty &= !content.isReadable();
        StreamedParts arriving = parts;
        if (arriving != null) {
            arriving.receive(content);
            return;
        }
        CollectedBody body = collected;
        if (body == null) {
            return;
        }
        int before = body.size();
        try {
            body.add(content);
        } catch (DecompressionException e) {
            connection.abandon(exchange);
            exchange.failed(e);
            return;
        }
        attempt.received(body.size() - before);
        if (body.isFull()) {
            connection.abandon(exchange); // the rest is not read
            exchange.detach();
            finish(connection.loop(), false);
        }
    }

    /** Ends the answer. The framing alone decides whether it is whole and whether it is empty (RFC 9112 §6.3). */
    void completed(EventLoop loop) {
        HttpHeaders received = headers;
        if (empty && framed && !contentless && received != null) {
            received.set(HttpHeaderNames.CONTENT_LENGTH, "0");
        }
        StreamedParts arriving = parts;
        CollectedBody body = collected;
        if (arriving != null) {
            arriving.end(null);
        } else if (body != null) {
            try {
                body.end();
            } catch (DecompressionException | PrematureChannelClosureException e) {
                failed(e);
                return;
            }
            finish(loop, true);
        }
    }

    /** Ends the answer where the connection was lost. */
    void failed(Throwable cause) {
        StreamedParts arriving = parts;
        ResponseHead received = head;
        CollectedBody body = collected;
        collected = null;
        if (arriving != null) {
            arriving.end(cause);
        } else if (received != null && !received.success() && body != null && !(cause instanceof Error)) {
            deliver(read(body.take(), false)); // the status of an error matters more than the loss of its body
        } else {
            if (body != null) {
                body.release();
            }
            exchange.fail(cause);
        }
    }

    /** Leaves a connection that may carry another exchange from now on. */
    void detach() {
        StreamedParts arriving = parts;
        if (arriving != null) {
            arriving.detach();
        }
    }

    /** Releases everything. */
    void cancel() {
        Opener open = opener;
        if (open != null) {
            open.upstream.cancel();
        }
        CollectedBody body = collected;
        collected = null;
        if (body != null) {
            body.release();
        }
    }

    private void finish(EventLoop loop, boolean complete) {
        CollectedBody body = collected;
        collected = null;
        if (body == null) {
            return;
        }
        ByteBuf bytes = body.take();
        if (bytes.readableBytes() >= LARGE_BODY) {
            try {
                Schedulers.boundedElastic().schedule(() -> deliverOn(loop, read(bytes, complete)));
                return;
            } catch (RejectedExecutionException e) {
                // no thread is free, so it is decoded here
            }
        }
        deliver(read(bytes, complete));
    }

    private void deliverOn(EventLoop loop, Object outcome) {
        try {
            loop.execute(() -> deliver(outcome));
        } catch (RejectedExecutionException e) {
            deliver(outcome); // the event loop has been shut down
        }
    }

    private void deliver(Object outcome) {
        if (outcome instanceof Reply reply) {
            exchange.succeed(reply);
        } else {
            exchange.fail((ApiException) outcome);
        }
    }

    /** Lends the body to the receiver and returns its reply, or the failure. */
    private Object read(ByteBuf bytes, boolean complete) {
        ResponseHead received = Objects.requireNonNull(head);
        try {
            if (!SubscriberContext.isCarried()) {
                return receiver.onBody(attempt, received, bytes, complete);
            }
            Reply[] reply = new Reply[1];
            SubscriberContext.run(
                    exchange.context(), () -> reply[0] = receiver.onBody(attempt, received, bytes, complete));
            return reply[0];
        } catch (Throwable e) {
            return Receiver.misread(attempt, e); // any throwable, as nothing else would end the call
        } finally {
            bytes.release();
        }
    }

    /** The recipient of the reply to a streamed body. All signals come on the event loop. */
    private final class Opener implements CoreSubscriber<Reply> {

        private Subscription upstream = Operators.emptySubscription();
        private @Nullable StreamedBody streamed;

        @Override
        public void onSubscribe(Subscription s) {
            upstream = s;
            s.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Reply reply) {
            streamed = reply.streamed();
            exchange.handOver(reply); // if it has been cancelled, the cancel also reaches the body
        }

        @Override
        public void onError(Throwable error) {
            StreamedBody body = streamed;
            if (body == null) {
                exchange.fail(error);
            } else {
                body.fail(exchange.named(error));
            }
        }

        @Override
        public void onComplete() {
            // the reply has been passed on, or the exchange was cancelled
        }

        @Override
        public Context currentContext() {
            return exchange.context();
        }
    }
}
