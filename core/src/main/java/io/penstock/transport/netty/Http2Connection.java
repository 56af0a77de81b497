package io.penstock.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.penstock.transport.ConnectionOptions.Http;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/2, and the last handler on it. It passes frames on to the streams that it carries, one for each
 * exchange.
 *
 * <pre>
 *  opening --SETTINGS--> shared --GOAWAY, end of its life--> draining --last stream--> closed
 *                          |                                    |
 *                          +-- failure, no answer to PING ------+--> closed
 * </pre>
 *
 * It is not used before the SETTINGS of the server have arrived: a peer that does not speak HTTP/2 receives no request,
 * and the number of streams never exceeds what the server allows.
 *
 * <p>A GOAWAY names the last stream that the server may have processed (RFC 9113 §6.8). Later ones end as not processed,
 * the others go on. A PING is sent if streams wait and nothing has arrived for a while; a connection that does not
 * answer is closed.
 *
 * <p>All fields are accessed on the event loop, except those guarded by the pool.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for a close, a frame of control or a timer
final class Http2Connection extends Http2ChannelDuplexHandler {

    /** How much of one body the server may send before it is read. */
    private static final int STREAM_WINDOW = 256 * 1024;

    /** The window of a connection by default (RFC 9113 §6.9.2). */
    private static final int FIRST_WINDOW = 65_535;

    /** The largest window (RFC 9113 §6.9.1). */
    private static final int LARGEST_WINDOW = Integer.MAX_VALUE;

    /** After so many streams a connection is replaced, long before the identifiers are used up (RFC 9113 §5.1.1). */
    private static final int MOST_STREAMS = 1 << 29;

    private static final int FLUSHES_TOGETHER = 256;

    /** Whether the pool counts this connection. Guarded by the pool. */
    boolean counted;
    /** How many streams the pool has given away. Guarded by the pool. */
    int taken;
    /** How many streams there may be. Guarded by the pool. */
    int limit;
    /** Until when the connection may be used while it has no stream. Guarded by the pool. */
    long idleUntil;
    /** When the connection is too old for another stream. Guarded by the pool. */
    long endsAt;
    /** Whether it gets no more streams, and is closed after the last one. Guarded by the pool. */
    boolean draining;

    private final ConnectionPool pool;
    private final Channel channel;
    private final EventLoop loop;
    private final Http options;
    private final Http2FrameCodec codec;
    private final Consumer<@Nullable Throwable> opened;
    private final IdentityHashMap<Http2FrameStream, Http2Stream> streams = new IdentityHashMap<>();
    /** The streams that have ended here, but not for the codec. */
    private final Set<Integer> leftOpen = new HashSet<>();

    private @Nullable ChannelHandlerContext context;

    private boolean ready;
    private boolean closing;
    private boolean leaving;
    private int begun;
    private long heardAt = System.nanoTime();
    private boolean pinged;

    /**
     * Creates a connection on a channel.
     *
     * @param opened accepts null when the server has sent its SETTINGS, or the failure to get there; once, on the event
     *     loop
     */
    private Http2Connection(
            ConnectionPool pool,
            Channel channel,
            Http options,
            Http2FrameCodec codec,
            Consumer<@Nullable Throwable> opened) {
        this.pool = pool;
        this.codec = codec;
        this.channel = channel;
        this.loop = channel.eventLoop();
        this.options = options;
        this.opened = opened;
    }

