package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.penstock.error.ApiException;
import io.penstock.http.Progress;
import io.penstock.pipeline.Sending;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import io.penstock.upload.UploadBody;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * The sender of a body that is read while it is sent: as it is if its length is known, else in chunks (RFC 9112 §7.1).
 * It requests one more buffer when the socket has accepted one, so that at most {@value #WINDOW} of them are in memory.
 *
 * <p>The source emits on a thread of its choice; its buffers cross to the event loop through a queue, and everything
 * else happens there. The thread that raises {@code wip} from zero starts the loop over the queue. A buffer is owned
 * here from {@code onNext} until it is written. After {@link #stop} whatever arrives is released.
 *
 * <p>A source that fails closes the connection at once, so that the server sees that the body is not whole, and the
 * attempt ends with that failure. A failed write only stops the source, see {@link Http1Connection}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the last write of a part has a listener
final class UploadSender implements CoreSubscriber<ByteBuf> {

    static final int WINDOW = 4;

    private static final AtomicIntegerFieldUpdater<UploadSender> WIP =
            AtomicIntegerFieldUpdater.newUpdater(UploadSender.class, "wip");

    private final Exchange exchange;
    private final ExchangeCarrier connection;
    private final EventLoop loop;
    private final UploadBody body;
    private final Sending sending;
    private final @Nullable Consumer<Progress> listener;
    private final boolean isLengthKnown;
    private final Queue<ByteBuf> ready = Queues.<ByteBuf>unbounded(8).get();

    private volatile @Nullable Subscription upstream;
    private volatile @Nullable Throwable failure;
    private volatile boolean stopped;
    private volatile boolean sourceDone;

    @SuppressWarnings("UnusedVariable") // through WIP
    private volatile int wip;

    /** How many buffers have been written and not been accepted yet. */
    private int underWay;

    private boolean endWritten;
    private boolean endsWithLastPart;

    UploadSender(Exchange exchange, ExchangeCarrier connection, UploadBody body) {
        this.exchange = exchange;
        this.connection = connection;
        this.loop = connection.loop();
        this.body = body;
        this.sending = exchange.attempt().sending(body.length());
        this.listener = body.listener();
        this.isLengthKnown = body.length() != Progress.UNKNOWN;
    }

    /** Subscribes to the source, once the head has been written. */
    void start() {
        SubscriberContext.run(
                currentContext(), () -> body.content(connection.allocator()).subscribe(this));
    }

    /** Returns the failure of the source, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Stops the source. May be called repeatedly, and after the end. */
    void stop() {
        if (stopped || endWritten) {
            return;
        }
        stopped = true;
        Subscription s = upstream;
        if (s != null) {
            s.cancel();
        }
        drainSoon();
    }

    @Override
    public void onSubscribe(Subscription s) {
        upstream = s;
        if (stopped) {
            s.cancel();
        } else {
            s.request(WINDOW);
        }
    }

    @Override
    public void onNext(ByteBuf part) {
        if (stopped) {
            part.release();
            return;
        }
        ready.add(part);
        drainSoon();
    }

    @Override
    public void onError(Throwable error) {
        if (stopped) {
            return; // the end of a source that was cancelled
        }
        Throwable known = withCertainty(error);
        failure = known;
        onLoop(() -> connection.failed(exchange, known));
    }

    @Override
    public void onComplete() {
        sourceDone = true;
        drainSoon();
    }

    /** Adds the certainty to a failure of the source, which does not know how far the request has got. */
    private Throwable withCertainty(Throwable error) {
        return error instanceof ApiException known
                ? new ApiException(
                        known.failure().withCertainty(exchange.attempt().certaintyIfInterrupted()))
                : error;
    }

    private void drainSoon() {
        if (WIP.getAndIncrement(this) == 0) {
            onLoop(this::drain);
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
            stopped = true; // the event loop has been shut down, and its connections with it
            task.run();
        }
    }

    private void drain() {
        int missed = 1;
        do {
            boolean wrote = false;
            for (ByteBuf part = ready.poll(); part != null; part = ready.poll()) {
                wrote |= write(part);
            }
            if (sourceDone && !stopped && !endWritten && ready.isEmpty()) {
                wrote |= writeEnd();
            }
            if (wrote) {
                connection.flush();
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private boolean write(ByteBuf part) {
        int bytes = part.readableBytes();
        if (stopped || bytes == 0) {
            part.release(); // an empty chunk would end the body
            requestMore();
            return false;
        }
        underWay++;
        connection.writePart(part, isLengthKnown).addListener(future -> wrote((ChannelFuture) future, bytes));
        return true;
    }

    private boolean writeEnd() {
        endWritten = true;
        ChannelFuture last = connection.writeEnd(isLengthKnown);
        if (last == null) {
            endsWithLastPart = true;
            endIfAccepted();
            return false;
        }
        last.addListener(future -> {
            if (future.isSuccess()) {
                end();
            } else {
                connection.writeFailed(exchange, future.cause());
            }
        });
        return true;
    }

    private void wrote(ChannelFuture future, int bytes) {
        underWay--;
        if (!future.isSuccess()) {
            connection.writeFailed(exchange, future.cause());
            stop();
            return;
        }
        sending.sent(bytes);
        tell(sending.progress());
        requestMore();
        endIfAccepted();
    }

    private void requestMore() {
        Subscription s = upstream;
        if (s != null && !stopped && !sourceDone) {
            s.request(1);
        }
    }

    private void endIfAccepted() {
        if (endsWithLastPart && underWay == 0) {
            end();
        }
    }

    private void end() {
        sending.end(exchange.attempt().nowNanos());
        connection.requestDone(exchange);
    }

    private void tell(Progress progress) {
        Consumer<Progress> told = listener;
        if (told == null) {
            return;
        }
        try {
            SubscriberContext.run(currentContext(), () -> told.accept(progress));
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            Operators.onErrorDropped(e, Context.empty());
        }
    }

    @Override
    public Context currentContext() {
        return exchange.context();
    }
}
