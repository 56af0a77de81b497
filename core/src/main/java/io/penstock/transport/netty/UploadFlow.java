package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.LastHttpContent;
import io.penstock.error.ApiException;
import io.penstock.http.Progress;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Sending;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import io.penstock.upload.UploadBody;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;
import reactor.util.context.Context;

/**
 * One body on its way to one connection: an operator between the body's source and Reactor Netty's sender, and a
 * handler right above the codec, which sees what the sender writes.
 *
 * <p>The sender requests 128 buffers and more. This operator requests one more from the source only when the socket has
 * accepted one, so that at most {@value #WINDOW} of them are in memory. Demand and accepted buffers are counted on the
 * event loop only. The source is requested from there and emits on a thread of its choice. A buffer belongs to the
 * sender once it has been passed on.
 *
 * <p>Two failures do not reach the sender in the usual way:
 *
 * <ul>
 *   <li>a source that fails closes the connection at once, and the attempt ends with its failure. The sender would wait
 *       until the server has accepted what was written before;
 *   <li>a failed write is hidden from the sender, and does not close the connection: the server may have answered
 *       before it hung up, and its response reveals more than a reset. What is left to read decides; the timeouts of
 *       the attempt bound the wait.
 * </ul>
 */
@SuppressWarnings("FutureReturnValueIgnored") // the writer has the promise, and nothing waits for a close
final class UploadFlow extends ChannelDuplexHandler {

    static final String NAME = "penstock.upload";
    static final int WINDOW = 4;

    private final UploadBody body;
    private final Attempt call;
    private final Sending sending;
    private final @Nullable Consumer<Progress> listener;
    private final Connection connection;
    /**
     * Stored because a connection that has been released shows a channel without an event loop, and throws when asked
     * for it.
     */
    private final EventLoop loop;

    private @Nullable Inner inner;
    private volatile @Nullable Throwable failure;

    private UploadFlow(UploadBody body, Attempt call, Connection connection) {
        this.body = body;
        this.call = call;
        this.connection = connection;
        this.loop = connection.channel().eventLoop();
        this.sending = call.sending(body.length());
        this.listener = body.listener();
    }

    /** Creates a flow and adds it to the connection, for this request alone. Runs on the event loop. */
    @SuppressWarnings("deprecation") // there is no other way to keep one connection open after a failed write
    static UploadFlow on(Connection connection, UploadBody body, Attempt call) {
        UploadFlow flow = new UploadFlow(body, call, connection);
        ChannelPipeline pipeline = connection.channel().pipeline();
        connection.channel().config().setAutoClose(false);
        if (pipeline.get(NAME) != null) {
            pipeline.remove(NAME); // of the previous request, whose response came before its last write was reported
        }
        pipeline.addAfter(NettyPipeline.HttpCodec, NAME, flow);
        return flow;
    }

    /** Returns the failure of the source, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Returns the bytes, for the sender. */
    Flux<ByteBuf> content() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
                Inner subscriber = new Inner(actual);
                inner = subscriber;
                SubscriberContext.run(
                        subscriber.currentContext(),
                        () -> body.content(connection.channel().alloc()).subscribe(subscriber));
            }
        };
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        int bytes = msg instanceof ByteBuf part ? part.readableBytes() : 0;
        boolean last = msg instanceof LastHttpContent;
        ChannelPromise written = ctx.newPromise();
        written.addListener(future -> {
            if (future.isSuccess()) {
                promise.trySuccess();
                took(ctx, bytes, last);
            } else if (ctx.channel().isActive()) {
                stop();
                ctx.read();
            } else {
                promise.tryFailure(future.cause());
            }
        });
        ctx.write(msg, written);
    }

    private void took(ChannelHandlerContext ctx, int bytes, boolean last) {
        if (bytes > 0) {
            sending.sent(bytes);
            tell(sending.progress());
            Inner running = inner;
            if (running != null) {
                running.taken();
            }
        }
        if (last) {
            sending.end(call.nowNanos());
            leave(ctx);
        }
    }

    private void tell(Progress progress) {
        Consumer<Progress> told = listener;
        if (told != null) {
            Inner running = inner;
            Context context = running == null ? Context.empty() : running.currentContext();
            try {
                SubscriberContext.run(context, () -> told.accept(progress));
            } catch (Throwable e) {
                Exceptions.throwIfJvmFatal(e);
                Operators.onErrorDropped(e, Context.empty());
            }
        }
    }

    /** Returns the connection to its original state, for the pool. */
    @SuppressWarnings("deprecation") // there is no other way to keep a connection open after a failed write
    private void leave(ChannelHandlerContext ctx) {
        if (!ctx.isRemoved()) {
            ctx.channel().config().setAutoClose(true);
            ctx.pipeline().remove(this);
        }
    }

    /** Adds the certainty to a failure of the source, which does not know how far the request has got. */
    private Throwable withCertainty(Throwable error) {
        return error instanceof ApiException known
                ? new ApiException(known.failure().withCertainty(call.certaintyIfInterrupted()))
                : error;
    }

    private void stop() {
        Inner running = inner;
        if (running != null) {
            running.upstreamCancel();
        }
    }

    /**
     * The operator. {@code demand} and {@code underWay} are accessed on the event loop only; requests from other
     * threads are moved there. A source may subscribe, and be cancelled, on any thread. Therefore {@code upstream} is
     * volatile, and a cancel that finds none yet leaves {@code done} for {@code onSubscribe} to see.
     */
    private final class Inner implements CoreSubscriber<ByteBuf>, Subscription {

        private final CoreSubscriber<? super ByteBuf> actual;
        private volatile @Nullable Subscription upstream;
        private long demand;
        private int underWay;
        private volatile boolean done;

        Inner(CoreSubscriber<? super ByteBuf> actual) {
            this.actual = actual;
        }

        @Override
        public void onSubscribe(Subscription s) {
            upstream = s;
            if (done) {
                s.cancel();
            }
            actual.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                onLoop(() -> {
                    demand = Operators.addCap(demand, n);
                    ask();
                });
            }
        }

        private void onLoop(Runnable task) {
            if (loop.inEventLoop()) {
                task.run();
                return;
            }
            try {
                loop.execute(task);
            } catch (RejectedExecutionException e) {
                upstreamCancel(); // the event loop has been shut down, and its connections with it
            }
        }

        void taken() {
            underWay--;
            ask();
        }

        private void ask() {
            Subscription s = upstream;
            while (s != null && !done && demand > 0 && underWay < WINDOW) {
                demand--;
                underWay++;
                s.request(1);
            }
        }

        @Override
        public void cancel() {
            upstreamCancel();
        }

        void upstreamCancel() {
            done = true;
            Subscription s = upstream;
            if (s != null) {
                s.cancel();
            }
        }

        @Override
        public void onNext(ByteBuf part) {
            if (part.isReadable()) {
                actual.onNext(part);
                return;
            }
            part.release(); // the sender would not write it, and would never report it as written
            onLoop(this::taken);
        }

        @Override
        public void onError(Throwable error) {
            if (!done) {
                done = true;
                failure = withCertainty(error);
                onLoop(() -> connection.channel().close());
            }
        }

        @Override
        public void onComplete() {
            if (!done) {
                done = true;
                actual.onComplete();
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }
    }
}
