package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.CharsetUtil;
import io.netty.util.ReferenceCountUtil;
import io.penstock.http.Method;
import io.penstock.upload.RequestBody;
import java.nio.CharBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection, and the last handler on it: it carries one exchange at a time and keeps request and answer in step.
 *
 * <pre>
 *  idle --send--> awaiting --last content--> ended --read complete--> idle or closed
 *                    |                         |
 *                    +-- failure, cancel ------+--> closed
 * </pre>
 *
 * An answer is over only when everything that was read together with it has been decoded. Then either nothing is left,
 * and the connection goes back to its pool before the exchange ends; or it is out of step, and is closed. Bytes that
 * arrive while no answer is awaited close it as well.
 *
 * <p>Informational responses are dropped (RFC 9110 §15.2 allows a client to). An answer that comes before its request
 * has been written is a valid one, but costs the connection. A failed write ends nothing: the server may have answered
 * before it hung up, so what is left to read decides, and the timeouts of the attempt bound the wait.
 *
 * <p>All fields are accessed on the event loop, except those guarded by the pool.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for a close
final class Http1Connection extends ChannelInboundHandlerAdapter implements ExchangeCarrier {

    private static final ByteBuf LINE_END =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(2).writeBytes(new byte[] {'\r', '\n'}));
    private static final ByteBuf LAST_CHUNK =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(5).writeBytes(new byte[] {'0', '\r', '\n', '\r', '\n'}));

    /** Whether the pool counts this connection. Guarded by the pool. */
    boolean counted = true;
    /** Until when the connection may be taken from the stack. Guarded by the pool. */
    long idleUntil;
    /** When the connection is too old to be used again. Guarded by the pool. */
    long endsAt;

    private final ConnectionPool pool;
    private final EventLoop loop;
    private Http1Decoder decoder;
    private final ChannelFutureListener written = this::written;
    private @Nullable Channel channel;

    private boolean established;
    private boolean closing;
    private boolean used;
    private @Nullable Exchange exchange;
    private @Nullable Answer answer;
    private @Nullable ByteBuf encoded;
    private boolean head;
    private boolean requestDone;
    private @Nullable Throwable writeFailure;
    private boolean informational;
    private boolean reusable;
    private boolean endsWithConnection;
    private boolean truncated;
    private long keepNanos;
    private boolean ended;

    Http1Connection(ConnectionPool pool, EventLoop loop) {
        this.pool = pool;
        this.loop = loop;
        this.decoder = newDecoder(pool);
    }

    private Http1Decoder newDecoder(ConnectionPool of) {
        return new Http1Decoder(this, of.maxHeaderBytes());
    }

    ConnectionPool pool() {
        return pool;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    /** Installs the handlers of HTTP/1.1 on a new channel. */
    @SuppressWarnings("deprecation") // there is no other way to keep a connection open after a failed write
    void install(Channel made) {
        channel = made;
        decoder = newDecoder(pool);
        made.config().setAutoClose(false);
        made.pipeline().addLast(decoder, this);
    }

    /** Sets the channel that may get the handlers, or those of HTTP/2 in their place. */
    void opensOn(Channel made) {
        channel = made;
    }

    /** Returns true: another channel takes the place of one whose address cannot be reached. */
    @Override
    public boolean isSharable() {
        return true;
    }

    /** Records that the connection, and its TLS handshake if it has one, succeeded. */
    void established() {
        established = true;
    }

    /** Returns the channel. There is one before any exchange. */
    Channel channel() {
        Channel known = channel;
        if (known == null) {
            throw new IllegalStateException("the connection is not open yet");
        }
        return known;
    }

    /** Returns the end of the channel, or null if there has been none. */
    @Nullable
    ChannelFuture end() {
        Channel known = channel;
        return known == null ? null : known.closeFuture();
    }

    boolean isOpen() {
        return !closing && channel().isActive();
    }

    /** Returns whether an idle connection may be used. Called under the lock of the pool. */
    boolean isUsable(long now) {
        return now - idleUntil < 0 && now - endsAt < 0;
    }

    @Override
    public ByteBufAllocator allocator() {
        return channel().alloc();
    }

    @Override
    public boolean isReused() {
        return used;
    }

    /** Returns how long the connection may stay idle after an exchange has not used it: not at all if it is new. */
    long unusedNanos() {
        return used ? keepNanos : KeepAlive.NONE;
    }

    /** Returns whether what arrives now belongs to an answer. */
    boolean isAwaiting() {
        return exchange != null && !ended;
    }

    @Override
    public boolean isHead() {
        return head;
    }

    @Override
    public void encode(RequestHead request, List<String> added, @Nullable String query) {
        encoded = request.write(channel().alloc(), added, query);
    }

    @Override
    public void discard() {
        takeEncoded().release();
    }

    private ByteBuf takeEncoded() {
        ByteBuf taken = Objects.requireNonNull(encoded);
        encoded = null;
        return taken;
    }

    @Override
    public void send(Exchange sender, Method method, @Nullable RequestBody body) {
        ByteBuf request = takeEncoded();
        exchange = sender;
        answer = null;
        used = true;
        head = method == Method.HEAD;
        requestDone = false;
        informational = false;
        reusable = false;
        ended = false;
        Channel out = channel();
        if (!(body instanceof RequestBody.Bytes bytes)) {
            ChannelFuture future = out.writeAndFlush(request);
            if (body == null) {
                future.addListener(written);
            }
        } else if (RequestHead.isInHead(bytes)) {
            out.writeAndFlush(request).addListener(written);
        } else {
            out.write(request);
            out.writeAndFlush(bytes.toByteBuf()).addListener(written);
        }
    }

    private void written(ChannelFuture future) {
        if (future.isSuccess()) {
            requestDone = true;
        } else {
            writeFailure = future.cause();
        }
    }

    /** Writes a part of a body, in a chunk if its length is not known (RFC 9112 §7.1). */
    @Override
    public ChannelFuture writePart(ByteBuf part, boolean isLengthKnown) {
        Channel out = channel();
        if (isLengthKnown) {
            return out.write(part);
        }
        String size = Integer.toHexString(part.readableBytes()) + "\r\n";
        out.write(ByteBufUtil.encodeString(out.alloc(), CharBuffer.wrap(size), CharsetUtil.US_ASCII));
        ChannelFuture future = out.write(part);
        out.write(LINE_END.duplicate());
        return future;
    }

    @Override
    public @Nullable ChannelFuture writeEnd(boolean isLengthKnown) {
        return isLengthKnown ? null : channel().write(LAST_CHUNK.duplicate());
    }

    @Override
    public void flush() {
        channel().flush();
    }

    @Override
    public void reading(boolean wanted) {
        channel().config().setAutoRead(wanted);
    }

    @Override
    public void requestDone(Exchange by) {
        requestDone |= exchange == by;
    }

    /** Records a failed write. The end of the connection will report it, unless an answer comes first. */
    @Override
    public void writeFailed(Exchange by, @Nullable Throwable cause) {
        if (exchange == by) {
            writeFailure = cause;
        }
    }

    /** Reads from the beginning, the TLS handshake too: Reactor Netty creates channels that do not. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(true);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        try {
            Exchange current = exchange;
            if (current == null || ended || !(msg instanceof HttpObject part)) {
                return;
            }
            if (part.decoderResult().isFailure()) {
                failed(part.decoderResult().cause());
                return;
            }
            if (part instanceof HttpResponse response) {
                receiveHead(current, response);
            }
            if (part instanceof HttpContent content) {
                receiveContent(content);
            }
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    private void receiveHead(Exchange current, HttpResponse response) {
        if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            informational = true;
            if (response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
                failed(new DecoderException("101 without an upgrade that was asked for"));
            }
            return;
        }
        boolean framed = decoder.isFramed(response);
        endsWithConnection = !framed;
        keepNanos = KeepAlive.idleNanos(response.headers());
        reusable = framed && KeepAlive.isPersistent(response) && keepNanos != KeepAlive.NONE;
        Answer begun = current.answered(response.status().code());
        answer = begun;
        begun.receiveHead(this, response, framed);
    }

    private void receiveContent(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (informational) {
            informational = !last;
            return;
        }
        Answer reading = answer;
        if (exchange == null || reading == null) {
            return; // the head has ended it
        }
        if (last && endsWithConnection && truncated) {
            failed(new PrematureChannelClosureException("TLS ended without close_notify"));
            return;
        }
        reading.receive(this, content.content());
        if (last && exchange != null) {
            ended = true;
            reusable &= decoder.leftover() == 0;
        }
    }

    /** Handles bytes that arrive while no answer is awaited: they belong to none (RFC 9112 §9.2). */
    void unrequested() {
        reusable = false;
        if (!ended) {
            close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (ended) {
            complete();
        }
    }

    /** Lets go of an exchange whose answer is over. */
    private void complete() {
        Exchange current = exchange;
        Answer complete = answer;
        exchange = null;
        answer = null;
        ended = false;
        boolean kept = reusable && requestDone && isOpen();
        if (current != null) {
            current.detach();
        }
        if (kept) {
            pool.release(this, keepNanos);
        } else {
            close();
        }
        if (complete != null) {
            complete.completed(loop);
        }
    }

    @Override
    public void failed(Exchange by, Throwable cause) {
        if (exchange == by) {
            failed(cause);
        }
    }

    /** Ends the exchange under way with a failure. */
    private void failed(Throwable cause) {
        Exchange current = exchange;
        exchange = null;
        ended = false;
        close(); // first, so that another attempt finds room in the pool
        if (current != null) {
            current.failed(cause);
        }
    }

    /** Closes the connection if it still carries this exchange. */
    @Override
    public void abandon(Exchange by) {
        if (exchange == by) {
            exchange = null;
            ended = false;
            close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Error && exchange == null) {
            ctx.fireExceptionCaught(cause); // deserves a warning
        }
        if (established) {
            failed(cause);
        } // else: a failed handshake closes the connection once it has sent its alert
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!established) {
            return; // the opening of the connection fails
        }
        if (ended) {
            complete();
        } else {
            Throwable cause = writeFailure;
            failed(cause == null ? new PrematureChannelClosureException("connection closed before the end") : cause);
        }
    }

    /**
     * Handles the end of TLS. With the peer's close_notify nothing more can be read. Without it, a body that ends with the
     * connection may have been cut off (RFC 9112 §9.8).
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
        if (evt instanceof SslCloseCompletionEvent event) {
            truncated = !event.isSuccess();
            if (!truncated && ctx.channel().isActive()) {
                ctx.close();
            }
        }
        ReferenceCountUtil.release(evt);
    }

    /** Closes the connection and leaves the pool. */
    void close() {
        if (!closing) {
            closing = true;
            pool.closed(this);
            closeChannel();
        }
    }

    /** Closes the channel alone, on any thread. */
    ChannelFuture closeChannel() {
        return channel().close();
    }
}
