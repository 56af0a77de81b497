package io.penstock.benchmarks.loopback;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** A handler that responds to each HTTP/1.1 request once it has received all of it. */
@SuppressWarnings("FutureReturnValueIgnored") // the client notices a failed write
final class ReadyAnswers extends ChannelInboundHandlerAdapter {

    /** The small object alone. It is never released, like the other buffers: every write takes a duplicate. */
    static final ByteBuf ITEM_JSON = ready(utf8(Answers.item()));

    private static final ByteBuf ITEM = answer("200 OK", "", utf8(Answers.item()));
    private static final ByteBuf LISTING = answer("200 OK", "", utf8(Answers.listing()));
    private static final ByteBuf ITEM_GZIP = zipped(Answers.item());
    private static final ByteBuf LISTING_GZIP = zipped(Answers.listing());
    private static final ByteBuf UNKNOWN = answer("404 Not Found", "", utf8("{\"message\":\"not found\"}"));

    private ByteBuf answer = UNKNOWN;

    static void install(ChannelPipeline pipeline) {
        pipeline.addLast(new HttpRequestDecoder(), new ReadyAnswers());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuf zipped(String json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(utf8(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer("200 OK", "content-encoding: gzip\r\n", bytes.toByteArray());
    }

    private static ByteBuf answer(String status, String header, byte[] body) {
        return ready(
                utf8("HTTP/1.1 " + status + "\r\ncontent-type: application/json\r\n" + header + "content-length: "
                        + body.length + "\r\n\r\n"),
                body);
    }

    private static ByteBuf ready(byte[]... parts) {
        ByteBuf bytes = UnpooledByteBufAllocator.DEFAULT.directBuffer();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return Unpooled.unreleasableBuffer(bytes.asReadOnly());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            answer = answerTo(request);
        }
        if (message instanceof LastHttpContent) {
            context.write(answer.duplicate(), context.voidPromise());
        }
        ReferenceCountUtil.release(message);
    }

    private static ByteBuf answerTo(HttpRequest request) {
        if (request.method().equals(HttpMethod.POST)) {
            return ITEM;
        }
        return switch (request.uri()) {
            case Scenario.ITEM_PATH -> ITEM;
            case Scenario.ITEMS_PATH -> LISTING;
            case Scenario.ITEM_GZIP_PATH -> ITEM_GZIP;
            case Scenario.ITEMS_GZIP_PATH -> LISTING_GZIP;
            default -> UNKNOWN;
        };
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    /** Closes the connection: a client may disconnect at any time. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
