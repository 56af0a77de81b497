package io.penstock.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of a connection of HTTP/2, for scripts that may send any frame at any time, valid or not. Frames of
 * the client are read by {@link #frame} and {@link #request}, which acknowledge SETTINGS and nothing else.
 */
final class Http2Peer {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    static final int MAX_HEADER_LIST_SIZE = 6;

    static final String OK = "{\"n\": 1}";

    private static final int PREFACE = 24;

    /** What happens on one connection after the prefaces. */
    interface Script {
        void play(Http2Peer peer) throws IOException;
    }

    /** A frame of the client. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int type, int flags, int stream, byte[] payload) {

        boolean is(int expected) {
            return type == expected;
        }

        /** Returns the number at the beginning of the payload: the code of a reset, the increment of a window. */
        int number() {
            return ByteBuffer.wrap(payload).getInt();
        }
    }

    /** A request that has been read whole. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Request(int stream, Http2Headers headers, byte[] body) {

        String path() {
            return String.valueOf(headers.path());
        }
    }

    private static final class Begun {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private @Nullable Http2Headers headers;
    }

    private final RawServer.Peer peer;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final Map<Integer, Begun> begun = new LinkedHashMap<>();

    private Http2Peer(RawServer.Peer peer) {
        this.peer = peer;
    }

    /** A script whose server has sent SETTINGS without limits and read the preface of the client. */
    static RawServer.Script script(Script script) {
        return withSettings(new int[0], script);
    }

    /** The same with these settings, as alternating identifiers and values. */
    static RawServer.Script withSettings(int[] settings, Script script) {
        return peer -> {
            Http2Peer http2 = new Http2Peer(peer);
            http2.settings(settings);
            http2.preface();
            script.play(http2);
        };
    }

    /** The same with its SETTINGS in one piece with something before, such as the answer of a proxy. */
    static RawServer.Script after(byte[] before, Script script) {
        return peer -> {
            Http2Peer http2 = new Http2Peer(peer);
            ByteArrayOutputStream piece = new ByteArrayOutputStream();
            piece.writeBytes(before);
            piece.writeBytes(bytes(SETTINGS, 0, 0, new byte[0]));
            peer.send(piece.toByteArray());
            http2.preface();
            script.play(http2);
        };
    }

    /** Serves every request with a small object, until the client leaves. */
    void serve() throws IOException {
        for (; ; ) {
            answer(request().stream());
        }
    }

    RawServer.Peer raw() {
        return peer;
    }

    private void preface() throws IOException {
        String preface = new String(peer.body(PREFACE), StandardCharsets.US_ASCII);
        if (!preface.startsWith("PRI * HTTP/2.0")) {
            throw new IOException("not HTTP/2: " + preface);
        }
    }

    /** Reads the next frame. */
    Frame frame() throws IOException {
        byte[] head = peer.body(9);
        if (head.length < 9) {
            throw new IOException("no more frames");
        }
        int length = ((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff);
        Frame frame = new Frame(
                head[3], head[4], ByteBuffer.wrap(head, 5, 4).getInt() & Integer.MAX_VALUE, peer.body(length));
        if (frame.is(SETTINGS) && (frame.flags & ACK) == 0) {
            send(SETTINGS, ACK, 0, new byte[0]);
        }
        return frame;
    }

    /** Reads frames up to one of that type. Requests on the way are collected. */
    Frame next(int type) throws IOException {
        for (; ; ) {
            Frame frame = frame();
            collect(frame);
            if (frame.is(type)) {
                return frame;
            }
        }
    }

    /** Reads frames up to the head of a request. */
    int head() throws IOException {
        return next(HEADERS).stream;
    }

    /** Reads the rest of the request with this head, and drops what arrives of other streams. */
    Request rest(Frame head) throws IOException {
        Frame last = head;
        while ((last.flags & END_STREAM) == 0 || last.stream != head.stream || last.is(RST_STREAM)) {
            if (last.is(RST_STREAM) && last.stream == head.stream) {
                throw new IOException("reset inside the request");
            }
            last = frame();
            collect(last);
        }
        Begun whole = begun.remove(head.stream);
        begun.clear();
        if (whole == null || whole.headers == null) {
            throw new IOException("a body without a head");
        }
        return new Request(head.stream, whole.headers, whole.body.toByteArray());
    }

    /** Reads frames up to the end of a request. */
    Request request() throws IOException {
        for (; ; ) {
            Frame frame = frame();
            collect(frame);
            if ((frame.is(HEADERS) || frame.is(DATA)) && (frame.flags & END_STREAM) != 0) {
                Begun whole = begun.remove(frame.stream);
                if (whole == null || whole.headers == null) {
                    throw new IOException("a body without a head");
                }
                return new Request(frame.stream, whole.headers, whole.body.toByteArray());
            }
        }
    }

    private void collect(Frame frame) throws IOException {
        if (frame.is(HEADERS)) {
            peer.countRequest();
            begun.computeIfAbsent(frame.stream, id -> new Begun()).headers = decode(frame);
        } else if (frame.is(DATA)) {
            begun.computeIfAbsent(frame.stream, id -> new Begun()).body.writeBytes(frame.payload);
        }
    }

    private Http2Headers decode(Frame frame) throws IOException {
        try {
            return decoder.decodeHeaders(frame.stream, Unpooled.wrappedBuffer(frame.payload));
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    /** Sends a frame as it is. */
    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        peer.send(bytes(type, flags, stream, payload));
    }

    private static byte[] bytes(int type, int flags, int stream, byte[] payload) {
        byte[] frame = new byte[9 + payload.length];
        frame[0] = (byte) (payload.length >> 16);
        frame[1] = (byte) (payload.length >> 8);
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        ByteBuffer.wrap(frame, 5, 4).putInt(stream);
        System.arraycopy(payload, 0, frame, 9, payload.length);
        return frame;
    }

    void settings(int... values) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(values.length * 3);
        for (int i = 0; i < values.length; i += 2) {
            payload.putShort((short) values[i]).putInt(values[i + 1]);
        }
        send(SETTINGS, 0, 0, payload.array());
    }

    /** Sends a block of headers, as alternating names and values. */
    void headers(int stream, boolean isLast, String... fields) throws IOException {
        send(HEADERS, END_HEADERS | (isLast ? END_STREAM : 0), stream, block(fields));
    }

    byte[] block(String... fields) throws IOException {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, headers, block);
            return ByteBufUtil.getBytes(block);
        } catch (Http2Exception e) {
            throw new IOException(e);
        } finally {
            block.release();
        }
    }

    void data(int stream, boolean isLast, String text) throws IOException {
        data(stream, isLast, text.getBytes(StandardCharsets.UTF_8));
    }

    void data(int stream, boolean isLast, byte[] bytes) throws IOException {
        send(DATA, isLast ? END_STREAM : 0, stream, bytes);
    }

    /** Answers with a small object. */
    void answer(int stream) throws IOException {
        answer(stream, OK);
    }

    /** Answers with an empty object, in one piece: a connection that is closed meanwhile loses all of it or nothing. */
    void answerAtOnce(int stream) throws IOException {
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        piece.writeBytes(
                bytes(HEADERS, END_HEADERS, stream, block(":status", "200", "content-type", "application/json")));
        piece.writeBytes(bytes(DATA, END_STREAM, stream, "{}".getBytes(StandardCharsets.US_ASCII)));
        peer.send(piece.toByteArray());
    }

    void answer(int stream, String json) throws IOException {
        headers(stream, false, ":status", "200", "content-type", "application/json");
        data(stream, true, json);
    }

    void reset(int stream, Http2Error code) throws IOException {
        reset(stream, (int) code.code());
    }

    void reset(int stream, int code) throws IOException {
        send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
    }

    void goAway(int lastStream, Http2Error code) throws IOException {
        send(
                GOAWAY,
                0,
                0,
                ByteBuffer.allocate(8)
                        .putInt(lastStream)
                        .putInt((int) code.code())
                        .array());
    }

    void window(int stream, int bytes) throws IOException {
        send(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /** Sends the answer to a PING. */
    void pong(Frame ping) throws IOException {
        send(PING, ACK, 0, Arrays.copyOf(ping.payload, 8));
    }
}
