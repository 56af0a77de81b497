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
import io.penstock.request.Plan;
import io.penstock.upload.UploadBody;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * One attempt on its way: it waits for a connection, has its request written, and makes a reply of the answer.
 *
 * <p>{@code state} settles the races of a cancel, which may come on any thread. Everything else happens on one thread
 * at a time: that of the subscription until there is a connection, then its event loop.
 *
 * <pre>
 *  null --begin--> the connection --reply, failure--> OVER
 *    |                   |        --streamed reply--> HANDED_OVER
 *    +-- cancel ---------+--> CANCELLED
 * </pre>
 *
 * The write announces itself to the attempt before it changes the state, and does not happen if it comes second. What
 * the attempt reports about its dispatch after a cancel has returned is therefore final. A cancel that comes second
 * closes the connection, on its event loop, where it cannot fall between two steps of the exchange. After a reply whose
 * body is still arriving, the body releases the connection, and a cancel of the exchange does nothing.
 */
final class Http1Exchange implements Subscription {

    private static final AtomicReferenceFieldUpdater<Http1Exchange, @Nullable Object> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Http1Exchange.class, Object.class, "state");
    private static final Object CANCELLED = new Object();
    private static final Object HANDED_OVER = new Object();
    private static final Object OVER = new Object();

    /** A body from this size on is decoded on another thread, because the event loop serves other calls as well. */
    private static final int LARGE_BODY = 256 * 1024;

    private final Http1Transport transport;
    private final RequestHead request;
    private final Attempt attempt;
    private final Receiver receiver;
    private final CoreSubscriber<? super Reply> actual;

    private volatile @Nullable Object state;
    private volatile @Nullable Http1Pool pool;
    private boolean started;
    private long waitsUntil;

    private @Nullable ResponseHead head;
    private @Nullable HttpHeaders headers;
    private boolean framed;
    private boolean contentless;
    private boolean empty = true;
    private @Nullable CollectedBody collected;
    private @Nullable StreamedParts parts;
    private @Nullable Opener opener;
    private @Nullable UploadSender upload;

    Http1Exchange(
            Http1Transport transport,
            RequestHead request,
            Attempt attempt,
            Receiver receiver,
            CoreSubscriber<? super Reply> actual) {
        this.transport = transport;
        this.request = request;
        this.attempt = attempt;
        this.receiver = receiver;
        this.actual = actual;
    }

    Origin origin() {
        return request.origin();
    }

    Context context() {
        return actual.currentContext();
    }

    Attempt attempt() {
        return attempt;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && !started) {
            started = true;
            transport.acquire(this);
        }
    }

    /** Sets the pool that is asked for a connection, so that a cancel can leave its line. */
    void asks(Http1Pool asked) {
        pool = asked;
    }

    /** Sets until when the exchange waits in a line. Guarded by the pool. */
    void waitsUntil(long nanos) {
        waitsUntil = nanos;
    }

    long waitsUntil() {
        return waitsUntil;
    }

    boolean isCancelled() {
        return state == CANCELLED;
    }

    @Override
    public void cancel() {
        Object before = STATE.getAndUpdate(this, now -> now == HANDED_OVER || now == OVER ? now : CANCELLED);
        if (before instanceof Http1Connection connection) {
            EventLoop loop = connection.loop();
            if (loop.inEventLoop()) {
                cancelOn(connection);
                return;
            }
            try {
                loop.execute(() -> cancelOn(connection));
            } catch (RejectedExecutionException e) {
                cancelOn(connection); // the event loop has been shut down, and its connections with it
            }
        } else if (before == null) {
            Http1Pool asked = pool;
            if (asked != null) {
                asked.leave(this);
            }
        }
    }

    private void cancelOn(Http1Connection connection) {
        stopSending();
        connection.abandon(this);
        Opener open = opener;
        if (open != null) {
            open.cancel();
        }
        releaseCollected();
    }

    /**
     * Writes the request, just after there is a connection. Returns false if the connection has not been used. Runs on
     * the event loop.
     */
    boolean begin(Http1Connection connection) {
        if (state != null) {
            return false; // cancelled
        }
        ByteBuf encoded;
        try {
            ApiException refusal = receiver.refusal(attempt);
            if (refusal != null) {
                fail(refusal); // too late: refused after the wait for the connection
                return false;
            }
            encoded = request.write(connection.channel().alloc(), attempt.addedHeaders());
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            fail(e instanceof ApiException known ? known : Receiver.misread(attempt, e));
            return false;
        }
        attempt.dispatched(connection.isReused());
        if (!STATE.compareAndSet(this, null, connection)) {
            encoded.release();
            return false;
        }
        Plan plan = attempt.plan();
        UploadSender sender = plan.body() instanceof UploadBody body ? new UploadSender(this, connection, body) : null;
        upload = sender;
        connection.send(this, encoded, plan.method(), plan.body());
        if (sender != null) {
            sender.start();
        }
        return true;
    }

    /**
     * Reads the head of the final response.
     *
     * @param isFramed whether the end of the body can be told from the loss of the connection
     */
    void receiveHead(Http1Connection connection, HttpResponse response, boolean isFramed) {
        int status = response.status().code();
        attempt.answered(status);
        ResponseHead received = new ResponseHead(status, Headers.view(response.headers()));
        if (!received.success()) {
            stopSending(); // the server wants no more of it
        }
        head = received;
        headers = response.headers();
        framed = isFramed;
        boolean stored = received.success() && attempt.plan().payload().isStored();
        BodyCoding coding = hasContent(connection, status) ? BodyCoding.of(response.headers(), stored) : null;
        try {
            if (SubscriberContext.isCarried()) {
                SubscriberContext.run(context(), () -> open(connection, received, coding));
            } else {
                open(connection, received, coding);
            }
        } catch (Throwable e) {
            connection.abandon(this); // any throwable, as nothing else would end the call
            stopSending();
            fail(Receiver.misread(attempt, e));
        }
    }

    private boolean hasContent(Http1Connection connection, int status) {
        contentless = connection.isHead()
                || status == HttpResponseStatus.NO_CONTENT.code()
                || status == HttpResponseStatus.NOT_MODIFIED.code();
        return !contentless;
    }

    private void open(Http1Connection connection, ResponseHead received, @Nullable BodyCoding coding) {
        receiver.onHead(attempt, received);
        BodyReader reader = receiver.reader(attempt, received);
        if (reader == null) {
            collected = new CollectedBody(connection.channel().alloc(), receiver.limit(received), coding);
            return;
        }
        StreamedParts arriving = new StreamedParts(this, connection, coding);
        Opener open = new Opener();
        parts = arriving;
        opener = open;
        StreamedBody.opening(attempt, received, reader, this::named, connection.loop(), arriving)
                .subscribe(open);
    }

    /** Reads a part of the body, which remains the connection's. */
    void receive(Http1Connection connection, ByteBuf content) {
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
            connection.abandon(this);
            failed(e);
            return;
        }
        attempt.received(body.size() - before);
        if (body.isFull()) {
            connection.abandon(this); // the rest is not read
            stopSending();
            finish(connection.loop(), false);
        }
    }

    /** Leaves a connection that may carry another exchange from now on. */
    void detach() {
        stopSending();
        StreamedParts arriving = parts;
        if (arriving != null) {
            arriving.detach();
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

    /** Ends the exchange with the failure of its connection, which it has left. */
    void failed(Throwable cause) {
        stopSending();
        StreamedParts arriving = parts;
        ResponseHead received = head;
        CollectedBody body = collected;
        if (arriving != null) {
            arriving.end(cause);
        } else if (received != null && !received.success() && body != null && !(cause instanceof Error)) {
            collected = null;
            deliver(read(body.take(), false)); // the status of an error matters more than the loss of its body
        } else {
            releaseCollected();
            fail(cause);
        }
    }

    private void stopSending() {
        UploadSender sender = upload;
        if (sender != null) {
            sender.stop();
        }
    }

    private void releaseCollected() {
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

    /** Lends the body to the receiver and returns its reply, or the failure. */
    private Object read(ByteBuf bytes, boolean complete) {
        ResponseHead received = Objects.requireNonNull(head);
        try {
            if (!SubscriberContext.isCarried()) {
                return receiver.onBody(attempt, received, bytes, complete);
            }
            Reply[] reply = new Reply[1];
            SubscriberContext.run(context(), () -> reply[0] = receiver.onBody(attempt, received, bytes, complete));
            return reply[0];
        } catch (Throwable e) {
            return Receiver.misread(attempt, e); // any throwable, as nothing else would end the call
        } finally {
            bytes.release();
        }
    }

    private void deliver(Object outcome) {
        if (!isFirstOutcome()) {
            return;
        }
        if (outcome instanceof Reply reply) {
            actual.onNext(reply);
            actual.onComplete();
        } else {
            actual.onError((ApiException) outcome);
        }
    }

    /** Ends the exchange with a failure, unless it has ended or been cancelled. */
    void fail(Throwable cause) {
        if (isFirstOutcome()) {
            UploadSender sender = upload;
            Throwable ofBody = sender == null ? null : sender.failure();
            actual.onError(named(ofBody == null ? cause : ofBody));
        }
    }

    private ApiException named(Throwable cause) {
        return transport.failures().name(attempt, cause);
    }

    private boolean isFirstOutcome() {
        Object before = STATE.getAndUpdate(this, now -> now == null || now instanceof Http1Connection ? OVER : now);
        return before == null || before instanceof Http1Connection;
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

        void cancel() {
            upstream.cancel();
        }

        @Override
        public void onNext(Reply reply) {
            Object before = STATE.getAndUpdate(
                    Http1Exchange.this, now -> now == null || now instanceof Http1Connection ? HANDED_OVER : now);
            if (before == null || before instanceof Http1Connection) {
                streamed = reply.streamed();
                actual.onNext(reply);
                actual.onComplete();
            } // else: the cancel also reaches the body
        }

        @Override
        public void onError(Throwable error) {
            StreamedBody body = streamed;
            if (body == null) {
                fail(error);
            } else {
                body.fail(named(error));
            }
        }

        @Override
        public void onComplete() {
            // the reply has been passed on, or the exchange was cancelled
        }

        @Override
        public Context currentContext() {
            return context();
        }
    }
}