    /** Installs the handlers of HTTP/2 on a channel. The preface is sent as soon as the channel is active. */
    static Http2Connection install(
            ConnectionPool pool, Channel channel, Http options, Consumer<@Nullable Throwable> opened) {
        Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .initialWindowSize(STREAM_WINDOW)
                        .maxHeaderListSize(options.maxResponseHeaderBytes()))
                .validateHeaders(true)
                .gracefulShutdownTimeoutMillis(0)
                .build();
        Http2Connection made = new Http2Connection(pool, channel, options, codec, opened);
        codec.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(io.netty.handler.codec.http2.Http2Stream stream) {
                made.streamClosed(stream.id());
            }
        });
        channel.pipeline().addLast(new FlushConsolidationHandler(FLUSHES_TOGETHER, true), codec, made);
        return made;
    }

    EventLoop loop() {
        return loop;
    }

    Channel channel() {
        return channel;
    }

    /** Returns the end of the channel. */
    ChannelFuture end() {
        return channel.closeFuture();
    }

    /** Returns whether an exchange may get a stream. Called under the lock of the pool. */
    boolean isUsable(long now) {
        return !draining && taken < limit && now - endsAt < 0 && (taken > 0 || now - idleUntil < 0);
    }

    boolean isReused() {
        return begun > 1;
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext known = context;
        if (known == null) {
            throw new IllegalStateException("the connection is not open yet");
        }
        return known;
    }

    /** Returns whether another stream can be opened. */
    boolean isOpen() {
        return !closing && !leaving && channel.isActive();
    }

    /** Gives an exchange a stream that the pool has taken for it. Returns false if it has not been used. */
    boolean begin(Exchange exchange) {
        begun++;
        boolean used = exchange.begin(new Http2Stream(this, exchange, newStream()));
        if (begun >= MOST_STREAMS) {
            drain();
        }
        return used;
    }

    void opens(Http2FrameStream id, Http2Stream stream) {
        streams.put(id, stream);
    }

    /**
     * Ends a stream. The pool may give its place away as soon as the stream is closed for the codec too, which counts it
     * until then: an answer that is being read, and a reset that is being written, still occupy it.
     */
    void ended(Http2FrameStream id) {
        if (streams.remove(id) == null) {
            return;
        }
        if (Http2CodecUtil.isStreamIdValid(id.id()) && codec.connection().stream(id.id()) != null) {
            leftOpen.add(id.id());
        } else {
            pool.streamEnded(this);
        }
    }

    private void streamClosed(int id) {
        if (leftOpen.remove(id)) {
            pool.streamEnded(this);
        }
    }

    ChannelFuture write(Object frame) {
        return context().write(frame);
    }

    void flush() {
        context().flush();
    }

    /** Tells the peer that a stream is not wanted any more, unless both sides have ended it. */
    void reset(Http2FrameStream id, Http2Error why) {
        switch (id.state()) {
            case OPEN, HALF_CLOSED_LOCAL, HALF_CLOSED_REMOTE ->
                context().writeAndFlush(new DefaultHttp2ResetFrame(why).stream(id));
            default -> {
                // nothing is left to end
            }
        }
    }

    /** Allows the peer to send as many bytes again. */
    void consumed(Http2FrameStream id, int bytes) {
        if (bytes > 0 && channel.isActive()) {
            context().writeAndFlush(new DefaultHttp2WindowUpdateFrame(bytes).stream(id));
        }
    }

    @Override
    protected void handlerAdded0(ChannelHandlerContext ctx) {
        context = ctx;
        if (ctx.channel().isActive()) {
            begin(ctx);
        }
    }

    /** Reads from the beginning: Reactor Netty creates channels that do not. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx);
        ctx.fireChannelActive();
    }

    private void begin(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(true);
        long window = Math.min((long) STREAM_WINDOW * options.maxStreams(), LARGEST_WINDOW);
        if (window > FIRST_WINDOW) {
            ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame((int) window - FIRST_WINDOW));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        heardAt = System.nanoTime();
        pinged = false;
        try {
            if (msg instanceof Http2StreamFrame frame) {
                receive(frame);
            } else if (msg instanceof Http2SettingsFrame frame) {
                receiveSettings(frame.settings());
            } else if (msg instanceof Http2GoAwayFrame frame) {
                receiveGoAway(frame);
            }
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    private void receive(Http2StreamFrame frame) {
        Http2FrameStream id = frame.stream();
        Http2Stream stream = id == null ? null : streams.get(id);
        if (stream == null) {
            return; // it has been left; the codec returns what it occupies of the windows
        }
        if (frame instanceof Http2HeadersFrame headers) {
            stream.receiveHeaders(headers.headers(), headers.isEndStream());
        } else if (frame instanceof Http2DataFrame data) {
            stream.receiveData(data.content(), data.initialFlowControlledBytes(), data.isEndStream());
        } else if (frame instanceof Http2ResetFrame reset) {
            stream.failed(Http2Failure.reset(reset.errorCode()));
        }
    }

    private void receiveSettings(Http2Settings settings) {
        Long most = settings.maxConcurrentStreams();
        if (most != null || !ready) {
            pool.streamsAllowed(this, (int) Math.min(options.maxStreams(), most == null ? Long.MAX_VALUE : most));
        }
        if (!ready) {
            ready = true;
            watchLater();
            opened.accept(null);
        }
    }

    private void receiveGoAway(Http2GoAwayFrame frame) {
        int last = frame.lastStreamId();
        Http2Failure failure = Http2Failure.goneAway(frame.errorCode());
        drain(); // first, so that no other exchange gets a stream here
        for (Http2Stream stream : List.copyOf(streams.values())) {
            if (stream.number() > last) {
                stream.failed(failure);
            }
        }
        if (!ready) {
            notOpened(failure);
        }
    }

    private void drain() {
        if (!leaving) {
            leaving = true;
            pool.drains(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2FrameStreamException ofStream) {
            Http2Stream stream = streams.get(ofStream.stream());
            if (stream != null) {
                stream.broken(ofStream.error(), ofStream.getCause() == null ? cause : ofStream.getCause());
            } else {
                reset(ofStream.stream(), ofStream.error());
            }
            return;
        }
        if (cause instanceof Error && streams.isEmpty()) {
            ctx.fireExceptionCaught(cause); // deserves a warning
        }
        failed(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        failed(new PrematureChannelClosureException("connection closed before the end"));
    }

    /** Ends everything on this connection with a failure. */
    private void failed(Throwable cause) {
        close(); // first, so that other attempts find room in the pool
        for (Http2Stream stream : new ArrayList<>(streams.values())) {
            stream.failed(cause);
        }
        notOpened(cause);
    }

    private void notOpened(Throwable cause) {
        if (!ready) {
            ready = true;
            close();
            opened.accept(cause);
        }
    }

    /** Fails the opening of the connection, if the server has not sent its SETTINGS yet. */
    void tooLate(Throwable cause) {
        notOpened(cause);
    }

    /** Handles the peer's close_notify: nothing more can be read. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
        if (evt instanceof SslCloseCompletionEvent event
                && event.isSuccess()
                && ctx.channel().isActive()) {
            ctx.close();
        }
        ReferenceCountUtil.release(evt);
    }

    private void watchLater() {
        try {
            loop.schedule(this::watch, options.pingAfter().toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // the event loop has been shut down, and the connection with it
        }
    }

    /** Sends a PING if streams wait in silence, and closes the connection if the last one was not answered. */
    private void watch() {
        if (closing || !channel.isActive()) {
            return;
        }
        if (!streams.isEmpty()
                && System.nanoTime() - heardAt >= options.pingAfter().toNanos() / 2) {
            if (pinged) {
                failed(Http2Failure.silent(options.pingAfter().toMillis()));
                return;
            }
            pinged = true;
            context().writeAndFlush(new DefaultHttp2PingFrame(0));
        }
        watchLater();
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
        return channel.close();
    }
}
