package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.compression.DecompressionException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;

/**
 * The decoded parts of a body that is read while it arrives, for one subscriber.
 *
 * <p>What arrives without demand is kept as it is stored, and nothing more is read from the socket until it has been
 * passed on: at most what one read gave is held. Compressed parts are decoded piece by piece, on demand. While the
 * subscriber keeps up, reading is never switched off.
 *
 * <p>Everything happens on the event loop, except that demand may come from any thread. A part is valid during its
 * {@code onNext}; parts that are kept are owned here until they have been passed on, or until a cancel.
 */
final class StreamedParts implements Publisher<ByteBuf>, Subscription {

    private static final AtomicLongFieldUpdater<StreamedParts> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(StreamedParts.class, "requested");

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The largest piece of output, however well it was compressed. */
    private static final int PIECE = 64 * 1024;

    private static final int MIN_PIECE = 512;

    /** Kept parts smaller than this are copied together: a chunk may be a single byte. */
    private static final int SMALL = 1024;

    private static final int BLOCK = 8 * 1024;

    private final Exchange exchange;
    private final ExchangeCarrier connection;
    private final EventLoop loop;
    private final ByteBufAllocator allocator;
    private final Deque<ByteBuf> kept = new ArrayDeque<>(4);
    private @Nullable BodyCoding coding;
    private @Nullable Subscriber<? super ByteBuf> actual;

    private volatile long requested;

    /** The last one of the kept parts, if it is a block with room for more. */
    private @Nullable ByteBuf block;
    /** Whether the decoder may have more output without more input. */
    private boolean pending;

    private boolean attached = true;
    private boolean reading = true;
    private boolean draining;
    private boolean missed;
    private boolean ended;
    private @Nullable Throwable failure;
    private boolean over;

    StreamedParts(Exchange exchange, ExchangeCarrier connection, @Nullable BodyCoding coding) {
        this.exchange = exchange;
        this.connection = connection;
        this.loop = connection.loop();
        this.allocator = connection.allocator();
        this.coding = coding;
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuf> subscriber) {
        actual = subscriber;
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        if (!Operators.validate(n)) {
            return;
        }
        Operators.addCap(REQUESTED, this, n);
        if (loop.inEventLoop()) {
            drain();
            return;
        }
        try {
            loop.execute(this::drain);
        } catch (RejectedExecutionException e) {
            drain(); // the event loop has been shut down, and nothing else runs on it
        }
    }

    /** Ends the body and closes the connection, if it still carries this body. Called on the event loop. */
    @Override
    public void cancel() {
        over = true;
        release();
        connection.abandon(exchange);
    }

    /** Passes a part on, or keeps it for later. The part remains the caller's. */
    void receive(ByteBuf part) {
        if (over || !part.isReadable()) {
            return;
        }
        if (coding == null && kept.isEmpty() && requested > 0 && !draining) {
            draining = true;
            emit(part);
            draining = false;
        } else {
            keep(part);
        }
        drain();
    }

    private void keep(ByteBuf part) {
        int bytes = part.readableBytes();
        if (bytes >= SMALL) {
            block = null;
            kept.add(part.retain());
            return;
        }
        ByteBuf open = block;
        if (open == null || open.writableBytes() < bytes) {
            open = allocator.buffer(BLOCK, BLOCK);
            block = open;
            kept.add(open);
        }
        open.writeBytes(part, part.readerIndex(), bytes);
    }

    /** Ends the body behind the parts that have arrived: complete, or with a failure. */
    void end(@Nullable Throwable why) {
        if (!ended) {
            ended = true;
            failure = why;
            drain();
        }
    }

    /** Returns the connection to its original state. */
    void detach() {
        attached = false;
        if (!reading) {
            reading = true;
            connection.reading(true);
        }
    }

    private void drain() {
        if (draining) {
            missed = true;
            return;
        }
        draining = true;
        do {
            missed = false;
            passOn();
        } while (missed);
        draining = false;
        boolean wanted = requested > 0 || kept.isEmpty();
        if (attached && !ended && !over && wanted != reading) {
            reading = wanted;
            connection.reading(wanted);
        }
    }

    private void passOn() {
        try {
            while (!over && requested > 0) {
                ByteBuf piece = coding == null ? takeKept() : decodeKept(coding);
                if (piece == null) {
                    break;
                }
                try {
                    emit(piece);
                } finally {
                    piece.release();
                }
            }
            if (!over && ended && kept.isEmpty() && !pending) {
                finish();
            }
        } catch (DecompressionException e) {
            over = true;
            release();
            connection.abandon(exchange);
            subscriber().onError(e);
        }
    }

    private Subscriber<? super ByteBuf> subscriber() {
        Subscriber<? super ByteBuf> known = actual;
        if (known == null) {
            throw new IllegalStateException("no subscriber yet");
        }
        return known;
    }

    private void emit(ByteBuf part) {
        if (requested != Long.MAX_VALUE) {
            REQUESTED.decrementAndGet(this);
        }
        subscriber().onNext(part);
    }

    private @Nullable ByteBuf takeKept() {
        ByteBuf next = kept.poll();
        if (kept.isEmpty()) {
            block = null; // it was the last one
        }
        return next;
    }

    /** Returns the next decoded piece, or null if more has to arrive first. */
    private @Nullable ByteBuf decodeKept(BodyCoding decoding) {
        while (pending || !kept.isEmpty()) {
            ByteBuf first = kept.peek();
            ByteBuffer in = first == null ? NOTHING : first.nioBuffer();
            int expected = Math.max(in.remaining() * 3, MIN_PIECE); // most JSON is compressed to less than a third
            ByteBuf piece = allocator.buffer(Math.min(expected, PIECE));
            try {
                ByteBuffer out = piece.internalNioBuffer(0, piece.capacity());
                int before = out.position();
                int available = in.remaining();
                decoding.decode(in, out);
                piece.writerIndex(out.position() - before);
                pending = !out.hasRemaining();
                if (first != null) {
                    first.skipBytes(available - in.remaining());
                    if (!first.isReadable()) {
                        release(takeKept());
                    }
                }
                if (piece.isReadable()) {
                    return piece.retain();
                }
            } finally {
                piece.release();
            }
        }
        return null;
    }

    private void finish() {
        Throwable why = failure;
        BodyCoding decoding = coding;
        if (why == null && decoding != null) {
            try {
                decoding.end();
            } catch (PrematureChannelClosureException e) {
                why = e;
            }
        }
        over = true;
        release();
        if (why == null) {
            subscriber().onComplete();
        } else {
            subscriber().onError(why);
        }
    }

    private void release() {
        for (ByteBuf next = takeKept(); next != null; next = takeKept()) {
            next.release();
        }
        BodyCoding open = coding;
        coding = null;
        if (open != null) {
            open.close();
        }
    }

    private static void release(@Nullable ByteBuf part) {
        if (part != null) {
            part.release();
        }
    }
}
