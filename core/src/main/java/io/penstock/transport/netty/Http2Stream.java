package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream.State;
import io.penstock.error.ApiException;
import io.penstock.http.Method;
import io.penstock.upload.RequestBody;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stream of HTTP/2, for one exchange. Whatever ends the exchange early resets the stream and leaves the connection to
 * the others.
 *
 * <p>What arrives is reported to the peer as read at once, or only when the reader of a streamed body wants more: then at
 * most the window of the stream is held. An upload gets on as the peer opens its windows, because the future of a part
 * ends only when the part has left.
 *
 * <p>An answer is over with its END_STREAM. A request that has not been written by then is reset (RFC 9113 §8.1).
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write is told by what ends the stream
final class Http2Stream implements ExchangeCarrier {

    private final Http2Connection connection;
    private final Exchange exchange;
    private final Http2FrameStream id;
    private @Nullable Http2Headers encoded;
    private @Nullable Answer answer;

    private boolean head;
    private boolean over;
    private boolean reading = true;
    /** The bytes that have arrived and not been reported as read. */
    private int withheld;

    Http2Stream(Http2Connection connection, Exchange exchange, Http2FrameStream id) {
        this.connection = connection;
        this.exchange = exchange;
        this.id = id;
    }

    /** Returns the identifier of the stream; the largest number while it has none. */
    int number() {
        return Http2CodecUtil.isStreamIdValid(id.id()) ? id.id() : Integer.MAX_VALUE;
    }

    @Override
    public EventLoop loop() {
        return connection.loop();
    }

    @Override
    public ByteBufAllocator allocator() {
        return connection.channel().alloc();
    }

    @Override
    public boolean isReused() {
        return connection.isReused();
    }

    @Override
    public boolean isHead() {
        return head;
    }

    @Override
    public void encode(RequestHead request, List<String> added, @Nullable String query) {
        encoded = request.http2(added, query);
    }

    @Override
    public void discard() {
        encoded = null;
    }

    @Override
    public void send(Exchange sender, Method method, @Nullable RequestBody body) {
        Http2Headers headers = Objects.requireNonNull(encoded);
        encoded = null;
        head = method == Method.HEAD;
        connection.opens(id, this);
        RequestBody.Bytes bytes = body instanceof RequestBody.Bytes whole && whole.length() > 0 ? whole : null;
        boolean isWhole = body == null || (body instanceof RequestBody.Bytes && bytes == null);
        connection
                .write(new DefaultHttp2HeadersFrame(headers, isWhole).stream(id))
                .addListener(future -> {
                    if (!future.isSuccess() && !over && !(future.cause() instanceof IOException)) {
                        connection.reset(id, Http2Error.CANCEL); // only for the codec: it writes nothing
                        failed(notWritten(future.cause())); // else: the connection is lost, and its end will report it
                    }
                });
        if (bytes != null && !over) {
            connection.write(new DefaultHttp2DataFrame(bytes.toByteBuf(), true).stream(id));
        }
        connection.flush();
    }

    /** Returns the failure of a head that could not be encoded, and so has not been written. */
    private static Throwable notWritten(@Nullable Throwable cause) {
        return cause instanceof Http2Exception.HeaderListSizeException
                ? ApiException.invalidRequest(
                        "headers: larger than the server accepts (expected: at most its SETTINGS_MAX_HEADER_LIST_SIZE)")
                : Http2Failure.notWritten();
    }

    @Override
    public ChannelFuture writePart(ByteBuf part, boolean isLengthKnown) {
        return connection.write(new DefaultHttp2DataFrame(part, false).stream(id));
    }

    @Override
    public ChannelFuture writeEnd(boolean isLengthKnown) {
        return connection.write(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true).stream(id));
    }

    @Override
    public void flush() {
        connection.flush();
    }

    @Override
    public void requestDone(Exchange by) {
        // the state of the stream tells
    }

    /** Leaves a failed write to the RST_STREAM or the end of the connection that was its reason. */
    @Override
    public void writeFailed(Exchange by, @Nullable Throwable cause) {
        // see above
    }

    /** Reads the headers of an informational or final response, or trailers. */
    void receiveHeaders(Http2Headers headers, boolean isLast) {
        Answer begun = answer;
        if (begun != null) {
            if (isLast) {
                complete(begun); // trailers
            } else {
                broken(Http2Error.PROTOCOL_ERROR, new DecoderException("a second head"));
            }
            return;
        }
        HttpResponseStatus status = status(headers);
        boolean informational = status != null && status.codeClass() == HttpStatusClass.INFORMATIONAL;
        if (status == null || (informational && (isLast || status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)))) {
            broken(Http2Error.PROTOCOL_ERROR, new DecoderException("a head without a valid status"));
            return;
        }
        if (informational) {
            return; // RFC 9110 §15.2 allows a client to ignore it
        }
        begun = exchange.answered(status.code());
        answer = begun;
        begun.receiveHead(this, new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, fields(headers)), true);
        if (isLast && !over) {
            complete(begun);
        }
    }

    private static @Nullable HttpResponseStatus status(Http2Headers headers) {
        CharSequence text = headers.status();
        if (text == null || text.length() != 3) {
            return null;
        }
        int code = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            code = code * 10 + digit;
        }
        return code < 100 ? null : HttpResponseStatus.valueOf(code);
    }

    private static HttpHeaders fields(Http2Headers headers) {
        HttpHeaders fields =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            CharSequence name = field.getKey();
            if (name.length() > 0 && name.charAt(0) != ':') {
                fields.add(name.toString(), field.getValue().toString());
            }
        }
        return fields;
    }

    /**
     * Reads a part of the body, which remains the caller's.
     *
     * @param occupied the bytes of the windows that it occupies, padding included
     */
    void receiveData(ByteBuf content, int occupied, boolean isLast) {
        Answer begun = answer;
        if (begun == null) {
            broken(Http2Error.PROTOCOL_ERROR, new DecoderException("a body without a head"));
            return;
        }
        withheld += occupied;
        begun.receive(this, content);
        if (over) {
            return; // the codec returns what the stream occupied
        }
        if (isLast) {
            complete(begun);
        } else if (reading) {
            release();
        }
    }

    private void release() {
        int bytes = withheld;
        withheld = 0;
        connection.consumed(id, bytes);
    }

    @Override
    public void reading(boolean wanted) {
        reading = wanted;
        if (wanted && !over) {
            release();
        }
    }

    private void complete(Answer complete) {
        over = true;
        exchange.detach();
        if (id.state() == State.OPEN) {
            connection.reset(id, Http2Error.CANCEL); // the request is not whole, and not wanted any more
        }
        connection.ended(id);
        complete.completed(loop());
    }

    /** Ends the exchange with a failure that the peer must be told. */
    void broken(Http2Error why, Throwable cause) {
        if (!over) {
            connection.reset(id, why);
            failed(cause);
        }
    }

    /** Ends the exchange with the failure of its stream or connection. */
    void failed(Throwable cause) {
        if (!over) {
            over = true;
            connection.ended(id);
            exchange.failed(cause);
        }
    }

    @Override
    public void failed(Exchange by, Throwable cause) {
        if (!over) {
            connection.reset(id, Http2Error.CANCEL); // so that the server sees that the request is not whole
            failed(cause);
        }
    }

    @Override
    public void abandon(Exchange by) {
        if (!over) {
            over = true;
            connection.reset(id, Http2Error.CANCEL);
            connection.ended(id);
        }
    }
}
