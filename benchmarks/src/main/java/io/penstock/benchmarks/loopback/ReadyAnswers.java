package io.penstock.benchmarks.loopback;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/** Answers each request when it has all of it. */
@SuppressWarnings("FutureReturnValueIgnored") // who waits for the answer sees what becomes of it
final class ReadyAnswers extends ChannelInboundHandlerAdapter {

    private static final ByteBuf ITEM = answer("200 OK", Answers.item());
    private static final ByteBuf LISTING = answer("200 OK", Answers.listing());
    private static final ByteBuf UNKNOWN = answer("404 Not Found", "{\"message\":\"not found\"}");

    private ByteBuf answer = UNKNOWN;

    /** Never released: every write takes a view of its own. */
    private static ByteBuf answer(String status, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        ByteBuf bytes = UnpooledByteBufAllocator.DEFAULT.directBuffer();
        ByteBufUtil.writeAscii(
                bytes,
                "HTTP/1.1 " + status + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length
                        + "\r\n\r\n");
        return Unpooled.unreleasableBuffer(bytes.writeBytes(body).asReadOnly());
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
        boolean item = request.uri().equals(Scenario.GET_SMALL.path())
                || request.method().equals(HttpMethod.POST);
        return item ? ITEM : request.uri().equals(Scenario.GET_COLLECTION.path()) ? LISTING : UNKNOWN;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    /** A client that closes its connection is no news. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
